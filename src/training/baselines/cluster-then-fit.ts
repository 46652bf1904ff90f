import type { RewardModel } from '../../policy/reward-model';
import { random } from '../../random';
import { agreementPosterior } from '../agreement';
import type { Problem } from '../problem';
import { assignMostLikely } from './assign';
import { fitGroups, zeros, type TypedFit, type TypedFitOptions } from './typed-fit';

/**
 * Cluster, then train: annotators are clustered by agreement, and every cluster is fitted once. Annotators beyond the
 * sample that is clustered join the cluster whose fit explains them best, and all clusters are fitted again.
 *
 * @returns undefined where annotators have too few comparisons in common to be clustered
 */
export async function clusterThenFit(
  problem: Problem,
  model: RewardModel,
  options: TypedFitOptions,
): Promise<TypedFit | undefined> {
  const { types, seed } = options;
  const clusters = agreementPosterior(problem, types, random(seed, types, 0));
  if (!clusters) return undefined;
  const fit = await fitGroups(problem, model, clusters, zeros(model, types), options);
  const joined = assignMostLikely(problem, fit.utility).gamma;
  let left = 0;
  for (let p = 0; p < problem.profiles; p++) {
    const row = clusters.subarray(p * types, (p + 1) * types);
    if (row.some((g) => g > 0)) joined.set(row, p * types);
    else left += problem.profileCount[p];
  }
  return left === 0 ? fit : fitGroups(problem, model, joined, fit.theta, options);
}
