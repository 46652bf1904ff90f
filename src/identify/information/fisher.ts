import type { RewardModel } from '../../policy/reward-model';
import type { DesignPatterns } from './design-patterns';
import {
  forEachScore,
  scoreLength,
  type InformationOptions,
  type MixturePoint,
  type ScoreCount,
} from './scores';

/** Fisher information per annotator over (η_1 … η_{K−1}, θ_1 … θ_K). */
export interface Information extends ScoreCount {
  /** p × p, row-major; gauge directions of the rewards are exact zeros of it. */
  readonly matrix: Float64Array;
  readonly size: number;
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
  const whole = wholeScores(matrix, size);
  const count = forEachScore(design, model, point, options, (at, values, weight) => {
    if (at.length === size) whole.add(values, weight);
    else addOuter(matrix, size, at, values, weight);
  });
  whole.finish();
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

/** Scores with no zeros are added several at a time: the matrix is larger than the caches near the processor. */
const TOGETHER = 4;

/** Lower triangle of matrix += Σ weight · s sᵀ, of whole scores. */
function wholeScores(
  matrix: Float64Array,
  size: number,
): { add(values: Float64Array, weight: number): void; finish(): void } {
  const scores = Array.from({ length: TOGETHER }, () => new Float64Array(size));
  const weights = new Float64Array(TOGETHER);
  const [a, b, c, d] = scores;
  let held = 0;
  const finish = (): void => {
    weights.fill(0, held);
    held = 0;
    for (let i = 0, row = 0; i < size; i++, row += size) {
      const wa = weights[0] * a[i];
      const wb = weights[1] * b[i];
      const wc = weights[2] * c[i];
      const wd = weights[3] * d[i];
      for (let j = 0; j <= i; j++) matrix[row + j] += wa * a[j] + wb * b[j] + (wc * c[j] + wd * d[j]);
    }
  };
  return {
    add: (values, weight) => {
      scores[held].set(values);
      weights[held++] = weight;
      if (held === TOGETHER) finish();
    },
    finish,
  };
}
