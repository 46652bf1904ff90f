import { dot } from '../compute/conjugate-gradient';
import { addGradient, weightedLogLikelihood } from '../compute/kernels/plackett-luce';
import type { RewardModel } from '../policy/reward-model';
import type { Problem } from './problem';

/** Newton stops when the objective can gain no more than this part of its size. */
const NEGLIGIBLE_GAIN = 1e-13;
const NEWTON_STEPS = 50;

/** η_k = mean over annotators of γ_hk. */
export function updateShares(problem: Problem, gamma: Float64Array, shares: Float64Array): void {
  const types = shares.length;
  shares.fill(0);
  for (let p = 0; p < problem.profiles; p++) {
    for (let k = 0; k < types; k++) shares[k] += problem.profileCount[p] * gamma[p * types + k];
  }
  for (let k = 0; k < types; k++) shares[k] /= problem.annotators;
}

/** Weight of each distinct ranking for type k: Σ over annotators of γ_hk × record weight. */
export function rankingWeights(
  problem: Problem,
  gamma: Float64Array,
  types: number,
  k: number,
): Float64Array {
  const weight = new Float64Array(problem.rankings.count);
  for (let p = 0; p < problem.profiles; p++) {
    const g = problem.profileCount[p] * gamma[p * types + k];
    if (g === 0) continue;
    for (let i = problem.profileStart[p]; i < problem.profileStart[p + 1]; i++) {
      weight[problem.profileRanking[i]] += g * problem.profileWeight[i];
    }
  }
  return weight;
}

/**
 * Maximises Σ_rankings w ℓ(θ) − λ/2 ‖θ‖² by Newton steps with a backtracking line search, in place.
 * The objective never falls; at a maximum of a tie-free likelihood it is exact up to rounding.
 *
 * @param theta start, overwritten by the maximiser
 * @param utility rewards at the result
 * @returns the penalised objective reached
 */
export function maximise(
  problem: Problem,
  model: RewardModel,
  weight: Float64Array,
  lambda: number,
  theta: Float64Array,
  utility: Float64Array,
  steps = NEWTON_STEPS,
): number {
  const { rankings, components } = problem;
  const byAlternative = new Float64Array(rankings.alternatives);
  const gradient = new Float64Array(model.parameters);
  const direction = new Float64Array(model.parameters);
  const trial = new Float64Array(model.parameters);
  const objectiveAt = (point: Float64Array): number => {
    model.rewards(point, utility);
    return weightedLogLikelihood(rankings, utility, weight) - (lambda / 2) * dot(point, point);
  };

  let objective = objectiveAt(theta);
  for (let step = 0; step < steps; step++) {
    byAlternative.fill(0);
    addGradient(rankings, utility, weight, byAlternative);
    model.pullBack(byAlternative, gradient);
    for (let j = 0; j < gradient.length; j++) gradient[j] -= lambda * theta[j];
    model.newtonDirection({ rankings, components, utility, weight }, gradient, lambda, direction);
    const slope = dot(gradient, direction);
    // slope/2 is what the quadratic model promises to gain
    if (!(slope > 2 * NEGLIGIBLE_GAIN * (1 + Math.abs(objective)))) break;
    let reached = objective;
    let length = 1;
    for (; length > 1e-10; length /= 2) {
      for (let j = 0; j < trial.length; j++) trial[j] = theta[j] + length * direction[j];
      reached = objectiveAt(trial);
      if (reached >= objective + 1e-4 * length * slope) break;
    }
    if (!(reached > objective)) break;
    theta.set(trial);
    objective = reached;
  }
  model.rewards(theta, utility);
  return objective;
}
