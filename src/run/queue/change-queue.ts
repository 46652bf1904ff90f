import { randomBytes } from 'node:crypto';
import type { ExperimentRequest } from '../experiment';
import { foldQueue } from './fold';
import type { QueueEntry, QueueLists } from './fold';
import { appendChanges, readQueueLog } from './queue-log';
import type { QueueChange } from './queue-event';

/** What is to be added: an experiment and the file it was read from. */
export interface Addition {
  readonly file: string;
  readonly request: ExperimentRequest;
}

/**
 * Adds experiments at the end of a queue, in their order.
 *
 * @returns them as they stand in the queue; one that another process has taken out already is not among them
 * @throws RunError where the queue cannot be written
 */
export async function addToQueue(project: string, additions: readonly Addition[]): Promise<QueueEntry[]> {
  const taken = new Set((await readQueueLog(project)).events.map(({ id }) => id));
  const changes = additions.map((each): QueueChange => ({ type: 'added', id: freeId(taken), ...each }));
  await appendChanges(project, changes);
  const ids = new Set(changes.map(({ id }) => id));
  return everyEntry(await listsOf(project)).filter(({ id }) => ids.has(id));
}

/** Short enough to be typed. */
function freeId(taken: Set<string>): string {
  for (;;) {
    const id = randomBytes(3).toString('hex');
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}

/**
 * Takes an experiment out of a queue, or one that is over off its list.
 *
 * @returns `running` where its turn has come meanwhile; `unknown` where there is none of that id
 * @throws RunError where the queue cannot be read or written
 */
export async function removeFromQueue(
  project: string,
  id: string,
): Promise<'removed' | 'running' | 'unknown'> {
  const before = everyEntry(await listsOf(project)).find((entry) => entry.id === id);
  if (!before) return 'unknown';
  if (before.stage === 'started') return 'running';
  await appendChanges(project, [{ type: 'removed', id }]);
  // whoever works through the queue may have been first
  const left = everyEntry(await listsOf(project)).find((entry) => entry.id === id);
  return left ? 'running' : 'removed';
}

/**
 * Moves a waiting experiment within a queue.
 *
 * @param place 1 is next
 * @returns false where it does not wait
 * @throws RunError where the queue cannot be read or written
 */
export async function moveInQueue(project: string, id: string, place: number): Promise<boolean> {
  const { waiting } = await listsOf(project);
  if (!waiting.some((entry) => entry.id === id)) return false;
  const others = waiting.filter((entry) => entry.id !== id);
  const before = others.at(Math.max(1, place) - 1)?.id;
  await appendChanges(project, [{ type: 'moved', id, before }]);
  return (await listsOf(project)).waiting.some((entry) => entry.id === id);
}

export async function listsOf(project: string): Promise<QueueLists> {
  return foldQueue((await readQueueLog(project)).events);
}

function everyEntry({ started, waiting, ended }: QueueLists): QueueEntry[] {
  return [...started, ...waiting, ...ended];
}
