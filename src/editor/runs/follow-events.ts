import type * as vscode from 'vscode';
import type { RunEvent } from '../../protocol/event';
import { FINAL_EVENTS } from '../../protocol/event';
import { readEvents } from '../../run/events';
import { sentence } from '../boundary';
import type { Disposable } from '../disposable';

/** Between two looks at the file, in milliseconds. File watchers are late or silent over some network drives. */
const INTERVAL = 250;

/** How many looks without news make it worth asking whether the process is still there. */
const PATIENCE = 8;

export interface FollowOptions {
  /** Byte offset in `events.jsonl` to start from. */
  readonly from: number;
  readonly onEvents: (events: readonly RunEvent[]) => void;
  /** The run has ended, or nothing was heard of it for a while: its directory is worth reading again. */
  readonly onStateChange: () => void;
  readonly log: vscode.LogOutputChannel;
}

/** Hands out the events of a run as they are appended, until disposed. */
export function followEvents(directory: string, options: FollowOptions): Disposable {
  let from = options.from;
  let quiet = 0;
  let disposed = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    try {
      const { events, next, unreadable } = await readEvents(directory, from);
      if (disposed) return;
      from = next;
      if (unreadable > 0)
        options.log.warn(`${directory}: ${unreadable} lines of events.jsonl were left out.`);
      if (events.length > 0) options.onEvents(events);
      quiet = events.length > 0 ? 0 : quiet + 1;
      if (quiet >= PATIENCE || events.some((event) => FINAL_EVENTS.includes(event.type))) {
        quiet = 0;
        options.onStateChange();
      }
    } catch (error) {
      options.log.warn(sentence(error));
    }
    schedule();
  };
  const schedule = () => {
    if (!disposed) timer = setTimeout(() => void look(), INTERVAL);
  };
  schedule();

  return {
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
