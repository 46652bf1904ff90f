import type { Components } from '../compute/components';
import type { Rankings } from '../compute/kernels/rankings';

/**
 * How parameters θ become rewards u of the alternatives (single responses, or items). Rewards are linear in θ
 * for both families, so curvature is carried through without a second-order term.
 */
export interface RewardModel {
  readonly kind: 'tabular' | 'loglinear';
  /** Length of θ. */
  readonly parameters: number;
  /** Free parameters of one type once the gauge is removed: what BIC counts. */
  readonly freeParameters: number;
  /** Names of the parameters, where they have any (items, given features). */
  readonly parameterNames?: readonly string[];
  /** Of log-linear rewards: θ as weights on the features of any response, those that were not trained on included. */
  readonly coefficients?: (theta: Float64Array) => Float64Array;
  /** u = Jθ: reward by alternative, centred. */
  rewards(theta: Float64Array, utility: Float64Array): void;
  /** Jᵀg: gradient by parameter from the gradient by alternative. */
  pullBack(gradient: Float64Array, out: Float64Array): void;
  /**
   * Solves (JᵀWJ + λI) d = g for the Newton direction, with W = −∇²_u Σ w ℓ at `utility`. W may be indefinite
   * where there are ties, or singular: then the nearest well-posed system is solved, so that d still ascends.
   */
  newtonDirection(at: CurvaturePoint, gradient: Float64Array, lambda: number, direction: Float64Array): void;
}

/** Where a curvature is taken: rankings and their weights at given utilities. */
export interface CurvaturePoint {
  readonly rankings: Rankings;
  readonly components: Components;
  readonly utility: Float64Array;
  /** By ranking. */
  readonly weight: Float64Array;
}
