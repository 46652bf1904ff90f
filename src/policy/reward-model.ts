import type { LikelihoodKernel } from '../compute/kernels/likelihood-kernel';

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
  /** Of log-linear rewards: ∂u/∂θ of an alternative, its features. */
  readonly features?: (alternative: number) => Float64Array | Float32Array;
  /** u = Jθ: reward by alternative, centred. */
  rewards(theta: Float64Array, utility: Float64Array): void;
  /** The likelihood that a kernel computes as a function of θ. One kernel has one. */
  on(kernel: LikelihoodKernel): ParameterKernel;
}

/** A likelihood kernel seen from the parameters of a family of rewards. */
export interface ParameterKernel {
  /** Goes to θ, and keeps ℓ of every ranking as that of type k; returns the number of what is kept now. */
  likelihoods(theta: Float64Array, k: number): number;
  /** Goes to θ; ∂/∂θ Σ weight × ℓ. */
  gradient(theta: Float64Array, out: Float64Array): void;
  /**
   * Solves (JᵀWJ + λI) d = g where `gradient` went last, with W = −∇²_u Σ weight × ℓ. W may be indefinite where there
   * are ties, or singular: then the nearest well-posed system is solved, so that d still ascends.
   */
  newtonDirection(gradient: Float64Array, lambda: number, direction: Float64Array): void;
}
