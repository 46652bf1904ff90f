import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { dot } from '../../compute/conjugate-gradient';
import { choleskyInPlace, choleskySolve } from '../../compute/kernels/cholesky';
import { random } from '../../random';
import type { Information } from './fisher';
import { RANK_TOLERANCE, type Spectrum } from './spectrum';

/** As many of the smallest eigenvalues are found; more null directions than this are counted as this many. */
const SOUGHT = 16;
const ROUNDS = 12;
const POWER_STEPS = 60;
/** Rewards whose variance is solved for; the median of all is estimated by theirs. */
const SAMPLED = 120;

/**
 * The ends of the spectrum of a matrix too large for a full decomposition: one Cholesky factor of the slightly shifted
 * matrix, then inverse subspace iteration for the smallest eigenvalues and power iteration for the largest. Variances
 * are solved for: of every share, and of a sample of the rewards (the others are NaN).
 */
export function factoredSpectrum(
  { matrix, size }: Information,
  gauge: readonly Float64Array[],
  shares: number,
): Spectrum {
  const source = random(size, 5);
  const product = (v: Float64Array): Float64Array => multiply(matrix, size, v);
  const largest = largestEigenvalue(product, size, () => source.normal());
  const shift = 0.1 * RANK_TOLERANCE * largest;
  const factor = lifted(matrix, size, gauge, largest, shift);
  if (!choleskyInPlace(factor, size)) {
    throw new Error('The information matrix is not positive semidefinite: a fault of the program.');
  }
  const solve = (v: Float64Array): Float64Array => {
    const x = v.slice();
    choleskySolve(factor, size, x);
    return x;
  };
  const free = size - gauge.length;
  const { values, vectors } = smallestPairs(product, solve, gauge, size, Math.min(SOUGHT, free), () =>
    source.normal(),
  );
  const nullVectors = vectors.filter((_, i) => !(values[i] > RANK_TOLERANCE * largest));
  const smallest = nullVectors.length > 0 ? 0 : values[0];
  const variance = new Float64Array(size).fill(NaN);
  let shareCovariance = 0;
  const unit = (i: number): Float64Array => new Float64Array(size).with(i, 1);
  const columns = Array.from({ length: shares }, (_, k) => solve(unit(k)));
  columns.forEach((column, k) => {
    variance[k] = column[k];
    shareCovariance += column.subarray(0, shares).reduce((sum, v) => sum + v, 0);
  });
  for (let i = 0; i < SAMPLED; i++) {
    const j = shares + source.below(size - shares);
    variance[j] = solve(unit(j))[j];
  }
  return {
    eigenvalues: Float64Array.of(...values, largest),
    parameters: free,
    rank: free - nullVectors.length,
    nullVectors,
    weakest: vectors[0],
    smallest,
    condition: smallest > 0 ? largest / smallest : Infinity,
    variance,
    shareCovariance,
    shareColumns: columns,
  };
}

function multiply(matrix: Float64Array, size: number, v: Float64Array): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0, row = i * size; j < size; j++) sum += matrix[row + j] * v[j];
    out[i] = sum;
  }
  return out;
}

function largestEigenvalue(
  product: (v: Float64Array) => Float64Array,
  size: number,
  normal: () => number,
): number {
  let v = new Float64Array(size).map(normal);
  let value = 0;
  for (let step = 0; step < POWER_STEPS; step++) {
    const w = product(v);
    value = Math.sqrt(dot(w, w) / dot(v, v));
    const norm = Math.sqrt(dot(w, w));
    if (norm === 0) return 0;
    v = w.map((x) => x / norm);
  }
  return value;
}

/** A copy with the gauge directions filled as strongly as the strongest, and the diagonal raised by `shift`. */
function lifted(
  matrix: Float64Array,
  size: number,
  gauge: readonly Float64Array[],
  lift: number,
  shift: number,
): Float64Array {
  const copy = matrix.slice();
  for (const g of gauge) {
    const at = Array.from(g.keys()).filter((i) => g[i] !== 0);
    for (const i of at) for (const j of at) copy[i * size + j] += lift * g[i] * g[j];
  }
  for (let i = 0; i < size; i++) copy[i * size + i] += shift;
  return copy;
}

/** Inverse subspace iteration with Rayleigh–Ritz on the matrix itself; ascending. */
function smallestPairs(
  product: (v: Float64Array) => Float64Array,
  solve: (v: Float64Array) => Float64Array,
  gauge: readonly Float64Array[],
  size: number,
  count: number,
  normal: () => number,
): { values: number[]; vectors: Float64Array[] } {
  let block: Float64Array[] = Array.from({ length: count }, () => new Float64Array(size).map(normal));
  let values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    block = orthonormal(round === 0 ? block : block.map(solve), gauge);
    const images = block.map(product);
    const small = new Matrix(block.map((v) => images.map((w) => dot(v, w))));
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small, {
      assumeSymmetric: true,
    });
    const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[a] - realEigenvalues[b]);
    const previous = block;
    block = order.map((column) => {
      const mixed = new Float64Array(size);
      previous.forEach((v, i) => {
        const weight = eigenvectorMatrix.get(i, column);
        for (let j = 0; j < size; j++) mixed[j] += weight * v[j];
      });
      return mixed;
    });
    values = order.map((i) => realEigenvalues[i]);
  }
  return { values, vectors: block };
}

/** Gram–Schmidt, twice, against the gauge too. */
function orthonormal(vectors: readonly Float64Array[], gauge: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const v = vector.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const q of [...gauge, ...basis]) {
        const along = dot(q, v);
        for (let j = 0; j < v.length; j++) v[j] -= along * q[j];
      }
    }
    const norm = Math.sqrt(dot(v, v));
    basis.push(v.map((x) => x / norm));
  }
  return basis;
}
