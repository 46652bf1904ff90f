import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Random } from '../random';
import { dot } from './conjugate-gradient';

/** Up to this many rows the whole decomposition is as quick. */
const WHOLE = 64;
/** Vectors beyond those asked for, so that the last of these is not at the edge of the block. */
const GUARD = 3;
/** Powers of the matrix that a round applies, and rounds at most. */
const POWERS = 8;
const MOST_ROUNDS = 40;
/** Residual ‖Ax − λx‖ that is small enough, as a part of the largest |λ| seen. */
const RESIDUAL = 1e-9;

/**
 * Unit eigenvectors of the `count` largest eigenvalues of a symmetric matrix, the largest first: restarted block Krylov
 * iteration with Rayleigh–Ritz (Golub and Van Loan, section 10.3.6), n² an application instead of n³ in all. Eigenvalues
 * that occur several times are found as often. Where eigenvalues hardly differ, the vectors span nearly what is asked for.
 *
 * @param matrix n × n, row-major
 */
export function leadingEigenvectors(
  matrix: Float64Array,
  n: number,
  count: number,
  random: Random,
): Float64Array[] {
  if (n <= WHOLE || (count + GUARD) * POWERS > n) return largestOf(matrix, n, count);
  const size = count + GUARD;
  let block: Float64Array[] = Array.from({ length: size }, () =>
    new Float64Array(n).map(() => random.normal()),
  );
  for (let round = 0; ; round++) {
    const { basis, images } = krylov(matrix, block);
    const { values, weights } = rayleighRitz(basis, images, size);
    block = weights.map((weight) => combined(basis, weight));
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const settled = weights.slice(0, count).every((weight, k) => {
      const image = combined(images, weight);
      const rest = image.map((value, i) => value - values[k] * block[k][i]);
      return Math.sqrt(dot(rest, rest)) <= RESIDUAL * scale;
    });
    if (settled || round + 1 === MOST_ROUNDS) return block.slice(0, count);
  }
}

/** Orthonormal basis of the block and its images under the first powers of the matrix, and the image of each. */
function krylov(
  matrix: Float64Array,
  block: readonly Float64Array[],
): { basis: Float64Array[]; images: Float64Array[] } {
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  let last: readonly Float64Array[] = block;
  for (let power = 0; power < POWERS; power++) {
    const from = basis.length;
    for (const vector of last) {
      const v = vector.slice();
      const before = Math.sqrt(dot(v, v));
      for (let pass = 0; pass < 2; pass++) {
        for (const q of basis) {
          const along = dot(q, v);
          for (let i = 0; i < v.length; i++) v[i] -= along * q[i];
        }
      }
      const left = Math.sqrt(dot(v, v));
      // what the basis spans already adds nothing but rounding
      if (left > 1e-12 * before) basis.push(v.map((x) => x / left));
    }
    for (const q of basis.slice(from)) images.push(product(matrix, q));
    last = images.slice(from);
  }
  return { basis, images };
}

/** The largest eigenvalues of the matrix on a subspace, and their vectors as weights of the basis. */
function rayleighRitz(
  basis: readonly Float64Array[],
  images: readonly Float64Array[],
  count: number,
): { values: number[]; weights: Float64Array[] } {
  const small = basis.map((q) => images.map((image) => dot(q, image)));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(small), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
  const first = order.slice(0, count);
  return {
    values: first.map((i) => realEigenvalues[i]),
    weights: first.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
  };
}

function largestOf(matrix: Float64Array, n: number, count: number): Float64Array[] {
  const rows = Array.from({ length: n }, (_, i) => matrix.subarray(i * n, (i + 1) * n));
  const unit = (i: number): Float64Array => new Float64Array(n).with(i, 1);
  return rayleighRitz(
    rows.map((_, i) => unit(i)),
    rows,
    count,
  ).weights;
}

function product(matrix: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  return v.map((_, i) => {
    let sum = 0;
    for (let j = 0, row = i * n; j < n; j++) sum += matrix[row + j] * v[j];
    return sum;
  });
}

function combined(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = new Float64Array(vectors[0].length);
  vectors.forEach((v, k) => {
    for (let i = 0; i < out.length; i++) out[i] += weights[k] * v[i];
  });
  return out;
}
