import type { RunEvent } from '../protocol/event';
import type { RunState } from '../protocol/run';
import { howItEnded } from './how-it-ended';
import { readEvents } from './events';
import { lockHolder } from './lock';

/**
 * What became of a run, from its directory alone.
 *
 * @param events its events, where the caller has read them already
 * @throws RunError when the events are there but cannot be read
 */
export async function readState(directory: string, events?: readonly RunEvent[]): Promise<RunState> {
  const known = events ?? (await readEvents(directory)).events;
  const final = finalState(known);
  if (final !== undefined) return final;
  const holder = await lockHolder(directory);
  switch (holder.kind) {
    case 'alive':
    case 'elsewhere':
    case 'unreadable':
      return 'running';
    case 'dead':
    case 'nobody': {
      // it may have ended between the two looks
      const again = await readEvents(directory);
      const ended = finalState(again.events);
      if (ended !== undefined) return ended;
      return holder.kind === 'dead' || again.events.length > 0 ? 'dead' : 'created';
    }
  }
}

function finalState(events: readonly RunEvent[]): RunState | undefined {
  const type = howItEnded(events)?.type;
  switch (type) {
    case 'finished':
    case 'failed':
    case 'cancelled':
      return type;
    default:
      return undefined;
  }
}
