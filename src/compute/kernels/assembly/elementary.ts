// Numbers stand in memory, where one instruction loads one into both lanes: written in the code, each takes V8 three.

const ONE = memory.data<f64>([1.0]);
const HALF = memory.data<f64>([0.5]);
const TWO = memory.data<f64>([2.0]);
const INVERSE_LN_2 = memory.data<f64>([1.4426950408889634]);
/** ln 2, whose lowest bits are 0, and what is missing. */
const LN_2 = memory.data<f64>([6.9314718036912381649e-1]);
const LN_2_REST = memory.data<f64>([1.90821492927058770002e-10]);
/** 1.5 · 2⁵²: adding it rounds to a whole number in the lowest bits. */
const ROUNDER = memory.data<f64>([6755399441055744.0]);
const LEAST_EXPONENT = memory.data<f64>([-700.0]);
/** 1 / k! */
const INVERSE_FACTORIALS = memory.data<f64>([
  1.0, 1.0, 0.5, 1.6666666666666666e-1, 4.1666666666666664e-2, 8.3333333333333332e-3, 1.3888888888888889e-3,
  1.984126984126984e-4, 2.4801587301587302e-5, 2.7557319223985893e-6, 2.7557319223985888e-7,
  2.505210838544172e-8, 2.08767569878681e-9, 1.6059043836821613e-10,
]);
/** Added to the bits of a number from √2 on, it makes the exponent that of 2. */
const FROM_ROOT_2 = memory.data<u64>([0x00095f6200000000]);
const MANTISSA = memory.data<u64>([0x000fffffffffffff]);
const ROOT_HALF_BITS = memory.data<u64>([0x3fe6a09e00000000]);
/** The bits of 2⁵²: an exponent behind them is added to it. */
const TWO_52_BITS = memory.data<u64>([0x4330000000000000]);
/** 2⁵² + 1023 */
const TWO_52_AND_BIAS = memory.data<f64>([4503599627371519.0]);
/** fdlibm’s Lg1 … Lg7. */
const LG = memory.data<f64>([
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
]);

/** A number in both lanes. */
function both(number: usize): v128 {
  return v128.load_splat<u64>(number);
}

/** 1/k! + r/(k+1)! */
function twoTerms(k: usize, r: v128): v128 {
  const first = INVERSE_FACTORIALS + (k << 3);
  return f64x2.add(both(first), f64x2.mul(r, both(first + 8)));
}

/** Lg_k */
function lg(k: usize): v128 {
  return both(LG + ((k - 1) << 3));
}

/** Two exponentials at once: 2ⁿ times a Taylor polynomial on |r| ≤ ln 2 / 2, to the last bit or two; 0 below e^−700. */
export function exponentials(x: v128): v128 {
  const rounder = both(ROUNDER);
  const shifted = f64x2.add(f64x2.mul(x, both(INVERSE_LN_2)), rounder);
  const n = f64x2.sub(shifted, rounder);
  let r = f64x2.sub(x, f64x2.mul(n, both(LN_2)));
  r = f64x2.sub(r, f64x2.mul(n, both(LN_2_REST)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  // in pairs, so that the processor need not wait for each term (Estrin's scheme)
  const q0 = f64x2.add(f64x2.mul(twoTerms(2, r), r2), f64x2.add(both(ONE), r));
  const q1 = f64x2.add(f64x2.mul(twoTerms(6, r), r2), twoTerms(4, r));
  const q2 = f64x2.add(f64x2.mul(twoTerms(10, r), r2), twoTerms(8, r));
  const upper = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(twoTerms(12, r), r4), q2), r4), q1);
  const polynomial = f64x2.add(f64x2.mul(upper, r4), q0);
  const scale = i64x2.add(i64x2.shl(shifted, 52), both(ONE)); // 2ⁿ: n added to the exponent of 1
  return v128.and(f64x2.mul(polynomial, scale), f64x2.ge(x, both(LEAST_EXPONENT)));
}

/** Two natural logarithms of positive normal numbers at once (fdlibm's e_log, to the last bit). */
export function logarithms(x: v128): v128 {
  const bits = i64x2.add(x, both(FROM_ROOT_2));
  // an exponent as a double: its bits behind 2⁵²
  const exponent = f64x2.sub(v128.or(i64x2.shr_u(bits, 52), both(TWO_52_BITS)), both(TWO_52_AND_BIAS));
  const mantissa = i64x2.add(v128.and(bits, both(MANTISSA)), both(ROOT_HALF_BITS));
  const f = f64x2.sub(mantissa, both(ONE));
  const s = f64x2.div(f, f64x2.add(f, both(TWO)));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  let even = f64x2.add(lg(4), f64x2.mul(w, lg(6)));
  even = f64x2.mul(w, f64x2.add(lg(2), f64x2.mul(w, even)));
  let odd = f64x2.add(lg(5), f64x2.mul(w, lg(7)));
  odd = f64x2.add(lg(3), f64x2.mul(w, odd));
  odd = f64x2.mul(z, f64x2.add(lg(1), f64x2.mul(w, odd)));
  const square = f64x2.mul(both(HALF), f64x2.mul(f, f));
  const low = f64x2.add(
    f64x2.mul(s, f64x2.add(square, f64x2.add(even, odd))),
    f64x2.mul(exponent, both(LN_2_REST)),
  );
  return f64x2.add(f64x2.add(f64x2.sub(low, square), f), f64x2.mul(exponent, both(LN_2)));
}

export function exponential(x: f64): f64 {
  return f64x2.extract_lane(exponentials(f64x2.splat(x)), 0);
}

export function logarithm(x: f64): f64 {
  return f64x2.extract_lane(logarithms(f64x2.splat(x)), 0);
}
