import type { RewardModel } from '../../policy/reward-model';
import type { DesignPatterns } from './design-patterns';
import {
  forEachScore,
  scoreLength,
  type InformationOptions,
  type MixturePoint,
  type ScoreCount,
} from './scores';

/** I = Σ w s sᵀ kept as its scores: rows of a sparse matrix. */
export interface SparseInformation extends ScoreCount {
  readonly size: number;
  /** I v. */
  product(v: Float64Array): Float64Array;
}

/** The information of a design too large for a p × p matrix, as a product with a vector. */
export function sparseInformation(
  design: DesignPatterns,
  model: RewardModel,
  point: MixturePoint,
  options: InformationOptions,
): SparseInformation {
  const size = scoreLength(model, point.shares.length);
  const weights: number[] = [];
  const columns: Int32Array[] = [];
  const values: Float64Array[] = [];
  const count = forEachScore(design, model, point, options, (score, weight) => {
    const at: number[] = [];
    // centring within components leaves rounding where there should be nothing
    for (let i = 0; i < size; i++) if (Math.abs(score[i]) > 1e-15) at.push(i);
    weights.push(weight);
    columns.push(Int32Array.from(at));
    values.push(Float64Array.from(at, (i) => score[i]));
  });
  return {
    size,
    ...count,
    product: (v) => {
      const out = new Float64Array(size);
      for (let r = 0; r < weights.length; r++) {
        const at = columns[r];
        const row = values[r];
        let along = 0;
        for (let i = 0; i < at.length; i++) along += row[i] * v[at[i]];
        along *= weights[r];
        for (let i = 0; i < at.length; i++) out[at[i]] += along * row[i];
      }
      return out;
    },
  };
}
