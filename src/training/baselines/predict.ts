import { UNRANKED_LEVEL } from '../../compute/kernels/levels';
import { logLikelihoods } from '../../compute/kernels/plackett-luce';
import type { Problem } from '../problem';

/** What a method believes of each annotator of the table once it has seen the training records. */
export interface Believed {
  /** By type: reward of each alternative. */
  readonly utility: readonly Float64Array[];
  /** Annotators × types, row-major; rows sum to 1. */
  readonly posterior: Float64Array;
}

/** How well held-out records are predicted. */
export interface Prediction {
  /** Σ over annotators of log Σ_k γ_hk exp(Σ_held-out ℓ_k), in nats. */
  readonly logLikelihood: number;
  /** Held-out pairs ordered by an annotator, and those of them that the mean reward Σ_k γ_hk u_k orders alike, by group. */
  readonly pairs: readonly number[];
  readonly right: readonly number[];
}

/**
 * @param heldOut problem of the held-out records
 * @param groupOf group of each of the table's annotators, −1 for none
 */
export function predict(
  heldOut: Problem,
  { utility, posterior }: Believed,
  groupOf: Int32Array,
  groups: number,
): Prediction {
  const types = utility.length;
  const byRanking = utility.map((each) => {
    const values = new Float64Array(heldOut.rankings.count);
    logLikelihoods(heldOut.rankings, each, values);
    return values;
  });
  const pairs = new Array<number>(groups).fill(0);
  const right = new Array<number>(groups).fill(0);
  let logLikelihood = 0;
  const mean = new Float64Array(heldOut.rankings.alternatives);
  groupOf.forEach((group, h) => {
    const profile = heldOut.profileOf[h];
    if (profile < 0) return;
    const gamma = posterior.subarray(h * types, (h + 1) * types);
    const entries = [heldOut.profileStart[profile], heldOut.profileStart[profile + 1]] as const;
    logLikelihood += logMean(gamma, (k) => {
      let sum = 0;
      for (let i = entries[0]; i < entries[1]; i++) {
        sum += heldOut.profileWeight[i] * byRanking[k][heldOut.profileRanking[i]];
      }
      return sum;
    });
    if (group < 0) return;
    for (let i = entries[0]; i < entries[1]; i++) {
      const count = orderedPairs(heldOut, heldOut.profileRanking[i], utility, gamma, mean);
      pairs[group] += heldOut.profileWeight[i] * count.pairs;
      right[group] += heldOut.profileWeight[i] * count.right;
    }
  });
  return { logLikelihood, pairs, right };
}

/** log Σ_k γ_k exp(f(k)) over the types with γ_k > 0. */
function logMean(gamma: Float64Array, f: (k: number) => number): number {
  const terms = Array.from(gamma.keys())
    .filter((k) => gamma[k] > 0)
    .map((k) => Math.log(gamma[k]) + f(k));
  const largest = Math.max(...terms);
  if (largest === -Infinity) return -Infinity;
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}

/** Pairs that the ranking orders; equal rewards are right half of the time. @param mean scratch */
function orderedPairs(
  { rankings }: Problem,
  ranking: number,
  utility: readonly Float64Array[],
  gamma: Float64Array,
  mean: Float64Array,
): { pairs: number; right: number } {
  const from = rankings.start[ranking];
  const to = rankings.start[ranking + 1];
  for (let i = from; i < to; i++) {
    const y = rankings.option[i];
    mean[y] = utility.reduce((sum, each, k) => sum + gamma[k] * each[y], 0);
  }
  let pairs = 0;
  let right = 0;
  for (let a = from; a < to; a++) {
    if (rankings.level[a] === UNRANKED_LEVEL) break;
    for (let b = a + 1; b < to; b++) {
      if (rankings.level[a] === rankings.level[b]) continue;
      const margin = mean[rankings.option[a]] - mean[rankings.option[b]];
      pairs++;
      right += margin > 0 ? 1 : margin < 0 ? 0 : 0.5;
    }
  }
  return { pairs, right };
}
