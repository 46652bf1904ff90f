import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * A symmetric matrix that is diagonal but for a border of a few rows and columns,
 *
 *     [ A  Bᵀ ]
 *     [ B  D  ]     A: border × border, row-major    B: n × border, row-major    D: diagonal, n long.
 *
 * Its eigenvalues are counted by Sylvester's law of inertia from the Schur complement T(λ) = A − λ − Bᵀ(D − λ)⁻¹B: as
 * many lie below λ as entries of D and eigenvalues of T(λ) do together (Haynsworth 1968).
 */
export interface Arrow {
  readonly border: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly d: Float64Array;
}

/** Relative width at which an eigenvalue is found. */
const WIDTH = 1e-14;

/** Eigenvalues below λ. */
export function countBelow(arrow: Arrow, lambda: number): number {
  const inside = arrow.d.reduce((sum, d) => sum + (d < lambda ? 1 : 0), 0);
  if (arrow.border === 0) return inside;
  const { realEigenvalues } = symmetric(complement(arrow, lambda), arrow.border);
  return inside + realEigenvalues.filter((value) => value < 0).length;
}

/** The eigenvalue with `index` smaller ones, of a positive semidefinite arrow, to rounding. */
export function eigenvalue(arrow: Arrow, index: number): number {
  let low = 0;
  let high = boundOf(arrow);
  while (high - low > WIDTH * high && high > Number.MIN_VALUE) {
    const middle = (low + high) / 2;
    if (countBelow(arrow, middle) > index) high = middle;
    else low = middle;
  }
  return low;
}

/** Solves (arrow − λ) x = r, for λ below every entry of D and no eigenvalue; r is border first. */
export function solveShifted(arrow: Arrow, lambda: number, r: Float64Array): Float64Array {
  const { border, b, d } = arrow;
  const right = r.slice(0, border);
  for (let i = 0; i < d.length; i++)
    for (let k = 0; k < border; k++) right[k] -= (b[i * border + k] * r[border + i]) / (d[i] - lambda);
  const x = new Float64Array(r.length);
  const inverse = inverseOf(complement(arrow, lambda), border);
  for (let k = 0; k < border; k++)
    for (let l = 0; l < border; l++) x[k] += inverse[k * border + l] * right[l];
  for (let i = 0; i < d.length; i++) {
    let rest = r[border + i];
    for (let k = 0; k < border; k++) rest -= b[i * border + k] * x[k];
    x[border + i] = rest / (d[i] - lambda);
  }
  return x;
}

/** T(λ), border × border. */
export function complement({ border, a, b, d }: Arrow, lambda: number): Float64Array {
  const t = a.slice();
  for (let k = 0; k < border; k++) t[k * border + k] -= lambda;
  for (let i = 0; i < d.length; i++) {
    const left = d[i] - lambda || Number.MIN_VALUE;
    for (let k = 0; k < border; k++) {
      const part = b[i * border + k] / left;
      if (part !== 0) for (let l = 0; l < border; l++) t[k * border + l] -= part * b[i * border + l];
    }
  }
  return t;
}

/** Eigenvalues and vectors (as columns) of a small symmetric matrix. */
export function symmetric(matrix: Float64Array, size: number): EigenvalueDecomposition {
  const rows = Array.from({ length: size }, (_, i) => matrix.subarray(i * size, (i + 1) * size));
  return new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
}

/** Inverse of a small symmetric matrix. On an eigenvalue to the last bit its direction is what matters, however long. */
export function inverseOf(matrix: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  if (size === 0) return inverse;
  const { realEigenvalues, eigenvectorMatrix: v } = symmetric(matrix, size);
  realEigenvalues.forEach((value, c) => {
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        inverse[i * size + j] += (v.get(i, c) * v.get(j, c)) / (value || Number.EPSILON);
  });
  return inverse;
}

/** No eigenvalue of a positive semidefinite arrow is larger. */
function boundOf({ border, a, d }: Arrow): number {
  let trace = 0;
  for (let k = 0; k < border; k++) trace += a[k * border + k];
  return trace + d.reduce((most, value) => Math.max(most, value), 0);
}
