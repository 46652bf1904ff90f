import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { createRunDirectory } from '../../run/directory';
import type { Mapping } from '../../run/written-reading';
import { DETACHED } from '../../platform';

export interface TrainingRequest {
  /** Path of a dataset or of a `*.emdpo.json`. */
  readonly file: string;
  /** Path of the dataset, where `file` is an experiment. */
  readonly dataset: string;
  readonly name: string;
  /** The folder whose `.emdpo/runs` gets the run. */
  readonly project: string;
  /** As the experiment says, when absent. */
  readonly types?: number | 'auto';
  /** How a dataset alone is to be read; recognised from its content when absent. */
  readonly reading?: Mapping;
}

export interface StartedRun {
  readonly directory: string;
  readonly pid: number;
  /** Settles when the process has ended, while this window is open: with what it said if it failed. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

/**
 * Starts the command line in a process of its own, which outlives the window. It reads its input from disk and writes
 * the run directory; nothing passes through a pipe, so that nothing breaks when this end goes away.
 *
 * @param cli path of dist/emdpo.cjs
 * @param logFolder where the process's own output goes
 */
export async function startRun(
  cli: string,
  logFolder: string,
  request: TrainingRequest,
): Promise<StartedRun> {
  const directory = await createRunDirectory(request.dataset, request.name, new Date(), request.project);
  const args = [cli, 'train', request.file, '--run-dir', directory];
  if (request.types !== undefined) args.push('--types', String(request.types));
  const { form, columns = {} } = request.reading ?? {};
  if (form !== undefined) args.push('--form', form);
  for (const [role, name] of Object.entries(columns)) args.push('--column', `${role}=${name}`);
  return startDetached(args, directory, request.project, logFolder);
}

/**
 * Starts the command line on a run that was stopped, failed or died; otherwise as `startRun`.
 *
 * @param dataset path of the run's dataset
 */
export function resumeRun(
  cli: string,
  logFolder: string,
  directory: string,
  dataset: string,
): Promise<StartedRun> {
  return startDetached([cli, 'resume', directory], directory, path.dirname(dataset), logFolder);
}

async function startDetached(
  args: readonly string[],
  directory: string,
  cwd: string,
  logFolder: string,
): Promise<StartedRun> {
  await mkdir(logFolder, { recursive: true });
  const output = path.join(logFolder, `${path.basename(directory)}.log`);
  const descriptor = openSync(output, 'w');
  const child = spawn(process.execPath, args, {
    ...DETACHED,
    cwd,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', descriptor],
  });
  closeSync(descriptor);
  const ended = new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Error(vscode.l10n.t('Training could not be started: {0}', error.message)));
    });
    child.once('exit', (code) => {
      readFile(output, 'utf8').then(
        (said) => {
          resolve({ code, said: forPeople(said) });
        },
        () => {
          resolve({ code, said: '' });
        },
      );
    });
  });
  child.unref();
  if (child.pid === undefined) await ended;
  return { directory, pid: child.pid!, ended };
}

/** What the process said, without the events, which are in the run directory. */
function forPeople(said: string): string {
  const lines = said.split('\n').filter((line) => !line.startsWith('{'));
  return lines.join('\n').trim();
}
