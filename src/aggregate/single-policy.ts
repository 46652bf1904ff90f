import type { LogPolicy, ResponseList } from '../policy/response-policy';
import type { AggregateChoice } from '../protocol/experiment';
import { mixturePolicy } from './candidates';
import { logLinear } from './log-linear';
import { minMax } from '../regret/min-max';
import { multiplicativeWeights } from '../regret/multiplicative-weights';
import { regretMatrix } from './regret-matrix';

/** The one policy for everybody that min-max regret makes of types' policies, as the experiment wants it. */
export function fairPolicy(
  list: ResponseList,
  logPolicies: readonly LogPolicy[],
  wanted: AggregateChoice,
): LogPolicy {
  const regret = regretMatrix(list, logPolicies, wanted.protection.slice(0, logPolicies.length));
  if (wanted.single === 'loglinear') {
    const diagonal = regret.reward.map((row, k) => row[k]);
    return logLinear(list, logPolicies, diagonal, regret.protection).policy;
  }
  const game = wanted.solver === 'exact' ? minMax(regret.matrix) : multiplicativeWeights(regret.matrix);
  return mixturePolicy(logPolicies, game.weights);
}

/** Every type's policy answers equally often. */
export function uniformPolicy(logPolicies: readonly LogPolicy[]): LogPolicy {
  return mixturePolicy(
    logPolicies,
    logPolicies.map(() => 1 / logPolicies.length),
  );
}
