import { link, open, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as v from 'valibot';
import type { RunLock } from '../protocol/run';
import { renameOver, temporaryName } from './atomic';
import { toJson } from './checked';
import type { Shape } from './checked';
import { processStart } from './process-start';
import { RunError, systemCode, systemReason } from './run-error';
import { runFile } from './run-files';

const shape: Shape<RunLock> = v.looseObject({ pid: v.number(), processStart: v.string(), host: v.string() });

/**
 * Who holds a run directory. `alive`: a process of this machine. `elsewhere`: a process of another machine, which
 * cannot be asked from here. `dead`: its process is gone. `unreadable`: something that is no lock is in its place.
 */
export type LockHolder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'alive' | 'elsewhere' | 'dead'; readonly lock: RunLock };

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
    refuse(directory, await holderOf(file));
    await takeOver(directory, file, own);
  }
  return () => releaseLock(directory, owner);
}

/** Gives a run directory back if the owner holds it. */
export async function releaseLock(directory: string, owner = process.pid): Promise<void> {
  const file = runFile(directory, 'lock');
  const holder = await holderOf(file);
  if ('lock' in holder && sameProcess(holder.lock, await lockOf(owner))) await rm(file, { force: true });
}

async function lockOf(pid: number): Promise<RunLock> {
  return { pid, processStart: (await processStart(pid)) ?? '', host: hostname() };
}

/** Only who holds `lock.json.takeover` may replace a dead lock, so that two cannot both think they did. */
async function takeOver(directory: string, file: string, own: RunLock): Promise<void> {
  const guard = `${file}.takeover`;
  if (!(await createExclusively(guard, toJson(own)))) {
    throw new RunError(
      `${directory} is being taken over by another process. If none is running, delete ${guard} and start again.`,
    );
  }
  try {
    const holder = await holderOf(file);
    refuse(directory, holder);
    if (holder.kind === 'nobody') {
      // given back meanwhile: who creates it now wins, and need not hold the guard
      if (await createExclusively(file, toJson(own))) return;
      throw new RunError(`${directory} is in use: another process has just started there.`);
    }
    const part = temporaryName(file);
    await writeFile(part, toJson(own), { flag: 'wx' });
    await renameOver(part, file);
  } finally {
    await rm(guard, { force: true });
  }
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
  const start = await processStart(lock.pid);
  return { kind: start !== undefined && start === lock.processStart ? 'alive' : 'dead', lock };
}

function sameProcess(a: RunLock, b: RunLock): boolean {
  return a.pid === b.pid && a.processStart === b.processStart && a.host === b.host;
}

/**
 * Creates a file with its content in one step.
 *
 * @returns false when the name is taken
 */
async function createExclusively(file: string, content: string): Promise<boolean> {
  const part = temporaryName(file);
  try {
    await writeFile(part, content, { flag: 'wx' });
    await link(part, file);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) {
      return await createWithoutLinks(file, content);
    }
    throw new RunError(`${file} cannot be written because ${systemReason(error)}.`);
  } finally {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

/** For file systems without hard links: still exclusive, but for an instant the file is there and empty. */
async function createWithoutLinks(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(content).finally(() => handle.close());
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw new RunError(`${file} cannot be written because ${systemReason(error)}.`);
  }
}
