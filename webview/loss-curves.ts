import type { HeldOutEvent, LossEvent } from '../src/protocol/event';

/** One point of a policy's curve. `at` counts steps over all rounds, every policy's rounds starting together. */
export interface LossPoint extends LossEvent {
  readonly at: number;
  /** Which training of its policy: a line is broken between two. */
  readonly training: number;
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

/** Lays the trainings of a run one after the other. An E-step ends a stage; within it each policy goes its own way. */
export function lossCurves(events: readonly TrainingEvent[]): LossCurves {
  const points: LossPoint[] = [];
  const stages: Stage[] = [];
  const policies = new Set<string>();
  let [begin, training] = [0, 0];
  /** By policy, in this stage: where its training began, and its last event. */
  let going = new Map<string, { from: number; last: LossEvent; training: number }>();

  const close = () => {
    if (going.size === 0) return;
    const end = Math.max(...[...going.values()].map(({ from, last }) => from + last.steps));
    const { round } = [...going.values()][0].last;
    stages.push({ from: begin, to: end, title: stageTitle(round, stages) });
    begin = end;
    going = new Map();
  };

  for (const event of events) {
    if (event.type === 'heldOut') {
      close();
      continue;
    }
    policies.add(event.policy);
    let now = going.get(event.policy);
    const other = [...going.values()].at(0)?.last.round;
    if (other !== undefined && other !== event.round) {
      close();
      now = undefined;
    }
    if (!now || event.step <= now.last.step || event.steps !== now.last.steps) {
      training++;
      now = { from: now ? now.from + now.last.steps : begin, last: event, training };
    }
    now = { ...now, last: event };
    going.set(event.policy, now);
    points.push({ ...event, at: now.from + event.step, training: now.training });
  }
  close();
  return { points, stages, policies: [...policies] };
}

/** Round 1 is there once for each start that was tried. */
function stageTitle(round: number, before: readonly Stage[]): string {
  if (round === 0) return 'final';
  const title = `round ${round}`;
  const times = before.filter((stage) => stage.title.split(',')[0] === title).length;
  return times === 0 ? title : `${title}, start ${times + 1}`;
}
