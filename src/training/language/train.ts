import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import { logLikelihoods } from '../../compute/kernels/plackett-luce';
import type { Alarm } from '../../protocol/result';
import { expectation } from '../e-step';
import { rankingWeights } from '../m-step';
import { languageAlarms } from './alarms';
import { checkpoints, type CheckpointFiles } from './checkpoint';
import { languageEm } from './em';
import type { EmHooks } from './em-training';
import { rewardsOf } from './e-step';
import { addMetrics, metricsOf, noMetrics, type Metrics } from './metrics';
import type { LanguageEmOptions } from './options';
import { batchPlan } from './passes';
import type { TrainablePolicy } from './policy';
import type { LanguageData } from './prepare';
import { referenceLogProbabilities, type NumberCache } from './reference';
import { responseLogProbabilities } from './score';
import { findStart, type StartCandidate } from './starts';
import type { RoundSummary } from './assignment';
import type { Ending, StateMeta } from './state';
import { programs, type Workbench } from './workbench';

export interface LanguageTrainingRequest {
  readonly data: LanguageData;
  readonly policy: TrainablePolicy;
  /** SHA-256 of the reference model: key of its cached log-probabilities. */
  readonly modelHash: string;
  readonly executor: Executor;
  readonly beta: number;
  readonly seed: number;
  readonly options: LanguageEmOptions;
  readonly signal: AbortSignal;
  readonly emit: EmHooks['emit'];
  readonly referenceCache?: NumberCache;
  readonly checkpointFiles?: CheckpointFiles;
  /** Asked after each step; once a minute unless told otherwise. */
  readonly checkpointDue?: () => boolean;
}

/** A policy that was trained, and how it does on the records it was trained on. */
export interface TrainedPolicy {
  readonly parameters: HostTensors;
  /** log π by response id; NaN where a response is not in use. */
  readonly logProbabilities: Float64Array;
  /** β (log π − log π_ref) by response id. */
  readonly rewards: Float64Array;
  /** On all records, weighted by γ. */
  readonly metrics: Metrics;
}

/** EM-DPO on language models: types ordered by share, largest first. */
export interface LanguageFit {
  readonly types: readonly TrainedPolicy[];
  /** DPO with one policy for everybody. */
  readonly plain: TrainedPolicy;
  readonly shares: Float64Array;
  /** γ, profiles × K; cross-fitted where asked for. */
  readonly gamma: Float64Array;
  /** Marginal log-likelihood of all records under the final policies, which were trained on them. */
  readonly logLikelihood: number;
  /** Of the assignments that were kept; no record scored by a policy that was trained on it. Absent without cross-fitting. */
  readonly crossFittedLogLikelihood?: number;
  /** Log-likelihood of all records when every reward is 0. */
  readonly chanceLogLikelihood: number;
  readonly plainLogLikelihood: number;
  /** log π_ref by response id. */
  readonly reference: Float64Array;
  readonly rounds: readonly RoundSummary[];
  /**
   * Most probable type of each profile, by round, as rounds count types; and these types in the order of `shares`. Absent
   * where no round was trained.
   */
  readonly assigned?: {
    readonly order: readonly number[];
    readonly labels: ReadonlyMap<number, Int32Array>;
  };
  /** The round under which held-out records were likeliest, 1-based; 0 for one type. */
  readonly bestRound: number;
  /** Assignments of the start were kept: they made the same records likelier than any round did. */
  readonly startKept: boolean;
  readonly ended: Ending;
  /** What was tried as a start. */
  readonly starts: readonly (StartCandidate & { readonly chosen: boolean })[];
  /** Annotators with one distinct record, which cannot be divided into halves. */
  readonly undivided: number;
  readonly alarms: readonly Alarm[];
}

const CHECKPOINT_EVERY_MS = 60_000;
const LONGEST_TURN_MS = 20;

/**
 * Trains a mixture of language models on rankings.
 *
 * @throws TrainingError with a sentence for the person; the signal's reason when it was stopped
 */
export async function trainLanguage(request: LanguageTrainingRequest): Promise<LanguageFit> {
  const { data, policy, executor, beta, seed, signal } = request;
  const ready = programs(executor, policy, beta);
  const bench: Workbench = {
    problem: data.problem,
    texts: data.texts,
    usable: data.usable,
    policy,
    programs: ready,
    beta,
    seed,
    breathe: breather(signal),
  };
  try {
    for (const { code, message } of data.warnings) request.emit({ type: 'warning', code, message });
    return await trainOn(bench, request);
  } finally {
    await ready.dispose();
  }
}

/** Lets other work run now and then, and stops training when the signal says so. */
export function breather(signal: AbortSignal): () => Promise<void> {
  let turn = performance.now();
  return async () => {
    if (performance.now() - turn > LONGEST_TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    signal.throwIfAborted();
  };
}

/** True when the first minute, and every further one, has gone by. */
export function everyMinute(): () => boolean {
  let last = performance.now();
  return () => {
    if (performance.now() - last < CHECKPOINT_EVERY_MS) return false;
    last = performance.now();
    return true;
  };
}

async function trainOn(bench: Workbench, request: LanguageTrainingRequest): Promise<LanguageFit> {
  const { options, emit, checkpointFiles, checkpointDue = everyMinute() } = request;
  const { problem, policy, beta } = bench;
  emit({ type: 'phase', phase: 'fitting', title: 'Scoring the responses under the reference model' });
  const initial = policy.initial(bench.seed);
  const reference = await referenceLogProbabilities(
    bench,
    request.modelHash,
    initial,
    request.referenceCache,
  );
  const plan = batchPlan(bench, options.optimizer);
  emit({ type: 'phase', phase: 'fitting', title: 'Training a language model for each type' });
  const outcome = await languageEm(
    bench,
    plan,
    reference,
    (halves) => findStart(bench, initial, reference, halves, options),
    options,
    {
      emit,
      checkpoints:
        checkpointFiles && checkpoints<StateMeta>(checkpointFiles, 'em', fingerprint(bench, request)),
      checkpointDue,
    },
  );
  const { state, assignment, folds } = outcome;
  if (!outcome.plain) throw new Error('A run always trains plain DPO.');
  const { gamma, shares } = assignment;
  const trained = async (parameters: HostTensors, weight: Float64Array): Promise<TrainedPolicy> => {
    const logProbabilities = await responseLogProbabilities(bench, parameters);
    const [rewards] = rewardsOf([logProbabilities], reference, beta);
    return { parameters, logProbabilities, rewards, metrics: evaluate(bench, rewards, weight) };
  };
  const types: TrainedPolicy[] = [];
  for (const [k, parameters] of outcome.policies.entries()) {
    types.push(await trained(parameters, rankingWeights(problem, gamma, options.types, k)));
  }
  const everybody = new Float64Array(problem.profiles).fill(1);
  const plain =
    options.types === 1 ? types[0] : await trained(outcome.plain, rankingWeights(problem, everybody, 1, 0));
  const likelihood = (of: Float64Array, rewards: readonly Float64Array[]): number =>
    expectation(problem, of, rewards, new Float64Array(problem.profiles * of.length)).logLikelihood;
  const one = Float64Array.of(1);
  const chanceLogLikelihood = likelihood(one, [new Float64Array(reference.length)]);
  const fit: Omit<LanguageFit, 'alarms'> = {
    types,
    plain,
    shares,
    gamma,
    logLikelihood: likelihood(
      shares,
      types.map(({ rewards }) => rewards),
    ),
    crossFittedLogLikelihood: outcome.crossFittedLogLikelihood,
    chanceLogLikelihood,
    plainLogLikelihood: likelihood(one, [plain.rewards]),
    reference,
    rounds: state.current.rounds,
    assigned: state.order && { order: state.order, labels: state.labels },
    bestRound: assignment.rounds.length,
    startKept: state.startKept,
    ended: state.ended ?? 'rounds',
    starts: state.candidates.map((candidate, i) => ({ ...candidate, chosen: i === state.chosen })),
    undivided: folds.undivided,
  };
  return { ...fit, alarms: languageAlarms(problem, fit) };
}

/** What a policy makes of all records, by the exact likelihood. */
function evaluate(
  { problem: { rankings }, beta }: Workbench,
  rewards: Float64Array,
  weight: Float64Array,
): Metrics {
  const likelihoods = new Float64Array(rankings.count);
  logLikelihoods(rankings, rewards, likelihoods);
  const sums = noMetrics();
  addMetrics(
    sums,
    rankings,
    Array.from({ length: rankings.count }, (_, ranking) => ({
      ranking,
      weight: weight[ranking],
      slots: Array.from(rankings.option.subarray(rankings.start[ranking], rankings.start[ranking + 1])),
    })),
    likelihoods,
    rewards.map((r) => r / beta),
    beta,
  );
  return metricsOf(sums);
}

/** Of all that the numbers of a training depend on: a checkpoint of any other one is not taken up. */
export function fingerprint(
  { problem, texts, policy, beta, seed }: Workbench,
  request: Pick<LanguageTrainingRequest, 'executor' | 'modelHash' | 'options'>,
): string {
  const hash = createHash('sha256');
  const { executor, modelHash, options } = request;
  hash.update(
    JSON.stringify([
      modelHash,
      policy.parameters,
      policy.name,
      beta,
      seed,
      options,
      executor.id,
      executor.threads,
    ]),
  );
  const { rankings, profileRanking, profileWeight, profileStart } = problem;
  for (const column of [
    rankings.start,
    rankings.option,
    rankings.level,
    profileRanking,
    profileWeight,
    profileStart,
    ...texts.prompt,
    ...texts.response,
  ]) {
    hash.update(`${column.length}/`);
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}
