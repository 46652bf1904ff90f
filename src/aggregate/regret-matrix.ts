import type { LogPolicy, ResponseList } from '../policy/response-policy';
import { expectation, logRatio } from './expectation';
import type { Matrix } from '../regret/matrix';
import { protectionWeights } from '../regret/protection';

export interface Regret {
  /** L_ij = E_x E_{y~π_j} [ log π_i(y|x) − log π_ref(y|x) ]: type i's reward for policy j's answers, without β. */
  readonly reward: Matrix;
  /** R_ij = c_i (L_ii − L_ij): what type i loses when policy j answers instead of its own. 0 on the diagonal. */
  readonly matrix: Matrix;
  /** c by type, every entry filled in. */
  readonly protection: readonly number[];
}

/**
 * The regret matrix by exact expectation over the listed responses, uniform over the prompts
 * (Chidambaram, Seetharaman, Syrgkanis, arXiv 2510.15716, section 5, and their code).
 *
 * @param protection c by type; missing entries are 1
 */
export function regretMatrix(
  list: ResponseList,
  logPolicies: readonly LogPolicy[],
  protection: readonly number[],
): Regret {
  const c = protectionWeights(protection, logPolicies.length);
  const reward = logPolicies.map((own) => {
    const ratio = logRatio(list, own);
    return logPolicies.map((other) => expectation(list, other, ratio));
  });
  const matrix = reward.map((row, i) => row.map((value, j) => (i === j ? 0 : c[i] * (row[i] - value))));
  return { reward, matrix, protection: c };
}

/** Regret c_i (L_ii − E_π[ρ_i]) of every type i under any policy π. In nats. */
export function regretOf(
  list: ResponseList,
  logPolicies: readonly LogPolicy[],
  regret: Regret,
  policy: LogPolicy,
): number[] {
  return logPolicies.map(
    (own, i) => regret.protection[i] * (regret.reward[i][i] - expectation(list, policy, logRatio(list, own))),
  );
}
