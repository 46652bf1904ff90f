import type { RunEventBody } from '../../protocol/event';
import { rankingWeights } from '../m-step';
import type { Problem } from '../problem';
import type { Assignment } from './assignment';
import { keep, type Training } from './em-training';
import { newLearner, type Learner } from './learner';
import { LANGUAGE_EM } from './options';
import { trainPasses, type PassesOptions } from './passes';
import type { TrainingState } from './state';

/** One training of a round or stage. */
export interface Job {
  /** Key of its learner. */
  readonly learner: string;
  /** For messages and events. */
  readonly title: string;
  readonly type: number;
  readonly weight: Float64Array;
  readonly round: number;
  readonly passes: number;
  readonly final: boolean;
}

const BATCH_STREAM = 31;

/** One training for each type on each part, on the records of annotators who may belong to it. */
export function jobsOf(
  { options }: Training,
  { gamma, rounds }: Assignment,
  parts: readonly Problem[],
  learner: (part: number) => string,
  passes: number,
): Job[] {
  const least = options.threshold ?? LANGUAGE_EM.threshold;
  const certain = gamma.map((g) => (g < least ? 0 : g));
  return Array.from({ length: options.types }, (_, k) =>
    parts.map((part, p): Job => {
      const final = learner(p) === 'final';
      return {
        learner: `${learner(p)}/${k}`,
        title: `type ${k + 1}`,
        type: k,
        weight: rankingWeights(part, certain, options.types, k),
        round: final ? 0 : rounds.length + 1,
        passes,
        final,
      };
    }),
  ).flat();
}

/** Runs the jobs that are not done yet, one after the other, from where the state stands. */
export async function runJobs(training: Training, state: TrainingState, jobs: readonly Job[]): Promise<void> {
  const { bench, plan, reference, hooks, tellProgress } = training;
  while (state.job < jobs.length) {
    const job = jobs[state.job];
    const learner = learnerOf(training, state, job.learner, job.type);
    await trainPasses(bench, plan, learner, reference, job.weight, {
      ...passesOptions(training, job, state),
      onBoundary: async (cursor) => {
        state.cursor = cursor;
        if (hooks.checkpointDue?.()) await keep(training, state);
      },
    });
    state.job++;
    state.cursor = { pass: 0, step: 0 };
    tellProgress();
  }
}

function passesOptions({ options, hooks }: Training, job: Job, state: TrainingState): PassesOptions {
  const tell = thinned(hooks.emit);
  return {
    ...options.optimizer,
    passes: job.passes,
    prior: options.prior,
    decay: job.final ? 'cosine' : 'constant',
    stream: [BATCH_STREAM, job.round, state.job, Number(job.final)],
    from: state.cursor,
    plainMean: options.plainMean,
    title: job.title,
    onStep: ({ step, steps, loss, margin, accuracy, drift }) => {
      tell(step === steps, {
        type: 'loss',
        policy: job.title,
        round: job.round,
        step,
        steps,
        loss,
        margin,
        accuracy,
        drift,
      });
    },
    onWarning: (code, message) => {
      hooks.emit({ type: 'warning', code, message });
    },
  };
}

const BETWEEN_EVENTS_MS = 500;

/** Passes on an event now and then, and the last. */
function thinned(emit: Training['hooks']['emit']): (last: boolean, event: RunEventBody) => void {
  let told = -Infinity;
  return (last, event) => {
    const now = performance.now();
    if (!last && now - told < BETWEEN_EVENTS_MS) return;
    told = now;
    emit(event);
  };
}

/** The learner of that name, new at the reference where there is none yet. */
export function learnerOf({ bench }: Training, state: TrainingState, name: string, type: number): Learner {
  const known = state.learners.get(name);
  if (known) return known;
  const made = newLearner(bench.policy, bench.seed * 64 + type);
  state.learners.set(name, made);
  return made;
}
