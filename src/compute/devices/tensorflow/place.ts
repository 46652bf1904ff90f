import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** What the set-up writes last: a folder without it is not a finished build. */
export const BUILT = 'built.json';

/** TensorFlow for Node.js, as the set-up built it. */
export interface TensorFlowBuild {
  /** Folder of the npm package. */
  readonly package: string;
  readonly name: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';
  /** Version of TensorFlow's own library. */
  readonly tensorflow: string;
}

/** Where the set-up builds to unless told otherwise: the user's cache folder, never the project. */
export function defaultFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const cache =
    environment.XDG_CACHE_HOME ??
    (process.platform === 'win32' ? environment.LOCALAPPDATA : undefined) ??
    path.join(homedir(), '.cache');
  return path.join(cache, 'emdpo', 'tensorflow');
}

/**
 * Finds a finished build: in the folder that EMDPO_TENSORFLOW names (the editor sets it to its own storage), or in the
 * cache folder.
 */
export function findTensorFlow(environment: NodeJS.ProcessEnv = process.env): TensorFlowBuild | undefined {
  const folders = [environment.EMDPO_TENSORFLOW, defaultFolder(environment)];
  return folders
    .filter((folder): folder is string => folder !== undefined && folder !== '')
    .map(readBuild)
    .find((build) => build !== undefined);
}

/** @returns undefined where the set-up has not finished in this folder */
export function readBuild(folder: string): TensorFlowBuild | undefined {
  const file = path.join(folder, BUILT);
  if (!existsSync(file)) return undefined;
  try {
    const { name, tensorflow } = JSON.parse(readFileSync(file, 'utf8')) as Omit<TensorFlowBuild, 'package'>;
    return { package: path.join(folder, 'node_modules', name), name, tensorflow };
  } catch {
    return undefined; // not written by the set-up
  }
}
