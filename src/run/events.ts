import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import * as v from 'valibot';
import type { RunEvent, RunEventBody } from '../protocol/event';
import { eventShape } from './event-shape';
import { RunError, systemCode, systemReason } from './run-error';
import { runFile } from './run-files';

export interface EventWriter {
  /** Appends one event and returns it with its time. The line is with the system before this returns. */
  emit(event: RunEventBody): RunEvent;
  close(): void;
}

/**
 * Opens events.jsonl to append to it. A last line that a process which died left without its end is closed first, so
 * that it is one unreadable line and not a part of the next.
 *
 * @throws RunError when the file cannot be opened
 */
export function openEvents(directory: string, now: () => Date = () => new Date()): EventWriter {
  const file = runFile(directory, 'events');
  let descriptor: number;
  try {
    descriptor = openSync(file, 'a+');
    if (isCutShort(descriptor)) writeAll(descriptor, Buffer.from('\n'));
  } catch (error) {
    throw new RunError(`${file} cannot be written because ${systemReason(error)}.`);
  }
  return {
    emit(body) {
      const event: RunEvent = { time: now().toISOString(), ...body };
      try {
        writeAll(descriptor, Buffer.from(JSON.stringify(event) + '\n'));
      } catch (error) {
        throw new RunError(`${file} cannot be written because ${systemReason(error)}.`);
      }
      return event;
    },
    close() {
      closeSync(descriptor);
    },
  };
}

function isCutShort(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

export interface EventsRead {
  readonly events: readonly RunEvent[];
  /** Byte offset after the last complete line: where to go on reading. */
  readonly next: number;
  /** Complete lines that are no event this version knows. */
  readonly unreadable: number;
}

/**
 * Reads events.jsonl from a byte offset on. A last line without its end is still being written and is left for the
 * next time; a line that is no event is counted and passed over.
 *
 * @param from `next` of the read before
 * @throws RunError when the file is there but cannot be read
 */
export async function readEvents(directory: string, from = 0): Promise<EventsRead> {
  const file = runFile(directory, 'events');
  let bytes: Buffer;
  try {
    bytes = await readFrom(file, from);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { events: [], next: 0, unreadable: 0 };
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
  const events = lines.map(parseEvent).filter((event) => event !== undefined);
  return { events, next: from + end, unreadable: lines.length - events.length };
}

async function readFrom(file: string, from: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.max(0, size - from));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

function parseEvent(line: string): RunEvent | undefined {
  try {
    const parsed = v.safeParse(eventShape, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
