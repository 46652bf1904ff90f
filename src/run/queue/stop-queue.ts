import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess } from '../../platform';
import type { RunLock } from '../../protocol/run';
import { isAlive, lockHolder } from '../lock';
import { readState } from '../state';
import { stopRun } from '../stop-run';
import { listsOf } from './change-queue';
import { appendChanges, queueFolder } from './queue-log';
import type { QueueChange } from './queue-event';
import { runDirectoryOf } from './read-queue';
import { isNew } from './turn';

/** How long the process may take to put its things away, in milliseconds. */
const GRACE = 1700;

export interface StoppedQueue {
  /** `elsewhere`: it has to be done on the machine that the lock names. */
  readonly worker: 'stopped' | 'none' | 'elsewhere';
  readonly lock?: RunLock;
  /** Directories of runs that were stopped, too. */
  readonly stopped: readonly string[];
}

/**
 * Ends the process that works through a queue: what waits keeps waiting. Its run goes on by itself.
 *
 * @param now stops that run, too; it is the first to go on when the queue is worked through again
 * @throws RunError where the queue or the run directory cannot be read or written
 */
export async function stopQueue(project: string, now: boolean): Promise<StoppedQueue> {
  const holder = await lockHolder(queueFolder(project));
  if (holder.kind === 'elsewhere') return { worker: 'elsewhere', lock: holder.lock, stopped: [] };
  if (holder.kind === 'alive') await endWorker(holder.lock);
  const stopped = now ? await interruptRuns(project) : [];
  return { worker: holder.kind === 'alive' ? 'stopped' : 'none', stopped };
}

async function endWorker(lock: RunLock): Promise<void> {
  const until = performance.now() + GRACE;
  endProcess(lock.pid, false);
  while (await isAlive(lock)) {
    if (performance.now() > until) endProcess(lock.pid, true);
    await sleep(25);
  }
}

/** Stops what nobody works through any more. @returns directories of the runs that were stopped */
export async function interruptRuns(project: string): Promise<string[]> {
  const { started } = await listsOf(project);
  const interrupted: string[] = [];
  const changes: QueueChange[] = [];
  for (const entry of started) {
    const directory = runDirectoryOf(project, entry);
    if (directory === undefined) continue;
    const stopped = await stopRun(directory, await isNew(directory));
    if (stopped.kind !== 'stopped' || (await readState(directory)) === 'finished') continue;
    interrupted.push(directory);
    changes.push({ type: 'interrupted', id: entry.id });
  }
  if (changes.length > 0) await appendChanges(project, changes.reverse());
  return interrupted;
}
