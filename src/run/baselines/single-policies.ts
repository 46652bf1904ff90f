import { fairPolicy, uniformPolicy } from '../../aggregate/single-policy';
import { rewardByResponse, type Alternatives } from '../../policy/make-model';
import { policyFromReward, type LogPolicy, type ResponseList } from '../../policy/response-policy';
import type { Baseline } from '../../protocol/result';
import type { Method, MethodFit } from '../../training/baselines/methods';
import type { BaselinesInput } from './input';
import { METHOD_ORDER } from './method-names';

export interface SinglePolicy {
  readonly kind: Baseline['kind'];
  readonly method: Method;
  readonly policy: LogPolicy;
}

/** What each method would answer everybody with. */
export function singlePolicies(
  list: ResponseList,
  fits: readonly MethodFit[],
  { experiment, alternatives }: BaselinesInput,
): SinglePolicy[] {
  const policies = fits.flatMap((fit): SinglePolicy[] => {
    const logPolicies = typePolicies(list, fit, alternatives, experiment.beta);
    const fair = { kind: fit.method, method: fit.method };
    if (logPolicies.length === 1) return [{ ...fair, policy: logPolicies[0] }];
    const policy = fairPolicy(list, logPolicies, experiment.aggregate);
    if (fit.method !== 'em-min-max') return [{ ...fair, policy }];
    return [
      { ...fair, policy },
      { kind: 'em-uniform', method: fit.method, policy: uniformPolicy(logPolicies) },
    ];
  });
  return policies.sort((a, b) => METHOD_ORDER.indexOf(a.kind) - METHOD_ORDER.indexOf(b.kind));
}

/** Largest type first. */
function typePolicies(
  list: ResponseList,
  { shares, utility }: MethodFit,
  alternatives: Alternatives,
  beta: number,
): LogPolicy[] {
  return [...utility.keys()]
    .sort((a, b) => shares[b] - shares[a])
    .map((k) => policyFromReward(list, rewardByResponse(alternatives, utility[k]), beta));
}
