import type { Mixture } from './em';
import { bestMatching } from './labels';
import type { Problem } from './problem';

/** Beyond it, the best assignment would take too long. */
export const MOST_MATCHED = 20;

/** A mixture with posteriors over the profiles of a problem. */
export interface Placed {
  readonly mixture: Mixture;
  /** γ, profiles × K. */
  readonly gamma: Float64Array;
}

/**
 * The same mixture with its types in the order of another’s: the one-to-one assignment under which most annotators
 * keep their type, Σ_h Σ_k γ_hk γ'_hσ(k). The names of types mean nothing, so that two fits cannot be compared
 * otherwise. Above 20 types the nearest pair is matched first, then the next.
 */
export function alignTypes(
  problem: Pick<Problem, 'profiles' | 'profileCount'>,
  reference: Float64Array,
  placed: Placed,
): Placed {
  const types = placed.mixture.shares.length;
  const overlap = Array.from({ length: types }, () => new Array<number>(types).fill(0));
  for (let p = 0; p < problem.profiles; p++) {
    for (let k = 0; k < types; k++) {
      const known = problem.profileCount[p] * reference[p * types + k];
      for (let j = 0; j < types; j++) overlap[k][j] += known * placed.gamma[p * types + j];
    }
  }
  const order = types <= MOST_MATCHED ? bestMatching(overlap) : nearestFirst(overlap);
  const { shares, theta, utility } = placed.mixture;
  return {
    mixture: {
      shares: Float64Array.from(order, (j) => shares[j]),
      theta: order.map((j) => theta[j]),
      utility: order.map((j) => utility[j]),
    },
    gamma: placed.gamma.map((_, i) => placed.gamma[Math.floor(i / types) * types + order[i % types]]),
  };
}

function nearestFirst(overlap: readonly (readonly number[])[]): number[] {
  const pairs = overlap.flatMap((row, k) => row.map((value, j) => ({ k, j, value })));
  pairs.sort((a, b) => b.value - a.value);
  const order = new Array<number>(overlap.length).fill(-1);
  const taken = new Set<number>();
  for (const { k, j } of pairs) {
    if (order[k] >= 0 || taken.has(j)) continue;
    order[k] = j;
    taken.add(j);
  }
  return order;
}
