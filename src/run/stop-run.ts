import { setTimeout as sleep } from 'node:timers/promises';
import { endProcessTree, isTreeAlive } from '../platform';
import type { RunLock } from '../protocol/run';
import { openEvents, readEvents } from './events';
import { isAlive, lockHolder } from './lock';
import type { LockHolder } from './lock';
import { readState } from './state';

/** How long a run may take to put its things away, in milliseconds: it is gone within two seconds in any case. */
const GRACE = 1700;

/** How long a process may take from its start until it takes its run directory, in milliseconds. */
const STARTUP = 10_000;

/** What became of stopping. `elsewhere`: it has to be done on the machine that the lock names. */
export type Stopped =
  | { readonly kind: 'stopped'; readonly pid: number; readonly forced: boolean }
  | { readonly kind: 'elsewhere'; readonly lock: RunLock }
  | { readonly kind: 'not running' };

/**
 * Stops a run: asks its process group to end, and ends it when it takes too long. Afterwards no process of it lives.
 * Who writes the run is read from its lock just before, so that a reused process id is never hit.
 *
 * @param starting waits for a run that was only just started and has not taken its directory yet
 * @throws RunError where the run directory cannot be read or written
 */
export async function stopRun(directory: string, starting = false): Promise<Stopped> {
  const holder = starting ? await holderOnceStarted(directory) : await lockHolder(directory);
  if (holder.kind === 'elsewhere') return { kind: 'elsewhere', lock: holder.lock };
  if (holder.kind !== 'alive') return { kind: 'not running' };
  const { pid } = holder.lock;
  const forced = !(await endsWhenAsked(holder.lock));
  if (forced) await end(holder.lock);
  await recordStop(directory);
  return { kind: 'stopped', pid, forced };
}

async function endsWhenAsked(lock: RunLock): Promise<boolean> {
  const until = performance.now() + GRACE;
  await endProcessTree(lock.pid, false);
  while (performance.now() < until) {
    if (!(await anybodyLives(lock))) return true;
    await sleep(25);
  }
  return false;
}

async function end(lock: RunLock): Promise<void> {
  await endProcessTree(lock.pid, true);
  // a run that was started from a terminal shares its group with others, so that its training is ended by itself
  if (lock.worker && (await isAlive(lock.worker))) await endProcessTree(lock.worker.pid, true);
  while (await anybodyLives(lock)) await sleep(20);
}

async function anybodyLives({ pid, worker }: RunLock): Promise<boolean> {
  return isTreeAlive(pid) || (worker !== undefined && (await isAlive(worker)));
}

async function holderOnceStarted(directory: string): Promise<LockHolder> {
  const until = performance.now() + STARTUP;
  for (;;) {
    const holder = await lockHolder(directory);
    const starting = holder.kind !== 'alive' && (await readState(directory)) === 'created';
    if (!starting || performance.now() > until) return holder;
    await sleep(25);
  }
}

/** Says in the run directory that the run was stopped, where its process had no time to. */
async function recordStop(directory: string): Promise<void> {
  if ((await readState(directory)) !== 'dead') return;
  const { events } = await readEvents(directory);
  const writer = openEvents(directory, undefined, events.at(-1)?.time);
  try {
    writer.emit({ type: 'cancelled' });
  } finally {
    writer.close();
  }
}
