import * as v from 'valibot';
import type { RunState } from '../../protocol/run';
import type { Shape } from '../checked';
import type { ExperimentRequest } from '../experiment';
import { requestShape } from '../experiment-shape';

/** How the run of a queued experiment ended. */
export type QueueOutcome = Extract<RunState, 'finished' | 'failed' | 'cancelled' | 'dead'>;

/**
 * One change of a queue. It counts only where it can be, as fold.ts says: of two processes that contradict each other
 * the one whose line is first has its way.
 */
export type QueueChange =
  /** The experiment as it was then, complete: what becomes of its file later does not matter. `file`: that file. */
  | {
      readonly type: 'added';
      readonly id: string;
      readonly file: string;
      readonly request: ExperimentRequest;
    }
  /** Takes a waiting experiment out, or one that is over off the list. */
  | { readonly type: 'removed'; readonly id: string }
  /** Puts a waiting experiment before another one, or last. */
  | { readonly type: 'moved'; readonly id: string; readonly before?: string }
  /** Its turn has come. `run`: name of its directory in `.emdpo/runs`. */
  | { readonly type: 'started'; readonly id: string; readonly run: string }
  /** `unwritten`: it has no run directory, as nothing could be written into it. */
  | {
      readonly type: 'ended';
      readonly id: string;
      readonly state: QueueOutcome;
      readonly message?: string;
      readonly unwritten?: true;
    }
  /** Its run was stopped together with the queue: it is the next one, and goes on from where it was. */
  | { readonly type: 'interrupted'; readonly id: string };

/** A line of queue.jsonl. The time is ISO 8601 in UTC. */
export type QueueEvent = { readonly time: string } & QueueChange;

const time = v.string();
const id = v.pipe(v.string(), v.regex(/^[0-9a-z]{1,32}$/));
/** A name, never a path: it must not lead out of the runs' folder. */
const run = v.pipe(v.string(), v.regex(/^[^/\\]+$/), v.notValues(['.', '..']));

export const queueEventShape: Shape<QueueEvent> = v.variant('type', [
  v.looseObject({ time, type: v.literal('added'), id, file: v.string(), request: requestShape }),
  v.looseObject({ time, type: v.literal('removed'), id }),
  v.looseObject({ time, type: v.literal('moved'), id, before: v.optional(id) }),
  v.looseObject({ time, type: v.literal('started'), id, run }),
  v.looseObject({
    time,
    type: v.literal('ended'),
    id,
    state: v.picklist(['finished', 'failed', 'cancelled', 'dead']),
    message: v.optional(v.string()),
    unwritten: v.optional(v.literal(true)),
  }),
  v.looseObject({ time, type: v.literal('interrupted'), id }),
]);
