import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../protocol/event';
import { readEvents } from '../events';
import { readState } from '../state';

/** Between two looks at a run, in milliseconds. */
const INTERVAL = 200;

/** How many looks pass between two questions whether the process of a run that is only watched is still there. */
const PATIENCE = 5;

/** A process that works on a run, and what it said on standard error when it was over. */
export interface Launched {
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

export interface Watched {
  /** Whether the run has written anything since. */
  readonly heard: boolean;
  readonly code: number | null;
  readonly said: string;
}

/**
 * Waits until a run is over, handing out its events.
 *
 * @param launched its process, where this one has started it; otherwise its lock tells
 * @param signal ends the waiting, and nothing else
 * @returns undefined where the signal came first
 */
export async function watchRun(
  directory: string,
  from: number,
  launched: Launched | undefined,
  signal: AbortSignal,
  onEvents: (events: readonly RunEvent[]) => void,
): Promise<Watched | undefined> {
  let next = from;
  let said: Omit<Watched, 'heard'> | undefined = launched ? undefined : { code: null, said: '' };
  void launched?.ended.then((how) => (said = how));
  const look = async () => {
    const read = await readEvents(directory, next);
    next = Math.max(next, read.next);
    if (read.events.length > 0) onEvents(read.events);
  };
  for (let looks = 1; !signal.aborted; looks++) {
    // a training may outlive for a moment the process that we know of
    const over = said && (looks % PATIENCE === 0 || launched) && (await readState(directory)) !== 'running';
    await look();
    if (over && said) return { heard: next > from, ...said };
    await Promise.race([sleep(INTERVAL), ...(launched && !said ? [launched.ended] : [])]);
  }
  return undefined;
}
