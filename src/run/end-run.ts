import type { RunEventBody } from '../protocol/event';
import { openEvents, readEvents } from './events';
import { howItEnded } from './how-it-ended';
import { releaseLock } from './lock';

/**
 * Ends a run of this process from outside of the computation: writes how it ended, unless it has been written
 * already, and gives the directory back.
 *
 * @param how the final event
 * @throws RunError when the directory cannot be written
 */
export async function endRun(directory: string, how: RunEventBody): Promise<void> {
  const { events } = await readEvents(directory);
  if (howItEnded(events) === undefined) {
    const writer = openEvents(directory, undefined, events.at(-1)?.time);
    try {
      writer.emit(how);
    } finally {
      writer.close();
    }
  }
  await releaseLock(directory);
}
