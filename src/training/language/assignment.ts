import { updateShares } from '../m-step';
import type { Problem } from '../problem';

/** One round of EM. */
export interface RoundSummary {
  /** 1-based. */
  readonly round: number;
  /** Marginal log-likelihood of its E-step, in nats. */
  readonly logLikelihood: number;
  readonly shares: readonly number[];
  /** Mean over annotators of Σ_k |Δγ| / 2. */
  readonly moved: number;
}

/** A set of assignments with what EM knows about them. */
export interface Assignment {
  readonly gamma: Float64Array;
  readonly shares: Float64Array;
  readonly rounds: readonly RoundSummary[];
}

/** These assignments with their shares, before any round. */
export function assignmentFrom(problem: Problem, gamma: Float64Array, types: number): Assignment {
  const shares = new Float64Array(types);
  updateShares(problem, gamma, shares);
  return { gamma, shares, rounds: [] };
}

/** Types by share, largest first. */
export function byShare(shares: Float64Array): number[] {
  return Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
}

/** The same assignments with types in another order. */
export function inOrder({ gamma, shares, rounds }: Assignment, order: readonly number[]): Assignment {
  const types = shares.length;
  return {
    gamma: gamma.map((_, i) => gamma[Math.floor(i / types) * types + order[i % types]]),
    shares: Float64Array.from(order, (k) => shares[k]),
    rounds,
  };
}

/** Σ_h Σ_k |Δγ_hk| / 2N */
export function movement(problem: Problem, before: Float64Array, after: Float64Array, types: number): number {
  let sum = 0;
  after.forEach((g, i) => (sum += problem.profileCount[Math.floor(i / types)] * Math.abs(g - before[i])));
  return sum / 2 / problem.annotators;
}
