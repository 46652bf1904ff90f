import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { createWhole, removeFile, writeWhole } from '../disk';
import { processStart } from '../platform';
import type { RunLock } from '../protocol/run';
import { toJson } from './checked';
import type { Shape } from './checked';
import { cannotWrite, RunError, systemCode } from './run-error';
import { runFile } from './run-files';

const shape: Shape<RunLock> = v.looseObject({
  pid: v.number(),
  processStart: v.string(),
  host: v.string(),
  worker: v.optional(v.looseObject({ pid: v.number(), processStart: v.string() })),
});

/** How long a training whose supervisor is gone may take to notice, in milliseconds. */
const ORPHANED = 15_000;

/**
 * Who holds a run directory. `alive`: a process of this machine, or `orphaned` its training alone, which is about to end. `elsewhere`: a process of another machine, which
 * cannot be asked from here. `dead`: its process is gone. `unreadable`: something that is no lock is in its place.
 */
export type LockHolder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'alive'; readonly lock: RunLock; readonly orphaned?: true }
  | { readonly kind: 'elsewhere' | 'dead'; readonly lock: RunLock };

export async function lockHolder(directory: string): Promise<LockHolder> {
  return holderOf(runFile(directory, 'lock'));
}

/**
 * Takes a run directory for this process. Of several starts at the same time exactly one gets it: the file comes
 * into being complete and only if there is none. A lock whose process is gone is taken over.
 *
 * @param owner process that answers for the directory: this one, or the one that supervises it
 * @returns gives the directory back; safe to call twice
 * @throws RunError naming who holds it
 */
export async function acquireLock(directory: string, owner = process.pid): Promise<() => Promise<void>> {
  const file = runFile(directory, 'lock');
  const own = await lockOf(owner);
  if (!(await createExclusively(file, toJson(own)))) {
    const holder = await holderWhenOrphanIsGone(file);
    refuse(directory, holder);
    await takeOver(directory, file, own);
  }
  return () => releaseLock(directory, owner);
}

/** Gives a run directory back if the owner holds it. */
export async function releaseLock(directory: string, owner = process.pid): Promise<void> {
  const file = runFile(directory, 'lock');
  const holder = await holderOf(file);
  if (!('lock' in holder) || !sameProcess(holder.lock, await lockOf(owner))) return;
  try {
    await removeFile(file);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

async function lockOf(owner: number): Promise<RunLock> {
  const lock = { pid: owner, processStart: (await processStart(owner)) ?? '', host: hostname() };
  if (owner === process.pid) return lock;
  return { ...lock, worker: { pid: process.pid, processStart: (await processStart(process.pid)) ?? '' } };
}

/** A training whose supervisor was killed ends by itself, but not in the middle of a computation. */
async function holderWhenOrphanIsGone(file: string): Promise<LockHolder> {
  for (let waited = 0; ; waited += 50) {
    const holder = await holderOf(file);
    if (holder.kind !== 'alive' || !holder.orphaned || waited >= ORPHANED) return holder;
    await sleep(50);
  }
}

/**
 * Replaces a dead lock so that two cannot both think they did. Who may do it holds a guard that is named after the dead
 * process; where that one has died, too, a guard named after it, and so on: no process ever has to take away a file
 * that might belong to a living one.
 */
async function takeOver(directory: string, file: string, own: RunLock): Promise<void> {
  const dead = await holderOf(file);
  refuse(directory, dead);
  const guard = 'lock' in dead ? await takeGuard(directory, file, dead.lock, own) : undefined;
  try {
    const holder = await holderOf(file);
    refuse(directory, holder);
    if (holder.kind === 'nobody' || !('lock' in dead) || !('lock' in holder)) {
      // given back meanwhile: who creates it now wins, and need not hold a guard
      if (await createExclusively(file, toJson(own))) return;
      throw new RunError(`${directory} is in use: another process has just started there.`);
    }
    if (!sameProcess(holder.lock, dead.lock)) {
      throw new RunError(`${directory} is in use: another process has just taken it over.`);
    }
    await written(file, () => writeWhole(file, toJson(own)));
    await removeGuards(file);
  } finally {
    if (guard !== undefined) await removeFile(guard).catch(() => undefined);
  }
}

/** @returns the guard, which is this process's own */
async function takeGuard(directory: string, file: string, dead: RunLock, own: RunLock): Promise<string> {
  for (let before = dead; ;) {
    const guard = `${file}.${nameOf(before)}.takeover`;
    if (await createExclusively(guard, toJson(own))) return guard;
    const holder = await holderOf(guard);
    if (holder.kind === 'dead') before = holder.lock;
    else if (holder.kind === 'unreadable') {
      throw new RunError(
        `${guard} cannot be understood. If no run is starting there, delete it and start again.`,
      );
    } else if (holder.kind !== 'nobody') {
      throw new RunError(
        `${directory} is being taken over by process ${holder.lock.pid}. Wait for it, or stop it.`,
      );
    }
  }
}

/** What those left who died while they took over. */
async function removeGuards(file: string): Promise<void> {
  const folder = path.dirname(file);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (name.startsWith(path.basename(file)) && name.endsWith('.takeover')) {
      await removeFile(path.join(folder, name)).catch(() => undefined);
    }
  }
}

function nameOf({ pid, processStart: start, host }: RunLock): string {
  return `${pid}-${createHash('sha256').update(`${start} ${host}`).digest('hex').slice(0, 16)}`;
}

function refuse(directory: string, holder: LockHolder): void {
  switch (holder.kind) {
    case 'alive':
      throw new RunError(
        `${directory} is in use: process ${holder.lock.pid} is writing there. Stop it first.`,
      );
    case 'elsewhere':
      throw new RunError(
        `${directory} is in use by process ${holder.lock.pid} on ${holder.lock.host}. If that is over, delete its lock.json.`,
      );
    case 'unreadable':
      throw new RunError(
        `${runFile(directory, 'lock')} cannot be understood. If no run is writing there, delete it.`,
      );
    case 'dead':
    case 'nobody':
  }
}

async function holderOf(file: string): Promise<LockHolder> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { kind: systemCode(error) === 'ENOENT' ? 'nobody' : 'unreadable' };
  }
  let lock: RunLock;
  try {
    lock = v.parse(shape, JSON.parse(text));
  } catch {
    return { kind: 'unreadable' };
  }
  if (lock.host !== hostname()) return { kind: 'elsewhere', lock };
  if (await isAlive(lock)) return { kind: 'alive', lock };
  if (lock.worker && (await isAlive(lock.worker))) return { kind: 'alive', lock, orphaned: true };
  return { kind: 'dead', lock };
}

/** Whether a process that a lock names still lives, and is not another one of the same pid. */
export async function isAlive(one: {
  readonly pid: number;
  readonly processStart: string;
}): Promise<boolean> {
  const start = await processStart(one.pid);
  return start !== undefined && start === one.processStart;
}

function sameProcess(a: RunLock, b: RunLock): boolean {
  return a.pid === b.pid && a.processStart === b.processStart && a.host === b.host;
}

/** @returns false when the name is taken */
async function createExclusively(file: string, content: string): Promise<boolean> {
  return written(file, () => createWhole(file, content));
}

async function written<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
