import type { HostTensors } from '../../compute/graph/program';
import type { RunEventBody } from '../../protocol/event';
import { expectation } from '../e-step';
import { effectiveTypes } from '../fit';
import { rankingWeights, updateShares } from '../m-step';
import type { Problem } from '../problem';
import type { Checkpoints } from './checkpoint';
import { assertRowsSumToOne, crossFittedExpectation, hardExpectation, rewardsOf } from './e-step';
import { half, makeFolds, type Folds } from './folds';
import { newLearner, type Learner } from './learner';
import { LANGUAGE_EM, type LanguageEmOptions } from './options';
import { trainPasses, type BatchPlan, type PassesOptions } from './passes';
import { responseLogProbabilities } from './score';
import type { Start } from './starts';
import { snapshotOf, stateFrom, type Assignment, type StateMeta, type TrainingState } from './state';
import type { Workbench } from './workbench';

export interface EmHooks {
  readonly emit: (event: RunEventBody) => void;
  readonly checkpoints?: Checkpoints<StateMeta>;
  /** Asked after each step: whether a checkpoint is due. */
  readonly checkpointDue?: () => boolean;
}

/** Everything that stays the same during one training. */
interface Training {
  readonly bench: Workbench;
  readonly plan: BatchPlan;
  readonly reference: Float64Array;
  readonly options: LanguageEmOptions;
  readonly hooks: EmHooks;
  readonly folds: Folds;
  /** The records that each set of policies is trained on: two halves, or all of them. */
  readonly parts: readonly Problem[];
  readonly tellProgress: () => void;
}

/** One training of a round or stage. */
interface Job {
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

/** EM without a gain in likelihood ends after so many rounds. */
const PATIENCE = 2;
const BATCH_STREAM = 31;

/** What EM on language models arrived at; types ordered by share, largest first. */
export interface LanguageEmOutcome {
  readonly state: TrainingState;
  /** γ of profiles × K and shares that are kept, with the rounds to the best one. */
  readonly assignment: Assignment;
  /** Of the assignments that are kept, in nats: no record scored by a policy that was trained on it. */
  readonly crossFittedLogLikelihood?: number;
  /** Parameters of each type's policy, trained on all records with these assignments. */
  readonly policies: readonly HostTensors[];
  /** Plain DPO: one policy for everybody, trained as long; absent where it was not wanted. */
  readonly plain?: HostTensors;
  /** Over all records, of each of these policies. */
  readonly passes: number;
  readonly folds: Folds;
}

/**
 * EM-DPO on language models (arXiv 2510.15716): rounds of γ-weighted Plackett–Luce DPO for every type and of E-steps.
 * With cross-fitting each type has two policies, trained on one half of every annotator's records each, and each scores
 * the other half; so every E-step uses all records, and none is scored by a policy that was trained on it. The round of
 * the largest likelihood gives the assignments, unless the log-linear policies that EM started from made the same records
 * likelier: with few records they do. The policies that leave here are trained anew on all records with these
 * assignments, for as many passes as were best.
 *
 * @param start finds where annotators start; asked unless a checkpoint is there, or there is one type only
 */
export async function languageEm(
  bench: Workbench,
  plan: BatchPlan,
  reference: Float64Array,
  start: (folds: Folds) => Promise<Start>,
  options: LanguageEmOptions,
  hooks: EmHooks,
): Promise<LanguageEmOutcome> {
  const folds = makeFolds(bench.problem, bench.seed);
  const parts = options.crossFit ? [0, 1].map((fold) => half(bench.problem, folds, fold)) : [bench.problem];
  const snapshot = await hooks.checkpoints?.load();
  const state = snapshot
    ? stateFrom(bench.policy, snapshot)
    : beginning(bench, options.types === 1 ? undefined : await start(folds), options);
  const tellProgress = progressTeller(options, parts.length, hooks);
  const training: Training = { bench, plan, reference, options, hooks, folds, parts, tellProgress };

  while (state.stage === 'em') {
    await round(training, state);
    finishRound(training, state);
    await keep(training, state);
  }
  const assignment = state.best ?? state.current;
  const passes = options.passes ?? options.optimizer.epochs * Math.max(1, assignment.rounds.length);
  // the one type is trained as plain DPO is
  const withPlain = options.types === 1 || options.plain !== false;
  if (state.stage === 'final') {
    const jobs =
      options.types === 1 ? [] : jobsOf(training, assignment, [bench.problem], () => 'final', passes);
    await runJobs(training, state, jobs);
    await enter(training, state, 'plain');
  }
  if (state.stage === 'plain') {
    const everybody = new Float64Array(bench.problem.profiles).fill(1);
    const weight = rankingWeights(bench.problem, everybody, 1, 0);
    const job = {
      learner: 'plain',
      title: 'plain DPO',
      type: options.types,
      weight,
      round: 0,
      passes,
      final: true,
    };
    if (withPlain) await runJobs(training, state, [job]);
    await enter(training, state, 'done');
  }
  const parametersOf = (name: string): HostTensors => learnerOf(training, state, name, 0).parameters;
  const plain = withPlain ? parametersOf('plain') : undefined;
  const policies =
    options.types === 1
      ? [parametersOf('plain')]
      : Array.from({ length: options.types }, (_, k) => parametersOf(`final/${k}`));
  const crossFittedLogLikelihood = options.crossFit
    ? state.startKept
      ? startLikelihood(state)
      : assignment.rounds.at(-1)?.logLikelihood
    : undefined;
  return { state, assignment, crossFittedLogLikelihood, policies, plain, passes, folds };
}

function beginning(
  { problem }: Workbench,
  start: Start | undefined,
  { types, rounds, assignment }: LanguageEmOptions,
): TrainingState {
  const soft = start?.gamma ?? new Float64Array(problem.profiles).fill(1);
  const gamma =
    assignment === 'hard' ? hardExpectation(problem, { gamma: soft, logLikelihood: 0 }).gamma : soft;
  const from = startFrom(problem, gamma, types);
  return {
    stage: start && rounds > 0 ? 'em' : 'final',
    job: 0,
    cursor: { pass: 0, step: 0 },
    candidates: start?.candidates ?? [],
    chosen: start?.chosen ?? 0,
    start: from,
    current: from,
    startKept: false,
    learners: new Map(),
  };
}

function startFrom(problem: Problem, gamma: Float64Array, types: number): Assignment {
  const shares = new Float64Array(types);
  updateShares(problem, gamma, shares);
  return { gamma, shares, rounds: [] };
}

/** M-step of every type on every part, then the E-step. */
async function round(training: Training, state: TrainingState): Promise<void> {
  const { bench, reference, options, parts, folds } = training;
  const { problem, beta } = bench;
  const jobs = jobsOf(training, state.current, parts, (part) => `part ${part}`, options.optimizer.epochs);
  await runJobs(training, state, jobs);
  const byPart: Float64Array[][] = [];
  for (let part = 0; part < parts.length; part++) {
    const own: Float64Array[] = [];
    for (let k = 0; k < options.types; k++) {
      const { parameters } = learnerOf(training, state, `part ${part}/${k}`, k);
      own.push(await responseLogProbabilities(bench, parameters));
    }
    byPart.push(rewardsOf(own, reference, beta));
  }
  const { gamma: before, rounds } = state.current;
  const hard = options.assignment === 'hard';
  const shares = hard ? state.current.shares.map(() => 1 / options.types) : state.current.shares;
  const posterior = options.crossFit
    ? crossFittedExpectation(problem, shares, byPart, folds)
    : expectation(problem, shares, byPart[0], new Float64Array(before.length));
  const found = hard ? hardExpectation(problem, posterior) : posterior;
  assertRowsSumToOne(found.gamma, options.types);
  const next = startFrom(problem, found.gamma, options.types);
  const summary = {
    round: rounds.length + 1,
    logLikelihood: found.logLikelihood,
    shares: Array.from(next.shares),
    moved: movement(problem, before, found.gamma, options.types),
  };
  state.current = { ...next, rounds: [...rounds, summary] };
  state.job = 0;
  tellRound(training, summary);
}

/** Σ_h Σ_k |Δγ_hk| / 2N */
function movement(problem: Problem, before: Float64Array, after: Float64Array, types: number): number {
  let sum = 0;
  after.forEach((g, i) => (sum += problem.profileCount[Math.floor(i / types)] * Math.abs(g - before[i])));
  return sum / 2 / problem.annotators;
}

function tellRound(
  { hooks, options }: Training,
  { round: iteration, logLikelihood, shares, moved }: Assignment['rounds'][number],
): void {
  const effective = effectiveTypes(shares);
  hooks.emit({
    type: 'em',
    types: options.types,
    start: 0,
    iteration,
    logLikelihood,
    objective: logLikelihood,
    shares,
    effectiveTypes: effective,
  });
  hooks.emit({
    type: 'heldOut',
    round: iteration,
    logLikelihood,
    crossFitted: options.crossFit,
    shares,
    effectiveTypes: effective,
    moved,
  });
}

/** Keeps the best round and sees whether EM has ended. */
function finishRound({ options }: Training, state: TrainingState): void {
  const { rounds } = state.current;
  const last = rounds[rounds.length - 1];
  const best = state.best?.rounds.at(-1);
  if (!best || last.logLikelihood > best.logLikelihood) state.best = state.current;
  const { length } = state.best!.rounds;
  if (last.moved < (options.settled ?? LANGUAGE_EM.settled)) state.ended = 'settled';
  else if (last.round - length >= PATIENCE) state.ended = 'no-gain';
  else if (last.round >= options.rounds) state.ended = 'rounds';
  else return;
  state.startKept = startIsBetter(options, state);
  const { gamma, shares } = state.startKept ? state.start : state.best!;
  state.best = largestFirst({ gamma, shares, rounds: state.best!.rounds });
  state.stage = 'final';
  state.learners.clear();
}

/** Both likelihoods are of all records, over the same halves; that of hard assignments is another quantity. */
function startIsBetter({ crossFit, assignment }: LanguageEmOptions, state: TrainingState): boolean {
  if (!crossFit || assignment === 'hard') return false;
  const start = startLikelihood(state);
  return start !== undefined && start > state.best!.rounds.at(-1)!.logLikelihood;
}

function startLikelihood({ candidates, chosen }: TrainingState): number | undefined {
  return candidates.at(chosen)?.logLikelihood;
}

/** The same assignments with types ordered by share. */
export function largestFirst({ gamma, shares, rounds }: Assignment): Assignment {
  const types = shares.length;
  const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
  return {
    gamma: gamma.map((_, i) => gamma[Math.floor(i / types) * types + order[i % types]]),
    shares: Float64Array.from(order, (k) => shares[k]),
    rounds,
  };
}

function jobsOf(
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
async function runJobs(training: Training, state: TrainingState, jobs: readonly Job[]): Promise<void> {
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
function thinned(emit: EmHooks['emit']): (last: boolean, event: RunEventBody) => void {
  let told = -Infinity;
  return (last, event) => {
    const now = performance.now();
    if (!last && now - told < BETWEEN_EVENTS_MS) return;
    told = now;
    emit(event);
  };
}

/** The learner of that name, new at the reference where there is none yet. */
function learnerOf({ bench }: Training, state: TrainingState, name: string, type: number): Learner {
  const known = state.learners.get(name);
  if (known) return known;
  const made = newLearner(bench.policy, bench.seed * 64 + type);
  state.learners.set(name, made);
  return made;
}

async function enter(training: Training, state: TrainingState, stage: TrainingState['stage']): Promise<void> {
  state.stage = stage;
  state.job = 0;
  await keep(training, state);
}

async function keep({ hooks }: Training, state: TrainingState): Promise<void> {
  await hooks.checkpoints?.save(snapshotOf(state));
}

/** Tells how many trainings are done, as if EM went on for all its rounds. */
function progressTeller(
  { types, rounds, plain }: LanguageEmOptions,
  parts: number,
  { emit }: EmHooks,
): () => void {
  const perRound = types * parts;
  const total = types === 1 ? 1 : rounds * perRound + types + Number(plain !== false);
  const began = performance.now();
  let done = 0;
  return () => {
    done = Math.min(total, done + 1);
    const secondsLeft = ((performance.now() - began) / 1000 / done) * (total - done);
    emit({ type: 'progress', phase: 'fitting', done, total, secondsLeft });
  };
}
