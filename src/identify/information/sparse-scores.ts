import type { RewardModel } from '../../policy/reward-model';
import type { DesignPatterns } from './design-patterns';
import {
  forEachScore,
  scoreLength,
  type InformationOptions,
  type MixturePoint,
  type ScoreCount,
} from './scores';

/** Scores that are kept before they are summed, and coordinates of theirs up to which they are. */
const MOST_ROWS = 2000;
const MOST_SUMMED = 500;

/** I = Σ w s sᵀ kept as its scores: rows of a sparse matrix. */
export interface SparseInformation extends ScoreCount {
  readonly size: number;
  /** I v. */
  product(v: Float64Array): Float64Array;
  readonly diagonal: Float64Array;
}

/** Part of the information that only some coordinates have a share in: n of them, and an n × n matrix, row-major. */
interface Share {
  readonly at: Int32Array;
  readonly matrix: Float64Array;
}

/** Weighted scores over some coordinates, one after the other. */
interface Rows {
  readonly at: Int32Array;
  readonly values: ArrayLike<number>;
  readonly weights: readonly number[];
}

/**
 * The information of a design too large for a p × p matrix, as a product with a vector. Annotators of one pattern touch
 * few parameters: where they have more outcomes than these, their scores are summed to a small matrix.
 */
export function sparseInformation(
  design: DesignPatterns,
  model: RewardModel,
  point: MixturePoint,
  options: InformationOptions,
): SparseInformation {
  const size = scoreLength(model, point.shares.length);
  const shares: Share[] = [];
  const rows: Rows[] = [];
  const diagonal = new Float64Array(size);
  let open: { at: Int32Array; values: number[]; weights: number[] } | undefined;
  const close = (): void => {
    if (!open) return;
    // a product with the matrix costs n², with the scores twice their number times n
    if (2 * open.weights.length > open.at.length && open.at.length <= MOST_SUMMED) shares.push(summed(open));
    else rows.push({ ...open, values: Float64Array.from(open.values) });
  };
  const count = forEachScore(design, model, point, options, (at, values, weight) => {
    if (open?.at !== at || open.weights.length > MOST_ROWS) {
      close();
      open = { at, values: [], weights: [] };
    }
    open.weights.push(weight);
    for (let i = 0; i < at.length; i++) {
      open.values.push(values[i]);
      diagonal[at[i]] += weight * values[i] * values[i];
    }
  });
  close();
  return {
    size,
    ...count,
    diagonal,
    product: (v) => {
      const out = new Float64Array(size);
      for (const share of shares) addShare(share, v, out);
      for (const each of rows) addRows(each, v, out);
      return out;
    },
  };
}

function summed({ at, values, weights }: Rows): Share {
  const n = at.length;
  const matrix = new Float64Array(n * n);
  weights.forEach((weight, r) => {
    for (let i = 0, from = r * n; i < n; i++) {
      const left = weight * values[from + i];
      for (let j = 0; j < n; j++) matrix[i * n + j] += left * values[from + j];
    }
  });
  return { at, matrix };
}

function addShare({ at, matrix }: Share, v: Float64Array, out: Float64Array): void {
  const n = at.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * v[at[j]];
    out[at[i]] += sum;
  }
}

function addRows({ at, values, weights }: Rows, v: Float64Array, out: Float64Array): void {
  const n = at.length;
  for (let r = 0, from = 0; r < weights.length; r++, from += n) {
    let along = 0;
    for (let i = 0; i < n; i++) along += values[from + i] * v[at[i]];
    along *= weights[r];
    for (let i = 0; i < n; i++) out[at[i]] += along * values[from + i];
  }
}
