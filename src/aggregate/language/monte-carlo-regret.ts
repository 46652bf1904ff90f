import { protectionWeights } from '../../regret/protection';
import type { Matrix } from '../../regret/matrix';
import { byPrompt, estimate, type ByPrompt, type Term } from './clustered';
import type { SampledRatios } from './sampled-ratios';

export interface MonteCarloRegret {
  /** L_ij: type i's mean log-ratio for policy j's answers, in nats. */
  readonly reward: Matrix;
  /** R_ij = c_i (L_ii − L_ij). */
  readonly matrix: Matrix;
  /** Of each entry of `matrix`; 0 on the diagonal, which is 0 by definition. */
  readonly standardError: Matrix;
  /** c by type, every entry filled in. */
  readonly protection: readonly number[];
}

/**
 * The regret matrix of policies that can only be sampled: L_ij = E_x E_{y~π_j} [ log π_i − log π_ref ] by Monte Carlo
 * (Chidambaram, Seetharaman, Syrgkanis, arXiv 2510.15716, section 5).
 *
 * Type i's own mean and the mean under policy j come from the same prompts, so that what a prompt adds to both
 * cancels before errors are counted.
 *
 * @param types responses of each type's policy, log-ratios by every type
 * @param population distinct prompts that the expectation is over
 */
export function monteCarloRegret(
  types: readonly SampledRatios[],
  protection: readonly number[],
  population: number,
): MonteCarloRegret {
  const c = protectionWeights(protection, types.length);
  const reward = c.map((_, i) =>
    types.map((samples) => estimate(byPrompt([{ coefficient: 1, samples }], i), population).value),
  );
  const entries = c.map((weight, i) =>
    types.map((samples, j) =>
      i === j
        ? { value: 0, standardError: 0 }
        : estimate(regretByPrompt(types, i, weight, [{ coefficient: 1, samples }]), population),
    ),
  );
  return {
    reward,
    matrix: entries.map((row) => row.map(({ value }) => value)),
    standardError: entries.map((row) => row.map(({ standardError }) => standardError)),
    protection: c,
  };
}

/**
 * c (L_ii − E_π[ρ_i]) by prompt for a policy π whose mean is a combination of sampled means, such as Σ_j w_j π_j.
 * Samples of type i's own policy that π shares are counted once, as they should be.
 */
export function regretByPrompt(
  types: readonly SampledRatios[],
  i: number,
  protection: number,
  policy: readonly Term[],
): ByPrompt {
  const own = types[i];
  const shared = policy.reduce(
    (sum, { coefficient, samples }) => (samples === own ? sum + coefficient : sum),
    0,
  );
  return byPrompt(
    [
      { coefficient: protection * (1 - shared), samples: own },
      ...policy.flatMap(({ coefficient, samples }) =>
        samples === own ? [] : [{ coefficient: -protection * coefficient, samples }],
      ),
    ],
    i,
  );
}
