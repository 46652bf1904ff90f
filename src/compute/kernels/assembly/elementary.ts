/** Two exponentials at once: 2ⁿ times a Taylor polynomial on |r| ≤ ln 2 / 2, to the last bit or two; 0 below e^−700. */
export function exponentials(x: v128): v128 {
  const magic = f64x2.splat(6755399441055744.0); // 1.5 · 2⁵²: adding it rounds to a whole number in the lowest bits
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), magic);
  const n = f64x2.sub(shifted, magic);
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.9314718036912381649e-1)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  // in pairs, so that the processor need not wait for each term (Estrin's scheme)
  const p01 = f64x2.add(f64x2.splat(1.0), r);
  const p23 = f64x2.add(f64x2.splat(0.5), f64x2.mul(r, f64x2.splat(1.6666666666666666e-1)));
  const p45 = f64x2.add(f64x2.splat(4.1666666666666664e-2), f64x2.mul(r, f64x2.splat(8.3333333333333332e-3)));
  const p67 = f64x2.add(f64x2.splat(1.3888888888888889e-3), f64x2.mul(r, f64x2.splat(1.984126984126984e-4)));
  const p89 = f64x2.add(f64x2.splat(2.4801587301587302e-5), f64x2.mul(r, f64x2.splat(2.7557319223985893e-6)));
  const pab = f64x2.add(f64x2.splat(2.7557319223985888e-7), f64x2.mul(r, f64x2.splat(2.505210838544172e-8)));
  const pcd = f64x2.add(f64x2.splat(2.08767569878681e-9), f64x2.mul(r, f64x2.splat(1.6059043836821613e-10)));
  const q0 = f64x2.add(f64x2.mul(p23, r2), p01);
  const q1 = f64x2.add(f64x2.mul(p67, r2), p45);
  const q2 = f64x2.add(f64x2.mul(pab, r2), p89);
  const upper = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(pcd, r4), q2), r4), q1);
  const polynomial = f64x2.add(f64x2.mul(upper, r4), q0);
  const scale = i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(0x3ff0000000000000));
  return v128.and(f64x2.mul(polynomial, scale), f64x2.ge(x, f64x2.splat(-700.0)));
}

/** Two natural logarithms of positive normal numbers at once (fdlibm's e_log, to the last bit). */
export function logarithms(x: v128): v128 {
  const bits = i64x2.add(x, i64x2.splat(0x00095f6200000000));
  // an exponent as a double: its bits behind 2⁵²
  const exponent = f64x2.sub(
    v128.or(i64x2.shr_u(bits, 52), i64x2.splat(0x4330000000000000)),
    f64x2.splat(4503599627370496.0 + 1023.0),
  );
  const mantissa = i64x2.add(
    v128.and(bits, i64x2.splat(0x000fffffffffffff)),
    i64x2.splat(0x3fe6a09e00000000),
  );
  const f = f64x2.sub(mantissa, f64x2.splat(1.0));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2.0)));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const even = f64x2.mul(
    w,
    f64x2.add(
      f64x2.splat(3.999999999940941908e-1),
      f64x2.mul(
        w,
        f64x2.add(f64x2.splat(2.222219843214978396e-1), f64x2.mul(w, f64x2.splat(1.531383769920937332e-1))),
      ),
    ),
  );
  const odd = f64x2.mul(
    z,
    f64x2.add(
      f64x2.splat(6.66666666666673513e-1),
      f64x2.mul(
        w,
        f64x2.add(
          f64x2.splat(2.857142874366239149e-1),
          f64x2.mul(
            w,
            f64x2.add(
              f64x2.splat(1.818357216161805012e-1),
              f64x2.mul(w, f64x2.splat(1.479819860511658591e-1)),
            ),
          ),
        ),
      ),
    ),
  );
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const low = f64x2.add(
    f64x2.mul(s, f64x2.add(half, f64x2.add(even, odd))),
    f64x2.mul(exponent, f64x2.splat(1.90821492927058770002e-10)),
  );
  return f64x2.add(
    f64x2.add(f64x2.sub(low, half), f),
    f64x2.mul(exponent, f64x2.splat(6.9314718036912381649e-1)),
  );
}

export function exponential(x: f64): f64 {
  return f64x2.extract_lane(exponentials(f64x2.splat(x)), 0);
}

export function logarithm(x: f64): f64 {
  return f64x2.extract_lane(logarithms(f64x2.splat(x)), 0);
}
