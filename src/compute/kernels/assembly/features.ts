import { exponentials } from './elementary';
import { EXPONENTIAL, FEATURES, LARGEST_REWARD, ROW_PLACE, THETA, WIDTH } from './layout';
import { field, whole } from './memory';

/** Where a list by alternative has the number of a row. */
function at(list: usize, place: usize, row: u32): usize {
  return list + ((<usize>whole(place, row)) << 3);
}

function rowAt(row: u32): usize {
  return field(FEATURES) + <usize>row * (field(WIDTH) << 3);
}

/** The sum of both numbers of x, and that of y. */
function sums(x: v128, y: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(x, y, 0, 2), v128.shuffle<f64>(x, y, 1, 3));
}

/** Largest absolute reward of those that were written, in two lanes; NaN where one is. */
function larger(largest: v128, u: v128): v128 {
  return f64x2.max(largest, f64x2.abs(u)); // the larger of NaN and a number is NaN
}

function isWithin(largest: v128): bool {
  return f64x2.extract_lane(largest, 0) <= LARGEST_REWARD && f64x2.extract_lane(largest, 1) <= LARGEST_REWARD;
}

/**
 * dᵀθ of the rows from … to − 1, or the exponentials of it, into `out` by alternative: from four places at once.
 *
 * @returns whether all dᵀθ lie within ±LARGEST_REWARD, of exponentials
 */
export function rewards(from: u32, to: u32, out: usize, raised: bool): bool {
  const quarter = (to - from) >> 2;
  const second = from + quarter;
  const third = second + quarter;
  const fourth = third + quarter;
  let within = rewardsOfFour(from, second, third, fourth, quarter, out, out, out, out, raised);
  const place = field(ROW_PLACE);
  const bytes = field(WIDTH) << 3;
  const theta = field(THETA);
  for (let y = fourth + quarter; y < to; y++) {
    const a = rowAt(y);
    let a0 = f64x2.splat(0);
    let a1 = a0;
    for (let j: usize = 0; j < bytes; j += 32) {
      a0 = f64x2.add(a0, f64x2.mul(v128.load(theta + j), v128.load(a + j)));
      a1 = f64x2.add(a1, f64x2.mul(v128.load(theta + j, 16), v128.load(a + j, 16)));
    }
    const sum = f64x2.add(a0, a1);
    const u = sums(sum, sum);
    if (raised && !isWithin(larger(f64x2.splat(0), u))) within = false;
    store<f64>(at(out, place, y), f64x2.extract_lane(raised ? exponentials(u) : u, 0));
  }
  return within;
}

/**
 * The same of `count` rows from each of four on, each with a list of its own. Exponentials are taken here, as memory is
 * slower than they are.
 */
export function rewardsOfFour(
  rowA: u32,
  rowB: u32,
  rowC: u32,
  rowD: u32,
  count: u32,
  outA: usize,
  outB: usize,
  outC: usize,
  outD: usize,
  raised: bool,
): bool {
  const place = field(ROW_PLACE);
  const bytes = field(WIDTH) << 3;
  const theta = field(THETA);
  let a = rowAt(rowA);
  let b = rowAt(rowB);
  let c = rowAt(rowC);
  let d = rowAt(rowD);
  let largest = f64x2.splat(0);
  for (let y: u32 = 0; y < count; y++) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    for (let j: usize = 0; j < bytes; j += 32) {
      const t0 = v128.load(theta + j);
      const t1 = v128.load(theta + j, 16);
      a0 = f64x2.add(a0, f64x2.mul(t0, v128.load(a + j)));
      b0 = f64x2.add(b0, f64x2.mul(t0, v128.load(b + j)));
      c0 = f64x2.add(c0, f64x2.mul(t0, v128.load(c + j)));
      d0 = f64x2.add(d0, f64x2.mul(t0, v128.load(d + j)));
      a1 = f64x2.add(a1, f64x2.mul(t1, v128.load(a + j, 16)));
      b1 = f64x2.add(b1, f64x2.mul(t1, v128.load(b + j, 16)));
      c1 = f64x2.add(c1, f64x2.mul(t1, v128.load(c + j, 16)));
      d1 = f64x2.add(d1, f64x2.mul(t1, v128.load(d + j, 16)));
    }
    let ab = sums(f64x2.add(a0, a1), f64x2.add(b0, b1));
    let cd = sums(f64x2.add(c0, c1), f64x2.add(d0, d1));
    if (raised) {
      largest = larger(larger(largest, ab), cd);
      ab = exponentials(ab);
      cd = exponentials(cd);
    }
    store<f64>(at(outA, place, rowA + y), f64x2.extract_lane(ab, 0));
    store<f64>(at(outB, place, rowB + y), f64x2.extract_lane(ab, 1));
    store<f64>(at(outC, place, rowC + y), f64x2.extract_lane(cd, 0));
    store<f64>(at(outD, place, rowD + y), f64x2.extract_lane(cd, 1));
    a += bytes;
    b += bytes;
    c += bytes;
    d += bytes;
  }
  return isWithin(largest);
}

/** Adds Σ g d over the rows from … to − 1 to `out`, from four places at once; g by alternative. */
export function pullBack(from: u32, to: u32, g: usize, out: usize): void {
  const place = field(ROW_PLACE);
  const bytes = field(WIDTH) << 3;
  const quarter = (to - from) >> 2;
  const apart = <usize>quarter * bytes;
  for (let y = from; y < from + quarter; y++) {
    const a = rowAt(y);
    const b = a + apart;
    const c = b + apart;
    const d = c + apart;
    const ga = f64x2.splat(load<f64>(at(g, place, y)));
    const gb = f64x2.splat(load<f64>(at(g, place, y + quarter)));
    const gc = f64x2.splat(load<f64>(at(g, place, y + 2 * quarter)));
    const gd = f64x2.splat(load<f64>(at(g, place, y + 3 * quarter)));
    for (let j: usize = 0; j < bytes; j += 32) {
      const here = out + j;
      const near = f64x2.add(
        f64x2.add(f64x2.mul(ga, v128.load(a + j)), f64x2.mul(gb, v128.load(b + j))),
        f64x2.add(f64x2.mul(gc, v128.load(c + j)), f64x2.mul(gd, v128.load(d + j))),
      );
      const far = f64x2.add(
        f64x2.add(f64x2.mul(ga, v128.load(a + j, 16)), f64x2.mul(gb, v128.load(b + j, 16))),
        f64x2.add(f64x2.mul(gc, v128.load(c + j, 16)), f64x2.mul(gd, v128.load(d + j, 16))),
      );
      v128.store(here, f64x2.add(v128.load(here), near));
      v128.store(here, f64x2.add(v128.load(here, 16), far), 16);
    }
  }
  for (let y = from + 4 * quarter; y < to; y++) {
    const a = rowAt(y);
    const ga = f64x2.splat(load<f64>(at(g, place, y)));
    for (let j: usize = 0; j < bytes; j += 16) {
      const here = out + j;
      v128.store(here, f64x2.add(v128.load(here), f64x2.mul(ga, v128.load(a + j))));
    }
  }
}

/**
 * Exponentials of the rewards from … to − 1, which stand in `utility`.
 *
 * @returns whether all rewards lie within ±LARGEST_REWARD
 */
export function exponentialsOf(from: u32, to: u32, utility: usize): bool {
  const e = field(EXPONENTIAL);
  let largest = f64x2.splat(0);
  let i = from;
  for (; i + 1 < to; i += 2) {
    const u = v128.load(utility + (i << 3));
    largest = larger(largest, u);
    v128.store(e + (i << 3), exponentials(u));
  }
  if (i < to) {
    const u = f64x2.splat(load<f64>(utility + (i << 3)));
    largest = larger(largest, u);
    store<f64>(e + (i << 3), f64x2.extract_lane(exponentials(u), 0));
  }
  return isWithin(largest);
}
