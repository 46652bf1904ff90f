import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { createWhole, makeFolder, makeNewFolder } from '../disk';
import { RunError, systemCode, systemReason } from './run-error';
import { RUN_FILES } from './run-files';
import { readState } from './state';

/**
 * Makes `.emdpo/runs/<time>-<name>/` in the project that holds the dataset.
 *
 * @param dataset path of the dataset file
 * @param now start of the run; the folder name holds it in UTC, so that names sort by time
 * @param inProject folder of the project, where the caller knows it; found from the dataset otherwise
 * @throws RunError when the folder cannot be made
 */
export async function createRunDirectory(
  dataset: string,
  name: string,
  now: Date,
  inProject?: string,
): Promise<string> {
  const project = inProject ?? (await projectOf(dataset));
  const runs = runsFolder(project);
  try {
    await makeFolder(runs);
    await ignoreInGit(path.join(project, '.emdpo'));
    const stem = `${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${folderName(name)}`;
    for (let attempt = 1; ; attempt++) {
      const directory = path.join(runs, attempt === 1 ? stem : `${stem}-${attempt}`);
      if (await makeNewFolder(directory)) return directory;
    }
  } catch (error) {
    throw new RunError(
      `No run directory can be made in ${runs} because ${systemReason(error)}. Name another with --run-dir.`,
    );
  }
}

/**
 * Makes the directory a person named for a run. It may exist, but must not hold a run: runs are never overwritten.
 *
 * @throws RunError
 */
export async function claimRunDirectory(directory: string): Promise<string> {
  const absolute = path.resolve(directory);
  let names: string[];
  try {
    await makeFolder(absolute);
    names = await readdir(absolute);
  } catch (error) {
    const why = systemCode(error) === 'EEXIST' ? 'a file of that name is in the way' : systemReason(error);
    throw new RunError(`The run directory ${directory} cannot be used because ${why}.`);
  }
  const runFiles: readonly string[] = [RUN_FILES.manifest, RUN_FILES.events, RUN_FILES.result];
  const taken = names.find((name) => runFiles.includes(name));
  if (taken !== undefined) {
    throw new RunError(
      `The run directory ${directory} already holds a run (${taken}). Name a new one; “emdpo resume” goes on with one that did not finish.`,
    );
  }
  return absolute;
}

/**
 * The directory of a run that is to go on.
 *
 * @throws RunError where there is no run, or it has finished
 */
export async function requireUnfinished(directory: string): Promise<string> {
  const absolute = path.resolve(directory);
  const state = await readState(absolute);
  if (state === 'finished') throw new RunError(`${directory} has finished: there is nothing to go on with.`);
  return absolute;
}

/**
 * The project a dataset belongs to: the nearest folder above it that holds `.git`, `.vscode` or `.emdpo`, else its
 * own. The home folder's `.vscode` is where VS Code keeps its extensions and makes no project of it.
 */
export async function projectOf(dataset: string, home = homedir()): Promise<string> {
  const own = path.dirname(path.resolve(dataset));
  for (let folder = own; ; folder = path.dirname(folder)) {
    const signs = path.relative(folder, home) === '' ? ['.git', '.emdpo'] : ['.git', '.vscode', '.emdpo'];
    for (const sign of signs) if (await exists(path.join(folder, sign))) return folder;
    if (path.dirname(folder) === folder) return own;
  }
}

export function runsFolder(project: string): string {
  return path.join(project, '.emdpo', 'runs');
}

/** Run directories of a project, newest first; none when it has no runs yet. */
export async function listRuns(project: string): Promise<string[]> {
  const runs = runsFolder(project);
  try {
    const entries = await readdir(runs, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return names
      .sort()
      .reverse()
      .map((name) => path.join(runs, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw new RunError(`${runs} cannot be read because ${systemReason(error)}.`);
  }
}

/** A name that every file system takes: letters, digits, dot, dash and underscore, at most 60 of them. */
export function folderName(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 60)
    .replace(/^[-.]+|[-.]+$/g, '');
  return safe === '' ? 'run' : safe;
}

/** Keeps `.emdpo` out of version control. */
export async function ignoreInGit(folder: string): Promise<void> {
  const file = path.join(folder, '.gitignore');
  if (!(await exists(file))) await createWhole(file, '*\n');
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
