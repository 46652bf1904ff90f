import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Information } from './fisher';

/** Eigenvalues below this part of the largest count as 0. */
export const RANK_TOLERANCE = 1e-12;

/** The spectrum of an information matrix, gauge directions left out. */
export interface Spectrum {
  /** Ascending, per annotator: all of them, or of a large matrix the smallest few and the largest. */
  readonly eigenvalues: Float64Array;
  /** Free parameters: gauge directions left out. */
  readonly parameters: number;
  readonly rank: number;
  /** Unit vectors of the eigenvalues that count as 0, p long. */
  readonly nullVectors: readonly Float64Array[];
  /** Those among them that follow from the design alone, put there by who knew them; orthonormal. */
  readonly known?: readonly Float64Array[];
  /** Unit vector of the smallest eigenvalue. */
  readonly weakest: Float64Array;
  /** Per annotator; 0 where the matrix is singular. */
  readonly smallest: number;
  /** Largest over smallest eigenvalue; infinite where singular. */
  readonly condition: number;
  /** Diagonal of the pseudo-inverse: variance of each parameter × N, for the free directions. */
  readonly variance: Float64Array;
  /** Variance × N of the sum of the first `shares` parameters: that of the last share. */
  readonly shareCovariance: number;
  /** Columns of the (pseudo-)inverse that belong to the shares: how the score must be weighted to tell each of them. */
  readonly shareColumns: readonly Float64Array[];
}

/**
 * @param gauge orthonormal directions that the likelihood cannot see by construction (a constant added to all rewards
 * of a component); the matrix is 0 along them
 * @param shares how many of the first parameters are shares
 */
export function spectrum(
  { matrix, size }: Information,
  gauge: readonly Float64Array[],
  shares = 0,
): Spectrum {
  const full = new Matrix(size, size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) full.set(i, j, matrix[i * size + j]);
  // lifted far above every real eigenvalue, gauge directions come last and are cut off
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i];
  const lift = 10 * trace + 1;
  for (const g of gauge) {
    for (let i = 0; i < size; i++) {
      if (g[i] === 0) continue;
      for (let j = 0; j < size; j++) full.set(i, j, full.get(i, j) + lift * g[i] * g[j]);
    }
  }
  const decomposition = new EigenvalueDecomposition(full, { assumeSymmetric: true });
  const values = decomposition.realEigenvalues;
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const free = order.slice(0, size - gauge.length);
  const eigenvalues = Float64Array.from(free, (i) => values[i]);
  const largest = eigenvalues[eigenvalues.length - 1];
  const column = (i: number): Float64Array => Float64Array.from(decomposition.eigenvectorMatrix.getColumn(i));
  const isNull = (value: number): boolean => !(value > RANK_TOLERANCE * largest);
  const nullVectors = free.filter((i) => isNull(values[i])).map(column);
  const variance = new Float64Array(size);
  const shareColumns = Array.from({ length: shares }, () => new Float64Array(size));
  let shareCovariance = 0;
  for (const i of free) {
    if (isNull(values[i])) continue;
    const v = column(i);
    v.forEach((value, j) => (variance[j] += (value * value) / values[i]));
    shareColumns.forEach((out, k) => {
      for (let j = 0; j < size; j++) out[j] += (v[j] * v[k]) / values[i];
    });
    shareCovariance += v.subarray(0, shares).reduce((sum, value) => sum + value, 0) ** 2 / values[i];
  }
  const smallest = nullVectors.length > 0 ? 0 : eigenvalues[0];
  return {
    eigenvalues,
    parameters: free.length,
    rank: free.length - nullVectors.length,
    nullVectors,
    weakest: column(free[0]),
    smallest,
    condition: smallest > 0 ? largest / smallest : Infinity,
    variance,
    shareCovariance,
    shareColumns,
  };
}
