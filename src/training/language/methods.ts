import { createHash } from 'node:crypto';
import type { HostTensors } from '../../compute/graph/program';
import type { RunEventBody } from '../../protocol/event';
import { random } from '../../random';
import { agreementPosterior } from '../agreement';
import { byAnnotator, oraclePosterior, type KnownTypes, type Method } from '../baselines/methods';
import { knownGamma } from '../baselines/oracle';
import { expectation } from '../e-step';
import { updateShares } from '../m-step';
import { checkpoints } from './checkpoint';
import { byShare, inOrder } from './assignment';
import { languageEm, type LanguageEmOutcome } from './em';
import { rewardsOf } from './e-step';
import type { Folds } from './folds';
import type { LanguageEmOptions } from './options';
import { batchPlan } from './passes';
import { referenceLogProbabilities } from './reference';
import { responseLogProbabilities } from './score';
import { findStart, type Start } from './starts';
import type { StateMeta } from './state';
import { breather, everyMinute, fingerprint, type LanguageTrainingRequest } from './train';
import { programs, type Workbench } from './workbench';

/** What a method made of the records: a policy for each of its types, or one for everybody. */
export interface LanguageMethod {
  readonly method: Method;
  readonly shares: Float64Array;
  /** Of each type's policy. */
  readonly parameters: readonly HostTensors[];
  /** By type: β (log π − log π_ref) by response id; 0 where a response is not in use. */
  readonly utility: readonly Float64Array[];
  /** Annotators of the table × types, row-major; rows sum to 1. */
  readonly posterior: Float64Array;
}

export interface MethodsRequest extends LanguageTrainingRequest {
  /** Of the table. */
  readonly annotators: number;
  /** What the dataset says about its annotators; told to the oracle alone. */
  readonly known?: KnownTypes;
}

const CLUSTER_STREAM = 0xc1;

/** For the person: what is trained. */
const TITLES: Readonly<Record<Exclude<Method, 'plain-dpo'>, string>> = {
  'em-min-max': 'EM-DPO and plain DPO',
  'hard-em': 'hard EM',
  clusters: 'clusters of annotators',
  oracle: 'the types that the dataset names',
};

/**
 * Trains every method on the same records, from the same seed and reference model, each type's policy for as many
 * passes as EM-DPO's:
 *
 * - EM-DPO and plain DPO as `trainLanguage` does;
 * - hard EM: every annotator wholly in the type that explains the records best, without shares, as MaxMin-RLHF assigns
 *   (Chakraborty et al. 2024, arXiv 2402.08925, algorithm 2), with the start, rounds and cross-fitting of EM-DPO;
 * - clusters: annotators clustered by agreement, then one policy for each cluster;
 * - oracle: one policy for each type that the dataset names.
 *
 * @returns `clusters` is missing where annotators have too few comparisons in common
 * @throws TrainingError with a sentence for the person; the signal's reason when it was stopped
 */
export async function trainMethods(request: MethodsRequest): Promise<LanguageMethod[]> {
  const { data, policy, executor, beta, seed, signal } = request;
  const ready = programs(executor, policy, beta);
  const { problem, texts, usable } = data;
  const breathe = breather(signal);
  try {
    return await trainOn({ problem, texts, usable, policy, programs: ready, beta, seed, breathe }, request);
  } finally {
    await ready.dispose();
  }
}

async function trainOn(bench: Workbench, request: MethodsRequest): Promise<LanguageMethod[]> {
  const { problem, policy, beta, seed } = bench;
  const { options, known, annotators } = request;
  const initial = policy.initial(seed);
  const reference = await referenceLogProbabilities(
    bench,
    request.modelHash,
    initial,
    request.referenceCache,
  );
  const plan = batchPlan(bench, options.optimizer);
  let found: Promise<Start> | undefined;
  const start = (folds: Folds) => (found ??= findStart(bench, initial, reference, folds, options));
  const train = (method: keyof typeof TITLES, own: LanguageEmOptions, given?: Float64Array) =>
    languageEm(
      bench,
      plan,
      reference,
      given ? () => Promise.resolve({ candidates: [], chosen: 0, gamma: given }) : start,
      own,
      hooks(bench, request, method, own, given),
    );
  const methods: LanguageMethod[] = [];
  const add = async (
    method: Method,
    parameters: readonly HostTensors[],
    { shares, gamma }: LanguageEmOutcome['assignment'],
  ): Promise<void> => {
    const utility: Float64Array[] = [];
    for (const each of parameters) {
      utility.push(...rewardsOf([await responseLogProbabilities(bench, each)], reference, beta));
    }
    // annotators who were not clustered, or whose type is not named, have no share yet
    const total = shares.reduce((sum, share) => sum + share, 0);
    const fit = { shares: shares.map((share) => share / total), utility };
    const posterior =
      method === 'oracle' && known
        ? oraclePosterior(problem, fit, known)
        : byAnnotator(problem, { ...fit, gamma: completed(bench, fit, gamma) }, annotators);
    methods.push({ method, parameters, ...fit, posterior });
  };

  const em = await train('em-min-max', options);
  await add('em-min-max', em.policies, em.assignment);
  if (em.plain) {
    const everybody = new Float64Array(problem.profiles).fill(1);
    await add('plain-dpo', [em.plain], { shares: Float64Array.of(1), gamma: everybody, rounds: [] });
  }
  const others: LanguageEmOptions = { ...options, passes: em.passes, plain: false };
  const hard = await train('hard-em', { ...others, assignment: 'hard' });
  await add('hard-em', hard.policies, hard.assignment);
  const clusters = agreementPosterior(problem, options.types, random(seed, options.types, CLUSTER_STREAM));
  if (clusters) {
    const shares = new Float64Array(options.types);
    updateShares(problem, clusters, shares);
    const { gamma } = inOrder({ gamma: clusters, shares, rounds: [] }, byShare(shares));
    const fit = await train('clusters', { ...others, rounds: 0 }, gamma);
    await add('clusters', fit.policies, fit.assignment);
  }
  if (known) {
    const types = known.names.length;
    const gamma = knownGamma(problem, known.typeOf, types);
    const fit = await train('oracle', { ...others, types, rounds: 0 }, gamma);
    await add('oracle', fit.policies, fit.assignment);
  }
  return methods;
}

/** γ with the posterior where its row is empty. */
function completed(
  { problem }: Workbench,
  { shares, utility }: Pick<LanguageMethod, 'shares' | 'utility'>,
  gamma: Float64Array,
): Float64Array {
  const types = shares.length;
  const posterior = new Float64Array(gamma.length);
  expectation(problem, shares, utility, posterior);
  return gamma.map((g, i) => {
    const at = i - (i % types);
    return gamma.subarray(at, at + types).some((each) => each > 0) ? g : posterior[i];
  });
}

/** Events and checkpoints of one method: the run's curves are those of its own training alone. */
function hooks(
  bench: Workbench,
  request: MethodsRequest,
  method: keyof typeof TITLES,
  options: LanguageEmOptions,
  given: Float64Array | undefined,
) {
  const { checkpointFiles, checkpointDue = everyMinute() } = request;
  const hash = createHash('sha256').update(fingerprint(bench, { ...request, options }));
  if (given) hash.update(new Uint8Array(given.buffer, given.byteOffset, given.byteLength));
  request.emit({ type: 'phase', phase: 'aggregating', title: `To compare with: training ${TITLES[method]}` });
  return {
    checkpoints:
      checkpointFiles && checkpoints<StateMeta>(checkpointFiles, `compared-${method}`, hash.digest('hex')),
    checkpointDue,
    emit: (event: RunEventBody) => {
      if (event.type === 'progress') request.emit({ ...event, phase: 'aggregating' });
      else if (event.type === 'warning') request.emit(event);
    },
  };
}
