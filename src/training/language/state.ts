import type { Assignment, RoundSummary } from './assignment';
import type { Column, Snapshot } from './checkpoint';
import { learnerColumns, learnerFrom, type Learner } from './learner';
import type { Cursor } from './passes';
import type { TrainablePolicy } from './policy';
import type { StartCandidate } from './starts';

export type Stage = 'em' | 'final' | 'plain' | 'done';

/** Why EM ended: assignments settled, the likelihood gained no more, or the rounds were used up. */
export type Ending = 'settled' | 'no-gain' | 'rounds';

/** Where EM on language models stands between two steps, complete: from it training goes on as if never stopped. */
export interface TrainingState {
  stage: Stage;
  /** Trainings of this round or stage that are done. */
  job: number;
  cursor: Cursor;
  readonly candidates: readonly StartCandidate[];
  /** Candidate that EM started from. */
  readonly chosen: number;
  /** What EM started from. */
  readonly start: Assignment;
  current: Assignment;
  /** The round with the largest likelihood; once EM has ended, the assignments that are kept. */
  best?: Assignment;
  /** Once EM has ended: those of the start are kept, as they made held-out records likelier than any round did. */
  startKept: boolean;
  /** Once EM has ended: the types as rounds count them, in the order of `best`. */
  order?: readonly number[];
  /** Most probable type of each profile, by round, as rounds count types. */
  readonly labels: Map<number, Int32Array>;
  ended?: Ending;
  learners: Map<string, Learner>;
}

interface AssignmentMeta {
  readonly rounds: readonly RoundSummary[];
}

/** The part of a state that goes into a checkpoint as JSON. */
export interface StateMeta {
  readonly stage: Stage;
  readonly job: number;
  readonly cursor: Cursor;
  readonly candidates: readonly StartCandidate[];
  readonly chosen: number;
  readonly start: AssignmentMeta;
  readonly current: AssignmentMeta;
  readonly best?: AssignmentMeta;
  readonly startKept: boolean;
  readonly order?: readonly number[];
  readonly ended?: Ending;
  /** Optimiser steps of each learner. */
  readonly learners: Readonly<Record<string, number>>;
}

const ASSIGNMENTS = ['start', 'current', 'best'] as const;

const labelsOf = (round: number): string => `round/${round}/labels`;

export function snapshotOf(state: TrainingState): Snapshot<StateMeta> {
  const { stage, job, cursor, candidates, chosen, start, current, best, startKept, order, ended } = state;
  const { labels, learners } = state;
  const columns: Record<string, Column> = {};
  for (const name of ASSIGNMENTS) {
    const assignment = state[name];
    if (!assignment) continue;
    columns[`${name}/gamma`] = assignment.gamma;
    columns[`${name}/shares`] = assignment.shares;
  }
  for (const [round, own] of labels) columns[labelsOf(round)] = own;
  for (const [name, learner] of learners) Object.assign(columns, learnerColumns(name, learner));
  return {
    meta: {
      stage,
      job,
      cursor,
      candidates,
      chosen,
      start: { rounds: start.rounds },
      current: { rounds: current.rounds },
      best: best && { rounds: best.rounds },
      startKept,
      order,
      ended,
      learners: Object.fromEntries(Array.from(learners, ([name, { optimiser }]) => [name, optimiser.steps])),
    },
    columns,
  };
}

export function stateFrom(policy: TrainablePolicy, { meta, columns }: Snapshot<StateMeta>): TrainingState {
  const floats = (name: string): Float64Array => {
    const column = columns[name];
    if (!(column instanceof Float64Array)) throw new Error(`The checkpoint lacks “${name}”.`);
    return column;
  };
  const assignment = (name: (typeof ASSIGNMENTS)[number]): Assignment | undefined => {
    const own = meta[name];
    return own && { gamma: floats(`${name}/gamma`), shares: floats(`${name}/shares`), rounds: own.rounds };
  };
  const start = assignment('start');
  const current = assignment('current');
  if (!start || !current) throw new Error('The checkpoint lacks its assignments.');
  return {
    stage: meta.stage,
    job: meta.job,
    cursor: meta.cursor,
    candidates: meta.candidates,
    chosen: meta.chosen,
    start,
    current,
    best: assignment('best'),
    startKept: meta.startKept,
    order: meta.order,
    labels: new Map(
      current.rounds.flatMap(({ round }) => {
        const own = columns[labelsOf(round)];
        // a checkpoint of an earlier version has none
        return own instanceof Int32Array ? [[round, own]] : [];
      }),
    ),
    ended: meta.ended,
    learners: new Map(
      Object.entries(meta.learners).map(([name, steps]) => [name, learnerFrom(policy, name, columns, steps)]),
    ),
  };
}
