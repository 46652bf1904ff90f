import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { openAppending } from '../disk';
import type { RunEvent, RunEventBody } from '../protocol/event';
import { eventShape } from './event-shape';
import { forwardClock } from './forward-clock';
import { cannotWrite, RunError, systemCode, systemReason } from './run-error';
import { runFile } from './run-files';

export interface EventWriter {
  /** Appends one event and returns it with its time. The line is with the system before this returns. */
  emit(event: RunEventBody): RunEvent;
  close(): void;
}

/**
 * Opens events.jsonl to append to it. A last line that a process which died left without its end is closed first, so
 * that it is one unreadable line and not a part of the next. Times never go back, also where the clock is set back.
 *
 * @param after time of the last event that is there, where the run goes on
 * @throws RunError when the file cannot be opened; from `emit` when the line cannot be written or the file was deleted
 */
export function openEvents(
  directory: string,
  now: () => Date = () => new Date(),
  after?: string,
): EventWriter {
  const file = runFile(directory, 'events');
  const opened = spoken(file, () => openAppending(file));
  const time = forwardClock(now, after);
  return {
    emit(body) {
      const event: RunEvent = { time: time(), ...body };
      spoken(file, () => {
        opened.append(Buffer.from(JSON.stringify(event) + '\n'));
      });
      if (!opened.isThere()) {
        throw new RunError(
          `${file} is gone: the run directory was deleted while the run was writing to it. Start the run again.`,
        );
      }
      return event;
    },
    close: () => {
      opened.close();
    },
  };
}

function spoken<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

export interface EventsRead {
  readonly events: readonly RunEvent[];
  /** Byte offset after the last complete line: where to go on reading. */
  readonly next: number;
  /** Complete lines that are no event this version knows. */
  readonly unreadable: number;
  /** Whether a last line is there without its end: it is being written, or its writer has died. */
  readonly cutShort: boolean;
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
    if (systemCode(error) === 'ENOENT') return { events: [], next: 0, unreadable: 0, cutShort: false };
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
  const events = lines.map(parseEvent).filter((event) => event !== undefined);
  return {
    events,
    next: from + end,
    unreadable: lines.length - events.length,
    cutShort: end < bytes.length,
  };
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
