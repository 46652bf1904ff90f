import type { RewardModel } from '../policy/reward-model';
import type { StartSummary } from '../protocol/result';
import { random } from '../random';
import { agreementPosterior } from './agreement';
import { mixtureFromPosterior, type Mixture } from './em';
import type { Problem } from './problem';

export interface Start {
  readonly kind: StartSummary['kind'];
  readonly mixture: Mixture;
}

/**
 * The i-th starting point: agreement clusters first where annotators overlap, random rewards otherwise. Identical
 * types with uniform posteriors are an exact fixed point of EM, so no start is ever that.
 */
export function makeStart(
  problem: Problem,
  model: RewardModel,
  types: number,
  prior: number,
  seed: number,
  index: number,
): Start {
  const source = random(seed, types, index);
  if (types === 1) return { kind: 'random', mixture: zeroMixture(problem, model) };
  if (index === 0) {
    const gamma = agreementPosterior(problem, types, source);
    if (gamma) {
      const zero = Array.from({ length: types }, () => new Float64Array(model.parameters));
      // a cluster can be perfectly unanimous: without a prior its rewards would run away at once
      const mixture = mixtureFromPosterior(problem, model, gamma, Math.max(prior, 0.1), zero);
      const total = mixture.shares.reduce((sum, s) => sum + s, 0);
      return { kind: 'agreement', mixture: { ...mixture, shares: mixture.shares.map((s) => s / total) } };
    }
  }
  const theta = Array.from({ length: types }, () =>
    unitSpread(model, problem, new Float64Array(model.parameters).map(source.normal)),
  );
  return {
    kind: 'random',
    mixture: { shares: new Float64Array(types).fill(1 / types), theta, utility: [] },
  };
}

function zeroMixture(problem: Problem, model: RewardModel): Mixture {
  return {
    shares: Float64Array.of(1),
    theta: [new Float64Array(model.parameters)],
    utility: [new Float64Array(problem.rankings.alternatives)],
  };
}

/** Scales θ so that the rewards it gives have standard deviation 1 over the alternatives. */
function unitSpread(model: RewardModel, problem: Problem, theta: Float64Array): Float64Array {
  const utility = new Float64Array(problem.rankings.alternatives);
  model.rewards(theta, utility);
  const variance = utility.reduce((sum, u) => sum + u * u, 0) / utility.length;
  return variance > 0 ? theta.map((t) => t / Math.sqrt(variance)) : theta;
}
