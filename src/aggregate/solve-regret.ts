import type { LogPolicy, ResponseList } from '../policy/response-policy';
import type { AggregateChoice } from '../protocol/experiment';
import { minMax, type MinMax } from '../regret/min-max';
import { multiplicativeWeights } from '../regret/multiplicative-weights';
import { regretMatrix, type Regret } from './regret-matrix';

export interface RegretInput {
  readonly list: ResponseList;
  /** π_k of each type, largest share first. */
  readonly logPolicies: readonly LogPolicy[];
  /** c by type; missing entries are 1. */
  readonly protection: readonly number[];
  readonly solver: AggregateChoice['solver'];
}

/** What the types regret of each other’s policies, and the weights under which the worst-off one regrets least. */
export function solveRegret({ list, logPolicies, protection, solver }: RegretInput): {
  readonly regret: Regret;
  readonly game: MinMax;
} {
  const regret = regretMatrix(list, logPolicies, protection);
  return {
    regret,
    game: solver === 'exact' ? minMax(regret.matrix) : multiplicativeWeights(regret.matrix),
  };
}
