import type { Components } from '../components';
import { plainKernel } from './plain-kernel';
import type { BlockMatrix } from './plackett-luce';
import type { Profiles } from './profiles';
import type { Rankings } from './rankings';
import { compiledKernel } from './wasm/compiled-kernel';

/** What the likelihood of a mixture is made of: rankings, and the profiles of annotators that hold them. */
export interface Observed extends Profiles {
  readonly rankings: Rankings;
  readonly components: Components;
}

/**
 * The Plackett–Luce likelihood of the rankings of one problem, its derivatives, and the posteriors that follow. It
 * stands at one point, the rewards of all alternatives, and holds a weight for every ranking and ℓ for every type.
 */
export interface LikelihoodKernel {
  readonly components: Components;
  /** Goes to these rewards, by alternative. */
  moveTo(utility: Float64Array): void;
  /** Keeps ℓ of every ranking at the point as that of type k; returns the number of what is kept now. */
  likelihoods(k: number): number;
  /** Number of what is kept for type k: another one when it was written anew, 0 where it never was. */
  kept(k: number): number;
  /**
   * γ of every profile from what is kept for each type (profiles × K, row-major).
   *
   * @param count annotators with each profile
   * @returns Σ_h log Σ_k η_k exp(Σ_records ℓ_k), in nats
   */
  posteriors(shares: Float64Array, count: Float64Array, gamma: Float64Array): number;
  /** Makes Σ over annotators of γ_hk × record weight the weight of every ranking. */
  weighByType(gamma: Float64Array, count: Float64Array, types: number, k: number): void;
  /** Weights by ranking. */
  weigh(weight: Float64Array): void;
  /** Σ weight × ℓ of type k, as it is kept. */
  weighted(k: number): number;
  /** ∂/∂u Σ weight × ℓ at the point, by alternative. */
  gradient(out: Float64Array): void;
  /** The same gradient, and −∂²/∂u² Σ weight × ℓ as dense blocks, which the next call writes anew. */
  curvature(gradient: Float64Array): BlockMatrix;
  /** (−∂²/∂u² Σ weight × ℓ) v at the point. */
  product(v: Float64Array, out: Float64Array): void;
  /** The likelihood as a function of θ, where rewards are Φθ. */
  linear(features: LinearFeatures): LinearKernel;
}

/** Φ, alternatives × dimensions, row-major. */
export interface LinearFeatures {
  readonly dimensions: number;
  readonly values: Float32Array | Float64Array;
}

/** The same kernel at rewards Φθ. Going to θ is going to these rewards. */
export interface LinearKernel {
  /** Goes to θ, and keeps ℓ of every ranking as that of type k; returns the number of what is kept now. */
  likelihoods(theta: Float64Array, k: number): number;
  /** Goes to θ; returns Σ weight × ℓ and its gradient in θ. */
  gradient(theta: Float64Array, out: Float64Array): number;
  /** Φᵀ(−∂²/∂u² Σ weight × ℓ)Φ v at the point. */
  product(v: Float64Array, out: Float64Array): void;
}

const kernels = new WeakMap<Int32Array, LikelihoodKernel>();

/**
 * The kernel of a problem. Problems that differ in who is counted only (folds, resamples) share one, so that nobody may
 * rely on what another left in it: move, weigh and compute without letting other work run in between.
 */
export function kernelOf(observed: Observed): LikelihoodKernel {
  const known = kernels.get(observed.profileRanking);
  if (known) return known;
  const kernel = compiledKernel(observed) ?? plainKernel(observed);
  kernels.set(observed.profileRanking, kernel);
  return kernel;
}
