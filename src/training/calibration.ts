import { logLikelihoods } from '../compute/kernels/plackett-luce';
import type { Rankings } from '../compute/kernels/rankings';
import { normaliseLogRow } from '../compute/log-row';
import type { RewardModel } from '../policy/reward-model';
import type { Calibration, CalibrationBin } from '../protocol/stability';
import { random } from '../random';
import { runEm, type Mixture } from './em';
import type { MixtureFit } from './fit';
import { annotatorFolds } from './folds';
import type { Problem } from './problem';

export interface CalibrationOptions {
  /** Parts that annotators are split into: each is predicted by types fitted to the others. */
  readonly folds: number;
  readonly seed: number;
  readonly prior: number;
  readonly iterations: number;
  readonly breathe: () => Promise<void>;
  readonly onFold: (done: number, total: number) => void;
}

/** A prediction: the probability of the response that was expected to come first, and whether it did. */
export interface Prediction {
  readonly stated: number;
  /** 1 or 0; a fraction where several responses are expected alike and one of them came first. */
  readonly right: number;
}

/** A fold may lack the evidence for a finite maximum that the whole dataset has. */
const LEAST_PRIOR = 0.01;
const TOLERANCE = 1e-6;
const STREAM = 0xca1b;
const BINS = 10;

/**
 * Whether stated probabilities come true. Annotators are held out in folds; types are refitted to the others, from where
 * the fit stands. Half of a held-out annotator’s distinct rankings give the posterior γ over types, and the other half
 * is predicted: P(y first) = Σ_k γ_k exp(u_k(y)) / Σ exp(u_k). Neither the types nor γ have seen what is predicted.
 *
 * @returns undefined where no annotator has two different rankings with a single best response
 */
export async function calibrate(
  problem: Problem,
  model: RewardModel,
  fit: MixtureFit,
  options: CalibrationOptions,
): Promise<Calibration | undefined> {
  const em = {
    prior: Math.max(options.prior, LEAST_PRIOR),
    tolerance: TOLERANCE,
    iterations: options.iterations,
    breathe: options.breathe,
    onIteration: () => undefined,
  };
  const folds = annotatorFolds(problem, options.folds, random(options.seed, STREAM));
  const predictions: Prediction[] = [];
  let annotators = 0;
  let unsplit = 0;
  let tied = 0;
  for (const [i, { training, heldOut }] of folds.entries()) {
    const { mixture } = await runEm(training, model, fit.mixture, em);
    const likelihoods = mixture.utility.map((u) => {
      const byRanking = new Float64Array(problem.rankings.count);
      logLikelihoods(problem.rankings, u, byRanking);
      return byRanking;
    });
    for (const person of heldOut) {
      const profile = problem.profileOf[person];
      const from = problem.profileStart[profile];
      const entries = Int32Array.from(
        { length: problem.profileStart[profile + 1] - from },
        (_, e) => from + e,
      );
      if (entries.length < 2) {
        unsplit++;
        continue;
      }
      random(options.seed, STREAM, person).shuffle(entries);
      const half = Math.ceil(entries.length / 2);
      const gamma = placeAnnotator(problem, mixture, likelihoods, entries.subarray(0, half));
      const before = predictions.length;
      for (const entry of entries.subarray(half)) {
        const made = predictFirst(problem.rankings, problem.profileRanking[entry], mixture, gamma);
        if (made) predictions.push(made);
        else tied++;
      }
      if (predictions.length > before) annotators++;
    }
    options.onFold(i + 1, folds.length);
    await options.breathe();
  }
  if (predictions.length === 0) return undefined;
  return { predictions: predictions.length, annotators, unsplit, tied, ...reliability(predictions) };
}

/** γ from some of an annotator’s rankings. */
function placeAnnotator(
  problem: Problem,
  mixture: Mixture,
  likelihoods: readonly Float64Array[],
  entries: Int32Array,
): Float64Array {
  const gamma = mixture.shares.map((share, k) =>
    entries.reduce(
      (sum, entry) => sum + problem.profileWeight[entry] * likelihoods[k][problem.profileRanking[entry]],
      Math.log(share),
    ),
  );
  normaliseLogRow(gamma);
  return gamma;
}

/** @returns undefined where several responses share the first place */
function predictFirst(
  rankings: Rankings,
  r: number,
  mixture: Mixture,
  gamma: Float64Array,
): Prediction | undefined {
  const from = rankings.start[r];
  const to = rankings.start[r + 1];
  if (rankings.level[from + 1] === rankings.level[from]) return undefined;
  const chances = new Float64Array(to - from);
  mixture.utility.forEach((utility, k) => {
    const own = Float64Array.from(rankings.option.subarray(from, to), (y) => utility[y]);
    normaliseLogRow(own);
    own.forEach((chance, i) => (chances[i] += gamma[k] * chance));
  });
  const stated = Math.max(...chances);
  const expected = chances.reduce((count, chance) => count + (chance === stated ? 1 : 0), 0);
  // options stand best first
  return { stated: Math.min(1, stated), right: chances[0] === stated ? 1 / expected : 0 };
}

/** Reliability by bins of equal width, and the expected calibration error (Naeini, Cooper and Hauskrecht 2015). */
export function reliability(
  predictions: readonly Prediction[],
): Pick<Calibration, 'stated' | 'observed' | 'expectedError' | 'errorByChance' | 'bins'> {
  const n = predictions.length;
  const binned: Prediction[][] = Array.from({ length: BINS }, () => []);
  for (const each of predictions) binned[Math.min(BINS - 1, Math.floor(each.stated * BINS))].push(each);
  const bins: CalibrationBin[] = binned.flatMap((own, b) =>
    own.length === 0
      ? []
      : [{ from: b / BINS, to: (b + 1) / BINS, predictions: own.length, ...averages(own) }],
  );
  return {
    ...averages(predictions),
    expectedError: bins.reduce((sum, b) => sum + (b.predictions / n) * Math.abs(b.stated - b.observed), 0),
    // E|observed − stated| of a normal with the binomial variance
    errorByChance: bins.reduce(
      (sum, b) =>
        sum + (b.predictions / n) * Math.sqrt(((2 / Math.PI) * b.stated * (1 - b.stated)) / b.predictions),
      0,
    ),
    bins,
  };
}

function averages(predictions: readonly Prediction[]): { stated: number; observed: number } {
  const n = predictions.length;
  return {
    stated: predictions.reduce((sum, { stated }) => sum + stated, 0) / n,
    observed: predictions.reduce((sum, { right }) => sum + right, 0) / n,
  };
}
