import type { RewardModel } from '../../policy/reward-model';
import type { DesignPatterns } from './design-patterns';
import { forEachScore, scoreLength, type InformationOptions, type MixturePoint } from './scores';

/** Fisher information per annotator over (η_1 … η_{K−1}, θ_1 … θ_K). */
export interface Information {
  /** p × p, row-major; gauge directions of the rewards are exact zeros of it. */
  readonly matrix: Float64Array;
  readonly size: number;
  /** Annotator outcomes that went into it. */
  readonly outcomes: number;
  /** Whether every outcome of every annotator was summed; otherwise they were drawn at random. */
  readonly exact: boolean;
}

/**
 * I = (1/N) Σ_h E[s sᵀ] on the dataset's own design, by analytic scores (local identifiability: Rothenberg 1971).
 */
export function fisherInformation(
  design: DesignPatterns,
  model: RewardModel,
  point: MixturePoint,
  options: InformationOptions,
): Information {
  const size = scoreLength(model, point.shares.length);
  const matrix = new Float64Array(size * size);
  const count = forEachScore(design, model, point, options, (at, values, weight) => {
    addOuter(matrix, size, at, values, weight);
  });
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j];
  return { matrix, size, ...count };
}

/** Lower triangle of matrix += factor · s sᵀ, of a score that is 0 but at some ascending coordinates. */
function addOuter(
  matrix: Float64Array,
  size: number,
  at: Int32Array,
  values: Float64Array,
  factor: number,
): void {
  for (let i = 0; i < at.length; i++) {
    const left = factor * values[i];
    if (left === 0) continue;
    for (let j = 0, row = at[i] * size; j <= i; j++) matrix[row + at[j]] += left * values[j];
  }
}
