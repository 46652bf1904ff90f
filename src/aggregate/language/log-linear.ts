import { logLinear, type LogLinear } from '../log-linear';
import { regretMatrix, regretOf } from '../regret-matrix';
import { effectiveSamples, weightedSamples } from './importance';
import type { SampledRatios } from './sampled-ratios';

export interface SampledLogLinear extends LogLinear {
  /** Its regrets over whole responses, protected, by type: what combining token by token approximates. */
  readonly regret: readonly number[];
  /** Equally weighted samples to a prompt that its own samples are worth. */
  readonly effective: number;
}

/**
 * The log-linear policy over whole responses (log-linear.ts) by importance sampling: λ is chosen on the samples of all
 * types and of the reference, weighted. No further response is drawn for it.
 */
export function sampledLogLinear(
  types: readonly SampledRatios[],
  reference: SampledRatios,
  protection: readonly number[],
): SampledLogLinear {
  const { list, logPolicies } = weightedSamples(types, reference);
  const regret = regretMatrix(list, logPolicies, protection);
  const found = logLinear(
    list,
    logPolicies,
    regret.reward.map((row, k) => row[k]),
    regret.protection,
  );
  return {
    ...found,
    regret: regretOf(list, logPolicies, regret, found.policy),
    effective: effectiveSamples(found.policy, list.start[1]),
  };
}
