import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { conjugateGradient, dot } from '../../compute/conjugate-gradient';
import { random } from '../../random';
import type { SparseInformation } from './sparse-scores';
import { RANK_TOLERANCE, type Spectrum } from './spectrum';

const STEPS = 200;
/** Two shares or more are solved for by conjugate gradients to this relative residual. */
const RESIDUAL = 1e-6;

/**
 * The ends of the spectrum without ever forming the matrix: Lanczos with full reorthogonalisation from a random start
 * (Golub and Van Loan, ch. 10), and variances of the shares by conjugate gradients. The largest eigenvalue is accurate;
 * the smallest is an upper bound that has converged where it is well apart from the next. A null direction shows as one.
 */
export function lanczosSpectrum(
  information: SparseInformation,
  gauge: readonly Float64Array[],
  shares: number,
): Spectrum {
  const { size } = information;
  const product = (v: Float64Array): Float64Array => information.product(v);
  const source = random(size, 6);
  const free = size - gauge.length;
  const away = gaugeProjector(gauge);
  const start = away(new Float64Array(size).map(() => source.normal()));
  const { basis, diagonal, below } = lanczos(product, away, start, Math.min(STEPS, free));
  const n = diagonal.length;
  const tridiagonal = Matrix.zeros(n, n);
  diagonal.forEach((a, i) => tridiagonal.set(i, i, a));
  below.slice(0, n - 1).forEach((b, i) => {
    tridiagonal.set(i, i + 1, b);
    tridiagonal.set(i + 1, i, b);
  });
  const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(tridiagonal, {
    assumeSymmetric: true,
  });
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const largest = values[order[n - 1]];
  const ritzVector = (column: number): Float64Array => {
    const v = new Float64Array(size);
    basis.forEach((q, i) => {
      const weight = eigenvectorMatrix.get(i, column);
      for (let j = 0; j < size; j++) v[j] += weight * q[j];
    });
    return v;
  };
  const nullVectors = order.filter((i) => !(values[i] > RANK_TOLERANCE * largest)).map(ritzVector);
  const smallest = nullVectors.length > 0 ? 0 : values[order[0]];
  const variance = new Float64Array(size).fill(NaN);
  let shareCovariance = 0;
  const shareColumns: Float64Array[] = [];
  if (nullVectors.length === 0) {
    // what no outcome touches has no information, and is left alone
    const diagonal = information.diagonal.map((value) => value || 1);
    const solve = (b: Float64Array): Float64Array => {
      const x = new Float64Array(size);
      const system = (v: Float64Array, out: Float64Array): void => {
        out.set(away(product(v)));
      };
      conjugateGradient(system, b, diagonal, x, RESIDUAL);
      return x;
    };
    for (let k = 0; k < shares; k++) {
      const column = solve(new Float64Array(size).with(k, 1));
      variance[k] = column[k];
      shareColumns.push(column);
      shareCovariance += column.subarray(0, shares).reduce((sum, v) => sum + v, 0);
    }
  }
  return {
    eigenvalues: Float64Array.of(values[order[0]], largest),
    parameters: free,
    rank: free - nullVectors.length,
    nullVectors,
    weakest: ritzVector(order[0]),
    smallest,
    condition: smallest > 0 ? largest / smallest : Infinity,
    variance,
    shareCovariance,
    shareColumns,
  };
}

/** Takes the gauge directions out of a vector; they are orthonormal, so one pass does. */
function gaugeProjector(gauge: readonly Float64Array[]): (v: Float64Array) => Float64Array {
  const supports = gauge.map((g) => Int32Array.from(Array.from(g.keys()).filter((i) => g[i] !== 0)));
  return (v) => {
    gauge.forEach((g, c) => {
      let along = 0;
      for (const i of supports[c]) along += g[i] * v[i];
      for (const i of supports[c]) v[i] -= along * g[i];
    });
    return v;
  };
}

/** @param away takes out what a vector has along the gauge; rounding brings it back in every step */
function lanczos(
  product: (v: Float64Array) => Float64Array,
  away: (v: Float64Array) => Float64Array,
  start: Float64Array,
  steps: number,
): { basis: Float64Array[]; diagonal: number[]; below: number[] } {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const below: number[] = [];
  const norm = Math.sqrt(dot(start, start));
  let q = start.map((v) => v / norm);
  for (let step = 0; step < steps; step++) {
    basis.push(q);
    const w = product(q);
    diagonal.push(dot(q, w));
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const along = dot(b, w);
        for (let j = 0; j < w.length; j++) w[j] -= along * b[j];
      }
      away(w);
    }
    const length = Math.sqrt(dot(w, w));
    if (length <= 1e-14 * Math.max(...diagonal)) break; // the whole space that the start reaches
    below.push(length);
    q = w.map((v) => v / length);
  }
  return { basis, diagonal, below };
}
