import { assess, checkMatrix, type MinMax } from './min-max';
import type { Matrix } from './matrix';

/**
 * The authors' optimistic multiplicative weights for min_w max(0, max_i Σ_j w_j R_ij): x over K + 1 rows of R with
 * a zero row ("no regret") in front, y over its K columns, both uniform at first, learning rate 5/√T, and
 *
 *     x_t ∝ x_{t−1} exp( 2lr·R y_{t−1} − lr·R y_{t−2} )      y_t ∝ y_{t−1} exp( −2lr·Rᵀx_{t−1} + lr·Rᵀx_{t−2} )
 *
 * The weights are the time average of y_0 … y_{T−1}; the adversary is that of x, without its zero row and rescaled,
 * which can only tighten the gap. Logarithms are kept, so large regrets do not overflow.
 * Source: keertanavc/multi_pref_DPO, find_weightsv2.py (arXiv 2510.15716, algorithm 2).
 *
 * @param steps T
 */
export function multiplicativeWeights(regret: Matrix, steps = 100_000): MinMax {
  checkMatrix(regret);
  if (!(Number.isInteger(steps) && steps >= 1))
    throw new RangeError(`T must be a whole number above 0, not ${steps}.`);
  const types = regret.length;
  const rows = [new Array<number>(types).fill(0), ...regret];
  const rate = 5 / Math.sqrt(steps);
  const logX = new Float64Array(types + 1);
  const logY = new Float64Array(types);
  const x = new Float64Array(types + 1).fill(1 / (types + 1));
  const y = new Float64Array(types).fill(1 / types);
  // R y and Rᵀx of the step before; the step before the first is uniform too.
  let rowsNow = rowPayoff(rows, y);
  let columnsNow = columnPayoff(rows, x);
  let rowsBefore = rowsNow;
  let columnsBefore = columnsNow;
  const sumX = x.slice();
  const sumY = y.slice();
  for (let t = 1; t < steps; t++) {
    for (let i = 0; i <= types; i++) logX[i] += rate * (2 * rowsNow[i] - rowsBefore[i]);
    for (let j = 0; j < types; j++) logY[j] -= rate * (2 * columnsNow[j] - columnsBefore[j]);
    softmax(logX, x);
    softmax(logY, y);
    rowsBefore = rowsNow;
    columnsBefore = columnsNow;
    rowsNow = rowPayoff(rows, y);
    columnsNow = columnPayoff(rows, x);
    for (let i = 0; i <= types; i++) sumX[i] += x[i];
    for (let j = 0; j < types; j++) sumY[j] += y[j];
  }
  const weights = Array.from(sumY, (s) => s / steps);
  const against = sumX.subarray(1).reduce((a, b) => a + b, 0);
  const population = Array.from(sumX.subarray(1), (s) => (against > 0 ? s / against : 0));
  return assess(regret, weights, population);
}

function rowPayoff(rows: Matrix, y: Float64Array): Float64Array {
  const payoff = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) for (let j = 0; j < y.length; j++) payoff[i] += rows[i][j] * y[j];
  return payoff;
}

function columnPayoff(rows: Matrix, x: Float64Array): Float64Array {
  const payoff = new Float64Array(rows[0].length);
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < payoff.length; j++) payoff[j] += rows[i][j] * x[i];
  return payoff;
}

/** Writes probabilities to `out` and shifts `logits` so that its largest entry is 0. */
function softmax(logits: Float64Array, out: Float64Array): void {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    logits[i] -= largest;
    sum += out[i] = Math.exp(logits[i]);
  }
  for (let i = 0; i < out.length; i++) out[i] /= sum;
}
