import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { makeFolder, removeFile } from '../disk';
import { writeAtomic } from './atomic';
import { readChecked, toJson } from './checked';
import type { Shape } from './checked';
import { ignoreInGit, projectOf } from './directory';
import { readManifest } from './manifest';
import { readResult } from './result';
import { cannotWrite, RunError } from './run-error';

const shape: Shape<{ run: string }> = v.looseObject({ run: v.string() });

/** Where the baseline of a project is named. */
export function pinFile(project: string): string {
  return path.join(project, '.emdpo', 'pinned.json');
}

/** The project whose baseline a run is compared with: that of its runs folder, else that of its dataset. */
export async function projectOfRun(directory: string): Promise<string> {
  const absolute = path.resolve(directory);
  const runs = path.dirname(absolute);
  if (path.basename(runs) === 'runs' && path.basename(path.dirname(runs)) === '.emdpo')
    return path.dirname(path.dirname(runs));
  const manifest = await readManifest(absolute);
  return projectOf(manifest?.dataset.path ?? path.join(absolute, 'run.json'));
}

/**
 * The run that others of a project are compared with.
 *
 * @returns its directory; undefined where none is pinned, or the pinned one is gone
 * @throws RunError when the file is damaged
 */
export async function pinnedRun(project: string): Promise<string | undefined> {
  const file = pinFile(project);
  let written: { run: string } | undefined;
  try {
    written = await readChecked(file, shape);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw new RunError(`${error.message} Pin a run again, or delete the file.`);
  }
  if (written === undefined) return undefined;
  const directory = path.resolve(project, written.run);
  const there = await stat(directory).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  return there ? directory : undefined;
}

/**
 * Makes a finished run the baseline of its project, in place of another one.
 *
 * @returns the project
 * @throws RunError where the run is not finished or the file cannot be written
 */
export async function pinRun(directory: string): Promise<string> {
  const absolute = path.resolve(directory);
  if ((await readManifest(absolute)) === undefined || (await readResult(absolute)) === undefined) {
    throw new RunError(
      `${directory} holds no finished run: only a finished one can be what others are compared with.`,
    );
  }
  const project = await projectOfRun(absolute);
  const file = pinFile(project);
  try {
    await makeFolder(path.dirname(file));
    await ignoreInGit(path.dirname(file));
  } catch (error) {
    throw cannotWrite(file, error);
  }
  await writeAtomic(file, toJson({ run: nameIn(project, absolute) }));
  return project;
}

/** Leaves a project without a baseline. */
export async function unpin(project: string): Promise<void> {
  const file = pinFile(project);
  await removeFile(file).catch((error: unknown) => {
    throw cannotWrite(file, error);
  });
}

/** Relative where the run is in the project, so that both can be moved together. */
function nameIn(project: string, directory: string): string {
  const relative = path.relative(project, directory);
  const inside = !relative.startsWith('..') && !path.isAbsolute(relative);
  return inside ? relative.split(path.sep).join('/') : directory;
}
