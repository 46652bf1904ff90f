import { logLikelihoods } from '../../compute/kernels/plackett-luce';
import { normaliseLogRow } from '../../compute/log-row';
import type { Expectation } from '../e-step';
import { hardLabels } from '../labels';
import type { Problem } from '../problem';
import type { Folds } from './folds';

/**
 * Rewards r(x, y) = β (log π − log π_ref) by response, of each type; 0 where a response is not in use.
 *
 * @param logProbabilities log π by response, by type
 */
export function rewardsOf(
  logProbabilities: readonly Float64Array[],
  reference: Float64Array,
  beta: number,
): Float64Array[] {
  return logProbabilities.map((own) =>
    own.map((value, y) => (Number.isNaN(reference[y]) ? 0 : beta * (value - reference[y]))),
  );
}

/**
 * The E-step of EM-DPO with every record scored by a policy that was trained on the other half of its annotator's
 * records:
 *
 *     a_hk = log η_k + Σ_records ℓ_k under the rewards of the other half;   γ_h = softmax_k(a_h)
 *
 * Scoring the votes that a policy was just trained on would freeze whatever types EM started from.
 *
 * @param rewards by half that the policies were trained on, by type: reward of each response
 * @returns γ of profiles × K, and the cross-fitted marginal log-likelihood
 */
export function crossFittedExpectation(
  problem: Problem,
  shares: Float64Array,
  rewards: readonly (readonly Float64Array[])[],
  folds: Folds,
): Expectation {
  const types = shares.length;
  const gamma = new Float64Array(problem.profiles * types);
  const byRanking = [0, 1].map(() => new Float64Array(problem.rankings.count));
  for (let k = 0; k < types; k++) {
    byRanking.forEach((out, trainedOn) => {
      logLikelihoods(problem.rankings, rewards[trainedOn][k], out);
    });
    const logShare = Math.log(shares[k]);
    for (let p = 0; p < problem.profiles; p++) {
      let sum = logShare;
      for (let i = problem.profileStart[p]; i < problem.profileStart[p + 1]; i++) {
        sum += problem.profileWeight[i] * byRanking[1 - folds.of[i]][problem.profileRanking[i]];
      }
      gamma[p * types + k] = sum;
    }
  }
  let logLikelihood = 0;
  for (let p = 0; p < problem.profiles; p++) {
    logLikelihood += problem.profileCount[p] * normaliseLogRow(gamma.subarray(p * types, (p + 1) * types));
  }
  assertRowsSumToOne(gamma, types);
  return { gamma, logLikelihood };
}

/**
 * Every profile in its most probable type. Where γ was found with equal shares, that is the type that explains its
 * records best, and the likelihood becomes the classification likelihood Σ_h max_k Σ_records ℓ_k.
 */
export function hardExpectation(
  { profiles, profileCount, annotators }: Pick<Problem, 'profiles' | 'profileCount' | 'annotators'>,
  { gamma, logLikelihood }: Expectation,
): Expectation {
  const types = gamma.length / profiles;
  const hard = new Float64Array(gamma.length);
  let best = logLikelihood + annotators * Math.log(types);
  hardLabels(gamma, types).forEach((k, p) => {
    hard[p * types + k] = 1;
    if (profileCount[p] > 0) best += profileCount[p] * Math.log(gamma[p * types + k]);
  });
  return { gamma: hard, logLikelihood: best };
}

/** @throws Error where a posterior is none: a fault of the program, never of the data */
export function assertRowsSumToOne(gamma: Float64Array, types: number): void {
  for (let at = 0; at < gamma.length; at += types) {
    let sum = 0;
    for (let k = 0; k < types; k++) sum += gamma[at + k];
    if (!(Math.abs(sum - 1) < 1e-9)) {
      throw new Error(`The posterior of annotator ${at / types + 1} sums to ${sum} instead of 1.`);
    }
  }
}
