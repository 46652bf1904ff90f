import { profileLogLikelihoods } from '../e-step';
import type { Problem } from '../problem';

/** Every profile in the type that explains its rankings best, whatever the shares. */
export interface Assignment {
  /** Profiles × types: 1 for the type, 0 elsewhere. */
  readonly gamma: Float64Array;
  /** Σ over annotators of max_k Σ_records ℓ_k, in nats: the classification likelihood. */
  readonly logLikelihood: number;
}

/** @param utility by type: reward of each alternative */
export function assignMostLikely(problem: Problem, utility: readonly Float64Array[]): Assignment {
  const types = utility.length;
  const byType = utility.map((each) => profileLogLikelihoods(problem, Float64Array.of(1), [each]));
  const gamma = new Float64Array(problem.profiles * types);
  let logLikelihood = 0;
  for (let p = 0; p < problem.profiles; p++) {
    let best = 0;
    for (let k = 1; k < types; k++) if (byType[k][p] > byType[best][p]) best = k;
    gamma[p * types + best] = 1;
    if (problem.profileCount[p] > 0) logLikelihood += problem.profileCount[p] * byType[best][p];
  }
  return { gamma, logLikelihood };
}
