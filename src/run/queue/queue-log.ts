import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { makeFolder, openAppending } from '../../disk';
import { ignoreInGit } from '../directory';
import { cannotWrite, RunError, systemCode, systemReason } from '../run-error';
import { queueEventShape } from './queue-event';
import type { QueueChange, QueueEvent } from './queue-event';

/** The folder of a project's queue: its log, and the lock of the process that works through it. */
export function queueFolder(project: string): string {
  return path.join(project, '.emdpo', 'queue');
}

export function queueFile(project: string): string {
  return path.join(queueFolder(project), 'queue.jsonl');
}

/** Makes the folder of a project's queue. @throws RunError where it cannot be made */
export async function makeQueueFolder(project: string): Promise<void> {
  const folder = queueFolder(project);
  try {
    await makeFolder(folder);
    await ignoreInGit(path.join(project, '.emdpo'));
  } catch (error) {
    throw new RunError(
      `The queue cannot be kept in ${folder} because ${systemReason(error)}. Make it writable, or name another project with --project.`,
    );
  }
}

/**
 * Appends changes to a queue, each a line that is written at once: processes that do so at the same time do not mix
 * their lines. The file is opened anew each time, so that a line which another process left cut short is closed first.
 *
 * @throws RunError where it cannot be written
 */
export async function appendChanges(
  project: string,
  changes: readonly QueueChange[],
  now: () => Date = () => new Date(),
): Promise<void> {
  await makeQueueFolder(project);
  const file = queueFile(project);
  try {
    const log = openAppending(file);
    try {
      for (const change of changes) {
        const event: QueueEvent = { time: now().toISOString(), ...change };
        log.append(Buffer.from(JSON.stringify(event) + '\n'));
      }
    } finally {
      log.close();
    }
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

export interface QueueRead {
  readonly events: readonly QueueEvent[];
  /** Complete lines that are no change this version knows. */
  readonly unreadable: number;
}

/**
 * Reads the changes of a queue. A last line without its end is still being written, and is left for the next time.
 *
 * @returns nothing where there is no queue
 * @throws RunError where it cannot be read
 */
export async function readQueueLog(project: string): Promise<QueueRead> {
  const file = queueFile(project);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return { events: [], unreadable: 0 };
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  // empty lines come from two processes that closed the same cut line
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const full = lines.filter((line) => line.trim() !== '');
  const events = full.map(parseEvent).filter((event) => event !== undefined);
  return { events, unreadable: full.length - events.length };
}

function parseEvent(line: string): QueueEvent | undefined {
  try {
    const parsed = v.safeParse(queueEventShape, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
