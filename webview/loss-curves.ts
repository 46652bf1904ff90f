import type { HeldOutEvent, LossEvent } from '../src/protocol/event';

/** One point of a policy's curve. `at` counts steps over all rounds, every policy's rounds starting together. */
export interface LossPoint extends LossEvent {
  readonly at: number;
  /** Points of one policy with the same number are one line. */
  readonly line: number;
}

/** A stretch of the horizontal axis: a round of EM, or the last training of each policy. */
export interface Stage {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

export interface LossCurves {
  readonly points: readonly LossPoint[];
  readonly stages: readonly Stage[];
  /** In order of appearance. */
  readonly policies: readonly string[];
}

export type TrainingEvent = LossEvent | HeldOutEvent;

/**
 * Lays the trainings of a run one after the other. An E-step ends a stage; within it each policy goes its own way, and
 * cross-fitted halves follow each other.
 */
export function lossCurves(events: readonly TrainingEvent[]): LossCurves {
  const points: LossPoint[] = [];
  const stages: Stage[] = [];
  const policies = new Set<string>();
  let [begin, line] = [0, 0];
  /** By policy, in this stage: where its present training began, and its last event. */
  let going = new Map<string, { readonly from: number; readonly last: LossEvent }>();
  let before: { readonly round: number; readonly start: number } | undefined;
  let now = { round: 0, start: 0 };

  const open = (round: number) => {
    const start = before?.round === round && round > 0 ? before.start + 1 : 1;
    // a round goes on from the one before; a start, the round after several and the last training do not
    if (before && (round !== before.round + 1 || before.start > 1)) line++;
    now = { round, start };
  };
  const close = () => {
    if (going.size === 0) return;
    const to = Math.max(...[...going.values()].map(({ from, last }) => from + last.steps));
    const { round, start } = now;
    const title = round === 0 ? 'final' : start > 1 ? `start ${start}` : `round ${round}`;
    stages.push({ from: begin, to, title });
    begin = to;
    before = now;
    going = new Map();
  };

  for (const event of events) {
    if (event.type === 'heldOut' || (going.size > 0 && event.round !== now.round)) close();
    if (event.type === 'heldOut') continue;
    policies.add(event.policy);
    if (going.size === 0) open(event.round);
    const known = going.get(event.policy);
    const anew = known && (event.step <= known.last.step || event.steps !== known.last.steps);
    const from = anew ? known.from + known.last.steps : (known?.from ?? begin);
    going.set(event.policy, { from, last: event });
    points.push({ ...event, at: from + event.step, line });
  }
  close();
  return { points, stages, policies: [...policies] };
}
