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
  const count = forEachScore(design, model, point, options, (score, weight) => {
    addOuter(matrix, size, score, weight);
  });
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j];
  return { matrix, size, ...count };
}

/** Lower triangle of matrix += factor · s sᵀ, skipping zeros: scores of a tabular policy are mostly zero. */
function addOuter(matrix: Float64Array, size: number, score: Float64Array, factor: number): void {
  const at: number[] = [];
  for (let i = 0; i < size; i++) if (score[i] !== 0) at.push(i);
  for (const i of at) {
    const left = factor * score[i];
    for (const j of at) {
      if (j > i) break;
      matrix[i * size + j] += left * score[j];
    }
  }
}
