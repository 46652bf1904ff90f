import { stat } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import type { RunResult } from '../../protocol/result';
import type { RunManifest } from '../../protocol/run';
import { listRuns } from '../../run/directory';
import { hashFile } from '../../run/hash';
import { readManifest } from '../../run/manifest';
import { readNamedResult } from '../../run/named-result';
import { runFile } from '../../run/run-files';
import { sentence } from '../boundary';
import { projectFolderOf } from './run-folders';
import type { RunList } from './run-list';

/** What the newest run on a dataset has found. */
export interface LatestResult {
  readonly directory: string;
  readonly manifest: RunManifest;
  readonly result: RunResult;
  /** Whether the dataset on disk is still what the run read. */
  readonly current: boolean;
}

export interface LatestResults {
  /**
   * The newest run with a result on a dataset.
   *
   * @param experiment only runs of this name
   */
  on(dataset: vscode.Uri, experiment?: string): Promise<LatestResult | undefined>;
  /** A run came, went or got further. */
  readonly onDidChange: vscode.Event<void>;
}

/** Reads run directories when somebody asks, newest first; what was read is kept while its file is untouched. */
export function createLatestResults(list: RunList, log: vscode.LogOutputChannel): LatestResults {
  const manifests = kept((directory) => runFile(directory, 'manifest'), readManifest);
  const results = kept((directory) => runFile(directory, 'result'), readNamedResult, [
    (directory) => path.join(directory, 'names.json'),
  ]);
  const hashes = kept(
    (file) => file,
    async (file) => (await hashFile(file)).sha256,
  );

  const find = async (dataset: vscode.Uri, experiment?: string): Promise<LatestResult | undefined> => {
    const file = dataset.fsPath;
    const elsewhere = list.all.filter((run) => run.dataset !== undefined).map(({ directory }) => directory);
    const directories = new Set([...(await listRuns(projectFolderOf(dataset))), ...elsewhere]);
    let found: Omit<LatestResult, 'current'> | undefined;
    for (const directory of directories) {
      const manifest = await orLog(manifests(directory));
      if (!manifest || path.relative(manifest.dataset.path, file) !== '') continue;
      if (experiment !== undefined && manifest.experiment.name !== experiment) continue;
      if (found && found.manifest.created >= manifest.created) continue;
      const result = await orLog(results(directory));
      if (result) found = { directory, manifest, result };
    }
    return found && { ...found, current: (await orLog(hashes(file))) === found.manifest.dataset.sha256 };
  };

  /** A damaged run is no reason to say nothing of the others. */
  const orLog = async <T>(reading: Promise<T>): Promise<T | undefined> =>
    reading.catch((error: unknown) => {
      log.warn(sentence(error));
      return undefined;
    });

  return { on: find, onDidChange: list.onDidChange };
}

/** Reads again only when a file has another time or size than when it was read. */
function kept<T>(
  fileOf: (key: string) => string,
  read: (key: string) => Promise<T>,
  further: readonly ((key: string) => string)[] = [],
): (key: string) => Promise<T | undefined> {
  const known = new Map<string, { readonly stamp: string; readonly value: Promise<T> }>();
  const stampOf = (file: string) =>
    stat(file).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => undefined,
    );
  return async (key) => {
    const stamps = await Promise.all([fileOf, ...further].map((each) => stampOf(each(key))));
    if (stamps[0] === undefined) {
      known.delete(key);
      return undefined;
    }
    const stamp = stamps.join();
    const before = known.get(key);
    if (before?.stamp === stamp) return before.value;
    const value = read(key);
    known.set(key, { stamp, value });
    value.catch(() => {
      if (known.get(key)?.value === value) known.delete(key);
    });
    return value;
  };
}
