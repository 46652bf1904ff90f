import { dot } from '../../compute/conjugate-gradient';
import type { RewardModel } from '../../policy/reward-model';
import { makeStart } from '../starts';
import type { Problem } from '../problem';
import { assignMostLikely } from './assign';
import { fitGroups, type TypedFit, type TypedFitOptions } from './typed-fit';

export interface HardEmOptions extends TypedFitOptions {
  readonly starts: number;
  readonly iterations: number;
}

/**
 * EM with hard assignment, as MaxMin-RLHF learns its rewards (Chakraborty et al. 2024, arXiv 2402.08925, algorithm 2):
 * every annotator goes to the type that explains the records best, without shares, and every type is fitted to its own
 * annotators, until nobody moves. From the same starts as EM-DPO; the best penalised classification likelihood is kept.
 */
export async function hardEm(
  problem: Problem,
  model: RewardModel,
  options: HardEmOptions,
): Promise<TypedFit> {
  let best: { fit: TypedFit; objective: number } | undefined;
  for (let index = 0; index < options.starts; index++) {
    const outcome = await climb(problem, model, options, index);
    if (!best || outcome.objective > best.objective) best = outcome;
  }
  if (!best) throw new Error('At least one start is needed.');
  return best.fit;
}

async function climb(problem: Problem, model: RewardModel, options: HardEmOptions, index: number) {
  const { types, seed, prior } = options;
  const start = await makeStart(problem, model, types, seed, index, options);
  const utility = start.mixture.theta.map((theta) => {
    const rewards = new Float64Array(problem.rankings.alternatives);
    model.rewards(theta, rewards);
    return rewards;
  });
  let assigned = assignMostLikely(problem, utility);
  let fit = await fitGroups(problem, model, assigned.gamma, start.mixture.theta, options);
  for (let i = 1; i < options.iterations; i++) {
    const next = assignMostLikely(problem, fit.utility);
    const settled = next.gamma.every((g, j) => g === assigned.gamma[j]);
    assigned = next;
    if (settled) break;
    fit = await fitGroups(problem, model, assigned.gamma, fit.theta, options);
  }
  const penalty = fit.theta.reduce((sum, theta) => sum + (prior / 2) * dot(theta, theta), 0);
  return { fit, objective: assignMostLikely(problem, fit.utility).logLikelihood - penalty };
}
