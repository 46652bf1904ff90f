import type { RewardModel } from '../policy/reward-model';
import { random } from '../random';
import { profileLogLikelihoods } from './e-step';
import { fitMixture, type FitOptions } from './fit';
import { annotatorFolds } from './folds';
import type { Problem } from './problem';

export interface HeldOutOptions extends FitOptions {
  readonly folds: number;
  readonly onFold?: (done: number, total: number) => void;
}

/** A fold may lack the evidence for a finite maximum that the whole dataset has. */
const LEAST_PRIOR = 0.01;
const STREAM = 0xf01d;

/**
 * log Σ_k η_k exp Σ ℓ_k of every annotator under a mixture fitted to the other folds, starts and all: k-fold
 * cross-validation by annotator (method.md, choice of K). The split depends on the seed alone, so that numbers of types
 * are compared on the same folds.
 *
 * @returns nats, by place in `profileOf`; NaN where an annotator has no record that is used
 */
export async function heldOutLikelihoods(
  problem: Problem,
  model: RewardModel,
  options: HeldOutOptions,
): Promise<Float64Array> {
  const folds = annotatorFolds(problem, options.folds, random(options.seed, STREAM));
  const likelihood = new Float64Array(problem.profileOf.length).fill(NaN);
  const prior = Math.max(options.prior, LEAST_PRIOR);
  let done = 0;
  for (const { training, heldOut } of folds) {
    const { mixture } = await fitMixture(training, model, { ...options, prior });
    const byProfile = profileLogLikelihoods(problem, mixture.shares, mixture.utility);
    for (const person of heldOut) likelihood[person] = byProfile[problem.profileOf[person]];
    options.onFold?.(++done, folds.length);
  }
  return likelihood;
}

export interface MeanWithError {
  readonly mean: number;
  /** Of the mean. */
  readonly standardError: number;
}

/** @param values NaN where there is none */
export function meanWithError(values: Float64Array): MeanWithError {
  const known = values.filter((value) => !Number.isNaN(value));
  const n = known.length;
  const mean = known.reduce((sum, value) => sum + value, 0) / n;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  return { mean, standardError: Math.sqrt(variance / n) };
}

/**
 * The one-standard-error rule on paired differences: the smallest number of types whose held-out likelihood falls short
 * of the best one's by no more than the standard error of that difference, annotator by annotator.
 *
 * @param likelihoods by number of types, ascending: `heldOutLikelihoods`
 * @returns place of the recommended one, and of the best
 */
export function recommendTypes(likelihoods: readonly Float64Array[]): { recommended: number; best: number } {
  const means = likelihoods.map((each) => meanWithError(each).mean);
  const best = means.indexOf(Math.max(...means));
  const recommended = likelihoods.findIndex((each) => {
    const short = meanWithError(likelihoods[best].map((value, i) => value - each[i]));
    return short.mean <= short.standardError;
  });
  return { recommended, best };
}
