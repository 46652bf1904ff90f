import { dot } from '../compute/conjugate-gradient';
import { kernelOf, type LikelihoodKernel } from '../compute/kernels/likelihood-kernel';
import { weighRankings } from '../compute/kernels/profiles';
import type { ParameterKernel, RewardModel } from '../policy/reward-model';
import type { Problem } from './problem';

/** Newton stops when the objective can gain no more than this part of its size. */
const NEGLIGIBLE_GAIN = 1e-13;
const NEWTON_STEPS = 50;
/** No step is tried that is a smaller part of Newton’s. */
const SHORTEST = 1e-10;

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
  weighRankings(problem, problem.profileCount, gamma, types, k, weight);
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
): number {
  const kernel = kernelOf(problem);
  kernel.weigh(weight);
  const { objective } = newton(kernel, model.on(kernel), 0, lambda, theta);
  model.rewards(theta, utility);
  return objective;
}

export interface Maximum {
  readonly objective: number;
  /** Number of ℓ at θ, as the kernel keeps it for the type. */
  readonly kept: number;
}

/**
 * The same for type k with the weights that the kernel has.
 *
 * @param kept number of ℓ at the start, where it has been computed
 * @param enough a step that gains what the quadratic model promised, up to this part of it, is the last
 */
export function newton(
  kernel: LikelihoodKernel,
  on: ParameterKernel,
  k: number,
  lambda: number,
  theta: Float64Array,
  { kept = -1, enough = 0 }: { readonly kept?: number; readonly enough?: number } = {},
): Maximum {
  const gradient = new Float64Array(theta.length);
  const direction = new Float64Array(theta.length);
  const trial = new Float64Array(theta.length);
  let now = kept;
  const objectiveAt = (point: Float64Array): number => {
    now = on.likelihoods(point, k);
    return kernel.weighted(k) - (lambda / 2) * dot(point, point);
  };
  let objective =
    kernel.kept(k) === kept ? kernel.weighted(k) - (lambda / 2) * dot(theta, theta) : objectiveAt(theta);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    on.gradient(theta, gradient);
    for (let j = 0; j < gradient.length; j++) gradient[j] -= lambda * theta[j];
    on.newtonDirection(gradient, lambda, direction);
    const slope = dot(gradient, direction);
    // slope/2 is what the quadratic model promises to gain
    if (!(slope > 2 * NEGLIGIBLE_GAIN * (1 + Math.abs(objective)))) break;
    let reached = objective;
    let length = 1;
    while (length > SHORTEST) {
      for (let j = 0; j < trial.length; j++) trial[j] = theta[j] + length * direction[j];
      reached = objectiveAt(trial);
      if (reached >= objective + 1e-4 * length * slope) break;
      length *= shortening(reached - objective, length * slope);
    }
    if (!(reached > objective)) {
      now = on.likelihoods(theta, k);
      break;
    }
    const gained = reached - objective;
    theta.set(trial);
    objective = reached;
    if (length === 1 && Math.abs(gained - slope / 2) <= enough * (slope / 2)) break;
  }
  return { objective, kept: now };
}

/**
 * Which part of a step that gained too little to try next: up to the top of the parabola through both ends and the slope at
 * the first, but between a tenth and a half (Dennis and Schnabel 1983, section 6.3.2). Where a type has hardly any
 * records, Newton’s step can be a thousand times too long.
 *
 * @param promised what the slope alone would gain
 */
function shortening(gained: number, promised: number): number {
  return Math.min(0.5, Math.max(0.1, promised / (2 * (promised - gained))));
}
