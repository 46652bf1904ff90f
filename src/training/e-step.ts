import { logLikelihoods } from '../compute/kernels/plackett-luce';
import type { Problem } from './problem';

/** Posterior of each profile over types, and the marginal log-likelihood it comes with. */
export interface Expectation {
  /** γ, profiles × K, row-major; rows sum to 1. */
  readonly gamma: Float64Array;
  /** Σ_h log Σ_k η_k exp(Σ_records ℓ_k), in nats. */
  readonly logLikelihood: number;
}

/**
 * a_hk = log η_k + Σ_records ℓ_k;  γ_h = softmax_k(a_h)  (method of EM-DPO, arXiv 2510.15716, E-step).
 *
 * @param utility by type: reward of each alternative
 * @param gamma profiles × K, overwritten
 */
export function expectation(
  problem: Problem,
  shares: Float64Array,
  utility: readonly Float64Array[],
  gamma: Float64Array,
): Expectation {
  const byProfile = profileLogLikelihoods(problem, shares, utility, gamma);
  const logLikelihood = byProfile.reduce(
    (sum, each, p) => (problem.profileCount[p] > 0 ? sum + problem.profileCount[p] * each : sum),
    0,
  );
  return { gamma, logLikelihood };
}

/**
 * log Σ_k η_k exp(Σ_records ℓ_k) of one annotator with each profile, in nats.
 *
 * @param gamma profiles × K: becomes the posteriors
 */
export function profileLogLikelihoods(
  problem: Problem,
  shares: Float64Array,
  utility: readonly Float64Array[],
  gamma: Float64Array = new Float64Array(problem.profiles * shares.length),
): Float64Array {
  const types = shares.length;
  const byRanking = new Float64Array(problem.rankings.count);
  for (let k = 0; k < types; k++) {
    logLikelihoods(problem.rankings, utility[k], byRanking);
    const logShare = Math.log(shares[k]);
    for (let p = 0; p < problem.profiles; p++) {
      let sum = logShare;
      for (let i = problem.profileStart[p]; i < problem.profileStart[p + 1]; i++) {
        sum += problem.profileWeight[i] * byRanking[problem.profileRanking[i]];
      }
      gamma[p * types + k] = sum;
    }
  }
  return Float64Array.from({ length: problem.profiles }, (_, p) =>
    normaliseLogRow(gamma.subarray(p * types, (p + 1) * types)),
  );
}

/** Turns log weights into probabilities in place; returns the log of their sum. A row of −∞ becomes uniform. */
export function normaliseLogRow(row: Float64Array): number {
  let largest = -Infinity;
  for (const a of row) if (a > largest) largest = a;
  if (largest === -Infinity) {
    row.fill(1 / row.length);
    return -Infinity;
  }
  let sum = 0;
  for (let k = 0; k < row.length; k++) {
    row[k] = Math.exp(row[k] - largest);
    sum += row[k];
  }
  for (let k = 0; k < row.length; k++) row[k] /= sum;
  return largest + Math.log(sum);
}
