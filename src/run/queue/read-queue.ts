import path from 'node:path';
import type { RunState } from '../../protocol/run';
import { runsFolder } from '../directory';
import { lockHolder } from '../lock';
import type { LockHolder } from '../lock';
import { readState } from '../state';
import { foldQueue } from './fold';
import type { QueueEntry } from './fold';
import { queueFolder, readQueueLog } from './queue-log';
import type { QueueOutcome } from './queue-event';

/** `dead`: its process is gone; where the queue has not said that it is over, it goes on when the queue does. */
export type QueuedState = 'waiting' | 'running' | QueueOutcome;

export interface Queued extends Omit<QueueEntry, 'state'> {
  readonly state: QueuedState;
  /** Of its run. */
  readonly directory?: string;
}

/** A project's queue as it is on disk. */
export interface Queue {
  readonly project: string;
  /** Who works through it. */
  readonly worker: LockHolder;
  /** In the order in which their turn comes. */
  readonly waiting: readonly Queued[];
  /** Those whose turn has come: usually one. */
  readonly started: readonly Queued[];
  /** Those that are over, the last one last. */
  readonly ended: readonly Queued[];
  /** Lines of the file that could not be understood. */
  readonly unreadable: number;
}

/**
 * Reads a queue, and of each experiment whose turn has come how its run is.
 *
 * @throws RunError where the queue or the events of such a run cannot be read
 */
export async function readQueue(project: string): Promise<Queue> {
  const { events, unreadable } = await readQueueLog(project);
  const worker = await lockHolder(queueFolder(project));
  const { waiting, started, ended } = foldQueue(events);
  const shown = (entry: QueueEntry, state: QueuedState): Queued => ({
    ...entry,
    state,
    directory: runDirectoryOf(project, entry),
  });
  return {
    project,
    worker,
    waiting: waiting.map((entry) => shown(entry, 'waiting')),
    started: await Promise.all(
      started.map(async (entry) => shown(entry, await stateOf(project, entry, worker))),
    ),
    ended: ended.map((entry) => shown(entry, entry.state ?? 'dead')),
    unreadable,
  };
}

export function runDirectoryOf(project: string, entry: QueueEntry): string | undefined {
  return entry.run === undefined ? undefined : path.join(runsFolder(project), entry.run);
}

async function stateOf(project: string, entry: QueueEntry, worker: LockHolder): Promise<QueuedState> {
  const directory = runDirectoryOf(project, entry);
  const state: RunState = directory === undefined ? 'dead' : await readState(directory);
  if (state !== 'created') return state;
  // its process is about to begin, if there is somebody who starts it
  return worker.kind === 'alive' || worker.kind === 'elsewhere' ? 'running' : 'dead';
}
