import { policyFromReward } from '../policy/response-policy';
import type { BetaSensitivity } from '../protocol/result';
import { aggregate, type AggregateInput } from './aggregate';
import { withoutPolicy } from './candidates';

export interface SensitivityInput extends Omit<AggregateInput, 'logPolicies' | 'plain'> {
  /** Rewards r_k(x, y) by response id, one array a type. */
  readonly rewards: readonly Float64Array[];
  /** Rewards of the one-type fit. */
  readonly plainReward?: Float64Array;
  readonly beta: number;
}

/**
 * The aggregation repeated at β/3 and 3β. The likelihood of tabular and log-linear rewards does not depend on β, so the
 * fit stays as it is; the policies π_k ∝ π_ref exp(r_k/β), and with them regrets and weights, change.
 */
export function sensitivity(input: SensitivityInput): BetaSensitivity[] {
  return [input.beta / 3, input.beta * 3].map((beta) => {
    const { summary, candidates } = aggregate({
      ...input,
      logPolicies: input.rewards.map((reward) => policyFromReward(input.list, reward, beta)),
      plain: input.plainReward && policyFromReward(input.list, input.plainReward, beta),
    });
    return {
      beta,
      weights: summary.weights,
      value: summary.value,
      candidates: candidates.map(withoutPolicy),
    };
  });
}
