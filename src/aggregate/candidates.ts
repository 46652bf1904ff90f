import type { LogPolicy, ResponseList } from '../policy/response-policy';
import type { Candidate } from '../protocol/result';
import { logLinear } from './log-linear';
import { regretOf, type Regret } from './regret-matrix';

/** A candidate for the one policy that everybody gets, with the policy itself. */
export interface CandidatePolicy extends Candidate {
  /** log π by position of the list. */
  readonly policy: LogPolicy;
}

export interface CandidateInput {
  readonly list: ResponseList;
  readonly logPolicies: readonly LogPolicy[];
  readonly names: readonly string[];
  readonly regret: Regret;
  /** w of the mixture. */
  readonly weights: readonly number[];
  /** Plain DPO: the policy of the one-type fit. */
  readonly plain?: LogPolicy;
}

/**
 * Every single policy on offer with its regret c_i (L_ii − E_π[log π_i/π_ref]) for every type: each type's own, plain
 * DPO, the mixture Σ w_k π_k and the log-linear policy. `worst` is the largest of them, below 0 where every type gains.
 */
export function candidates(input: CandidateInput): CandidatePolicy[] {
  const { list, logPolicies, names, regret, weights, plain } = input;
  const candidate = (name: string, kind: Candidate['kind'], policy: LogPolicy, by?: readonly number[]) => {
    const regrets = regretOf(list, logPolicies, regret, policy);
    return { name, kind, regret: regrets, worst: Math.max(...regrets), ...(by && { weights: by }), policy };
  };
  const single = logLinear(
    list,
    logPolicies,
    regret.reward.map((row, k) => row[k]),
    regret.protection,
  );
  return [
    ...logPolicies.map((policy, k) => candidate(names[k] ?? `type ${k + 1}`, 'type', policy)),
    ...(plain ? [candidate('plain DPO', 'plain-dpo', plain)] : []),
    candidate('mixture', 'mixture', mixturePolicy(logPolicies, weights), weights),
    { ...candidate('log-linear', 'loglinear', single.policy, single.lambda), gap: single.gap },
  ];
}

/** log Σ_k w_k π_k(y|x): draw k ~ w once per prompt, then answer with π_k. */
export function mixturePolicy(logPolicies: readonly LogPolicy[], weights: readonly number[]): LogPolicy {
  const mixture = new Float64Array(logPolicies[0].length);
  for (let i = 0; i < mixture.length; i++) {
    let largest = -Infinity;
    logPolicies.forEach((policy, k) => {
      if (weights[k] > 0 && policy[i] > largest) largest = policy[i];
    });
    let sum = 0;
    logPolicies.forEach((policy, k) => {
      if (weights[k] > 0 && policy[i] > -Infinity) sum += weights[k] * Math.exp(policy[i] - largest);
    });
    mixture[i] = sum > 0 ? largest + Math.log(sum) : -Infinity;
  }
  return mixture;
}

/** The candidate as a result file holds it. */
export function withoutPolicy(candidate: CandidatePolicy): Candidate {
  const { name, kind, regret, worst, weights, gap } = candidate;
  return { name, kind, regret, worst, ...(weights && { weights }), ...(gap !== undefined && { gap }) };
}
