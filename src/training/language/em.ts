import type { HostTensors } from '../../compute/graph/program';
import { expectation } from '../e-step';
import { hardLabels } from '../labels';
import { rankingWeights } from '../m-step';
import { assignmentFrom, byShare, inOrder, movement, type Assignment } from './assignment';
import { crossFittedExpectation, assertRowsSumToOne, hardExpectation, rewardsOf } from './e-step';
import { progressTeller, tellRound } from './em-events';
import { jobsOf, learnerOf, runJobs } from './em-jobs';
import { enter, keep, type EmHooks, type Training } from './em-training';
import { half, makeFolds, type Folds } from './folds';
import { LANGUAGE_EM, type LanguageEmOptions } from './options';
import type { BatchPlan } from './passes';
import { responseLogProbabilities } from './score';
import type { Start } from './starts';
import { stateFrom, type TrainingState } from './state';
import type { Workbench } from './workbench';

/** EM without a gain in likelihood ends after so many rounds. */
const PATIENCE = 2;

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
  const from = assignmentFrom(problem, gamma, types);
  return {
    stage: start && rounds > 0 ? 'em' : 'final',
    job: 0,
    cursor: { pass: 0, step: 0 },
    candidates: start?.candidates ?? [],
    chosen: start?.chosen ?? 0,
    start: from,
    current: from,
    startKept: false,
    labels: new Map(),
    learners: new Map(),
  };
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
  const next = assignmentFrom(problem, found.gamma, options.types);
  const summary = {
    round: rounds.length + 1,
    logLikelihood: found.logLikelihood,
    shares: Array.from(next.shares),
    moved: movement(problem, before, found.gamma, options.types),
  };
  state.current = { ...next, rounds: [...rounds, summary] };
  state.labels.set(summary.round, hardLabels(found.gamma, options.types));
  state.job = 0;
  tellRound(training, summary);
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
  state.order = byShare(shares);
  state.best = inOrder({ gamma, shares, rounds: state.best!.rounds }, state.order);
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
