import type { ExperimentRequest } from '../experiment';
import type { QueueEvent, QueueOutcome } from './queue-event';

/** An experiment of a queue, as the changes up to now have left it. */
export interface QueueEntry {
  readonly id: string;
  /** When it was added, ISO 8601 in UTC. */
  readonly added: string;
  /** The file it was added from. */
  readonly file: string;
  readonly request: ExperimentRequest;
  readonly stage: 'waiting' | 'started' | 'ended';
  /** Name of its run directory; absent until its turn has come. Of a waiting one: the run that is to go on. */
  readonly run?: string;
  readonly state?: QueueOutcome;
  readonly message?: string;
}

export interface QueueLists {
  /** In the order in which their turn comes. */
  readonly waiting: readonly QueueEntry[];
  /** Usually one; in the order in which they were started. */
  readonly started: readonly QueueEntry[];
  /** In the order in which they ended. */
  readonly ended: readonly QueueEntry[];
}

/**
 * What a queue holds after its changes, in the order of its file. A change that cannot be (of an experiment that is not
 * there, or not where the change takes it from) changes nothing.
 */
export function foldQueue(events: readonly QueueEvent[]): QueueLists {
  const known = new Set<string>();
  let lists: QueueLists = { waiting: [], started: [], ended: [] };
  for (const event of events) {
    if (event.type === 'added') {
      if (known.has(event.id)) continue;
      known.add(event.id);
    }
    lists = after(lists, event);
  }
  return lists;
}

function after({ waiting, started, ended }: QueueLists, event: QueueEvent): QueueLists {
  const { id } = event;
  const inWaiting = waiting.find((entry) => entry.id === id);
  const inStarted = started.find((entry) => entry.id === id);
  switch (event.type) {
    case 'added': {
      const { time: added, file, request } = event;
      return { waiting: [...waiting, { id, added, file, request, stage: 'waiting' }], started, ended };
    }
    case 'removed':
      return { waiting: without(waiting, id), started, ended: without(ended, id) };
    case 'moved':
      return { waiting: inWaiting ? placed(waiting, inWaiting, event.before) : waiting, started, ended };
    case 'started': {
      const entry = inWaiting ?? inStarted;
      if (!entry) return { waiting, started, ended };
      const now: QueueEntry = { ...entry, stage: 'started', run: event.run };
      return { waiting: without(waiting, id), started: [...without(started, id), now], ended };
    }
    case 'ended': {
      if (!inStarted) return { waiting, started, ended };
      const { state, message, unwritten } = event;
      const run = unwritten ? undefined : inStarted.run;
      const now: QueueEntry = { ...inStarted, stage: 'ended', run, state, message };
      return { waiting, started: without(started, id), ended: [...ended, now] };
    }
    case 'interrupted':
      if (!inStarted) return { waiting, started, ended };
      return {
        waiting: [{ ...inStarted, stage: 'waiting' }, ...waiting],
        started: without(started, id),
        ended,
      };
  }
}

function without(entries: readonly QueueEntry[], id: string): QueueEntry[] {
  return entries.filter((entry) => entry.id !== id);
}

/** @param before goes to the head where this one does not wait any more: it has just been taken from there */
function placed(
  waiting: readonly QueueEntry[],
  entry: QueueEntry,
  before: string | undefined,
): readonly QueueEntry[] {
  if (before === entry.id) return waiting;
  const others = without(waiting, entry.id);
  if (before === undefined) return [...others, entry];
  const at = Math.max(
    0,
    others.findIndex(({ id }) => id === before),
  );
  return [...others.slice(0, at), entry, ...others.slice(at)];
}
