import { FINAL_EVENTS } from '../protocol/event';
import type { RunEvent } from '../protocol/event';

/** The event that ended a run; undefined where it was started again since, or has not ended. */
export function howItEnded(events: readonly RunEvent[]): RunEvent | undefined {
  const last = events.findLast(({ type }) => type === 'started' || FINAL_EVENTS.includes(type));
  return last?.type === 'started' ? undefined : last;
}
