import { logLikelihoods } from '../compute/kernels/plackett-luce';
import { profilePosteriors, sumOverAnnotators } from '../compute/kernels/profiles';
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
  const logLikelihood = sumOverAnnotators(byProfile, problem.profileCount);
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
  const byRanking = new Float64Array(problem.rankings.count);
  const ofType = (k: number) => {
    logLikelihoods(problem.rankings, utility[k], byRanking);
    return byRanking;
  };
  return profilePosteriors(problem, shares, ofType, gamma);
}
