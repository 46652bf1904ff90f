import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeEmptyFolder } from '../../disk';
import type { RunState } from '../../protocol/run';
import { createRunDirectory } from '../directory';
import { readManifest } from '../manifest';
import { readState } from '../state';
import type { QueueEntry } from './fold';
import type { QueueOutcome } from './queue-event';
import { runDirectoryOf } from './read-queue';

/** How long a process may take from its start until it takes its run directory, in milliseconds. */
const STARTUP = 10_000;

/** What an experiment needs whose turn has come. `watch`: a process is at work on it already. */
export type Turn =
  | { readonly kind: 'start' | 'resume' | 'watch'; readonly directory: string }
  | { readonly kind: 'over'; readonly directory: string; readonly state: QueueOutcome };

/**
 * Decides what is to be done for an experiment, from its run directory if it has one. A run that died or was stopped
 * with the queue goes on; one that never read its dataset, or whose directory is gone, is started anew.
 *
 * @returns undefined where the signal came first
 * @throws RunError where a run directory cannot be read or made
 */
export async function turnOf(
  project: string,
  entry: QueueEntry,
  signal: AbortSignal,
): Promise<Turn | undefined> {
  const directory = runDirectoryOf(project, entry);
  const state = directory === undefined ? 'created' : await stateOnceStarted(directory, signal);
  if (signal.aborted) return undefined;
  if (directory === undefined || state === 'created') return startAnew(project, entry);
  if (state === 'running') return { kind: 'watch', directory };
  if (state === 'finished') return { kind: 'over', directory, state };
  // somebody has stopped this run alone, or it has failed, while nobody worked through the queue
  const itsOwnEnd = entry.stage === 'started' && state !== 'dead';
  if (itsOwnEnd) return { kind: 'over', directory, state };
  return (await readManifest(directory)) ? { kind: 'resume', directory } : startAnew(project, entry);
}

async function startAnew(project: string, { request }: QueueEntry): Promise<Turn> {
  const directory = await createRunDirectory(request.dataset.path, request.name, new Date(), project);
  return { kind: 'start', directory };
}

/** Who started it may have been killed just before its process took the directory. */
async function stateOnceStarted(directory: string, signal: AbortSignal): Promise<RunState> {
  for (;;) {
    const state = await readState(directory);
    if (state !== 'created' || signal.aborted || !(await isNew(directory))) return state;
    await sleep(50);
  }
}

/** Whether a process may be about to take this directory. */
export async function isNew(directory: string): Promise<boolean> {
  const made = await stat(directory).catch(() => undefined);
  const age = made === undefined ? Infinity : Date.now() - made.mtimeMs;
  // a clock that was set back makes a directory of the future
  return age >= 0 && age < STARTUP;
}

/** Takes away a run directory in which nothing was written. */
export async function discardEmpty(directory: string): Promise<void> {
  await removeEmptyFolder(path.resolve(directory)).catch(() => undefined);
}
