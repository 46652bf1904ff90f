/**
 * The likelihood of a group of tied options, averaged over the orders the tie allows, by dynamic programming
 * over subsets.
 *
 * G is the tied group, L the options ranked later or not at all. With A ⊂ G already placed, the next option j
 * has probability e^{u_j} / D(A), D(A) = Σ_{L} e^u + Σ_{G∖A} e^u. An order is a path ∅ → G through the subsets,
 * so log Σ_orders Π stages is a log-sum over paths, and
 *
 *     ∂ℓ/∂u_i = [i ∈ G] − Σ_A q(A) p_i(A)        q(A): probability that a path passes A, p_i(A) = e^{u_i}/D(A)
 *
 * The Hessian times v is the derivative of that gradient along v, carried beside the values.
 * Cost 2^|G|·|G|; ties of more than LARGEST_TIE are refused where data is read.
 */
export const LARGEST_TIE = 12;

const forward = new Float64Array(1 << LARGEST_TIE);
const backward = new Float64Array(1 << LARGEST_TIE);
const denominator = new Float64Array(1 << LARGEST_TIE);
const forwardSlope = new Float64Array(1 << LARGEST_TIE);
const backwardSlope = new Float64Array(1 << LARGEST_TIE);
const denominatorSlope = new Float64Array(1 << LARGEST_TIE);

const LOG_FACTORIAL = (() => {
  const out = new Float64Array(LARGEST_TIE + 1);
  for (let n = 2; n <= LARGEST_TIE; n++) out[n] = out[n - 1] + Math.log(n);
  return out;
})();

function fillDenominators(e: Float64Array, size: number, later: number): void {
  const full = (1 << size) - 1;
  denominator[full] = later;
  for (let mask = full - 1; mask >= 0; mask--) {
    const bit = 31 - Math.clz32(~mask & full);
    denominator[mask] = denominator[mask | (1 << bit)] + e[bit];
  }
}

function logAdd(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** log of the sum over paths from ∅ to each subset. */
function fillForward(u: Float64Array, size: number): void {
  const full = (1 << size) - 1;
  forward[0] = 0;
  for (let mask = 1; mask <= full; mask++) {
    let sum = -Infinity;
    for (let j = 0; j < size; j++) {
      if (mask & (1 << j)) {
        const before = mask ^ (1 << j);
        sum = logAdd(sum, forward[before] + u[j] - Math.log(denominator[before]));
      }
    }
    forward[mask] = sum;
  }
}

/** log of the sum over paths from each subset to G. */
function fillBackward(u: Float64Array, size: number): void {
  const full = (1 << size) - 1;
  backward[full] = 0;
  for (let mask = full - 1; mask >= 0; mask--) {
    let sum = -Infinity;
    const logD = Math.log(denominator[mask]);
    for (let j = 0; j < size; j++) {
      if (!(mask & (1 << j))) sum = logAdd(sum, u[j] - logD + backward[mask | (1 << j)]);
    }
    backward[mask] = sum;
  }
}

/**
 * @param u utilities of the tied options minus a common shift
 * @param e exp of these
 * @param later Σ exp(u − shift) over the options below the group
 * @returns log of the mean over the orders
 */
export function tiedLogLikelihood(u: Float64Array, e: Float64Array, size: number, later: number): number {
  fillDenominators(e, size, later);
  fillForward(u, size);
  return forward[(1 << size) - 1] - LOG_FACTORIAL[size];
}

/**
 * Adds the gradient of the group's log-likelihood: to `gradient[0 … size − 1]` for the tied options; the options
 * below it, at index i with e_i, get −e_i × the returned `pull`.
 */
export function tiedGradient(
  u: Float64Array,
  e: Float64Array,
  size: number,
  later: number,
  gradient: Float64Array,
): { value: number; pull: number } {
  fillDenominators(e, size, later);
  fillForward(u, size);
  fillBackward(u, size);
  const full = (1 << size) - 1;
  const total = forward[full];
  let pull = 0;
  for (let j = 0; j < size; j++) gradient[j] = 1;
  for (let mask = 0; mask < full; mask++) {
    const perUnit = Math.exp(forward[mask] + backward[mask] - total) / denominator[mask];
    pull += perUnit;
    for (let j = 0; j < size; j++) if (!(mask & (1 << j))) gradient[j] -= perUnit * e[j];
  }
  return { value: total - LOG_FACTORIAL[size], pull };
}

/**
 * The gradient's derivative along v: `product[0 … size − 1]` for the tied options. An option below the group, with
 * e_i and v_i, gets −e_i (v_i pull + slope).
 *
 * @param v direction on the tied options
 * @param laterSlope Σ e_i v_i over the options below
 */
export function tiedCurvature(
  u: Float64Array,
  e: Float64Array,
  size: number,
  later: number,
  v: Float64Array,
  laterSlope: number,
  product: Float64Array,
): { pull: number; slope: number } {
  fillDenominators(e, size, later);
  fillForward(u, size);
  fillBackward(u, size);
  const full = (1 << size) - 1;
  denominatorSlope[full] = laterSlope;
  for (let mask = full - 1; mask >= 0; mask--) {
    const bit = 31 - Math.clz32(~mask & full);
    denominatorSlope[mask] = denominatorSlope[mask | (1 << bit)] + e[bit] * v[bit];
  }
  forwardSlope[0] = 0;
  for (let mask = 1; mask <= full; mask++) {
    let sum = 0;
    for (let j = 0; j < size; j++) {
      if (!(mask & (1 << j))) continue;
      const before = mask ^ (1 << j);
      const share = Math.exp(forward[before] + u[j] - Math.log(denominator[before]) - forward[mask]);
      sum += share * (forwardSlope[before] + v[j] - denominatorSlope[before] / denominator[before]);
    }
    forwardSlope[mask] = sum;
  }
  backwardSlope[full] = 0;
  for (let mask = full - 1; mask >= 0; mask--) {
    let sum = 0;
    for (let j = 0; j < size; j++) {
      if (mask & (1 << j)) continue;
      const after = mask | (1 << j);
      const share = Math.exp(u[j] - Math.log(denominator[mask]) + backward[after] - backward[mask]);
      sum += share * (backwardSlope[after] + v[j] - denominatorSlope[mask] / denominator[mask]);
    }
    backwardSlope[mask] = sum;
  }
  const total = forward[full];
  const totalSlope = forwardSlope[full];
  let pull = 0;
  let slope = 0;
  product.fill(0, 0, size);
  for (let mask = 0; mask < full; mask++) {
    const d = denominator[mask];
    const perUnit = Math.exp(forward[mask] + backward[mask] - total) / d;
    const perUnitSlope =
      perUnit * (forwardSlope[mask] + backwardSlope[mask] - totalSlope - denominatorSlope[mask] / d);
    pull += perUnit;
    slope += perUnitSlope;
    for (let j = 0; j < size; j++) {
      if (!(mask & (1 << j))) product[j] -= e[j] * (v[j] * perUnit + perUnitSlope);
    }
  }
  return { pull, slope };
}
