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

const LIMIT = memory.data<f64>([LARGEST_REWARD]);

/** Which lanes lie within ±LARGEST_REWARD; NaN does not. */
function within(u: v128): v128 {
  return f64x2.le(f64x2.abs(u), v128.load_splat<f64>(LIMIT));
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
  let fine = rewardsOfFour(from, second, third, fourth, quarter, out, out, out, out, raised);
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
    if (raised && !i64x2.all_true(within(u))) fine = false;
    store<f64>(at(out, place, y), f64x2.extract_lane(raised ? exponentials(u) : u, 0));
  }
  return fine;
}

/**
 * The same of `count` rows from each of four on, each with a list of its own. Exponentials are taken here, as memory is
 * slower than they are. A sum for each row, not two, leaves registers for what is read.
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
  let fine = i64x2.splat(-1);
  for (let y: u32 = 0; y < count; y++) {
    let va = f64x2.splat(0);
    let vb = va;
    let vc = va;
    let vd = va;
    for (let j: usize = 0; j < bytes; j += 32) {
      const near = v128.load(theta + j);
      const far = v128.load(theta + j, 16);
      va = f64x2.add(va, f64x2.add(f64x2.mul(near, v128.load(a + j)), f64x2.mul(far, v128.load(a + j, 16))));
      vb = f64x2.add(vb, f64x2.add(f64x2.mul(near, v128.load(b + j)), f64x2.mul(far, v128.load(b + j, 16))));
      vc = f64x2.add(vc, f64x2.add(f64x2.mul(near, v128.load(c + j)), f64x2.mul(far, v128.load(c + j, 16))));
      vd = f64x2.add(vd, f64x2.add(f64x2.mul(near, v128.load(d + j)), f64x2.mul(far, v128.load(d + j, 16))));
    }
    let ab = sums(va, vb);
    let cd = sums(vc, vd);
    if (raised) {
      fine = v128.and(fine, v128.and(within(ab), within(cd)));
      ab = exponentials(ab);
      cd = exponentials(cd);
    }
    v128.store_lane<f64>(at(outA, place, rowA + y), ab, 0);
    v128.store_lane<f64>(at(outB, place, rowB + y), ab, 1);
    v128.store_lane<f64>(at(outC, place, rowC + y), cd, 0);
    v128.store_lane<f64>(at(outD, place, rowD + y), cd, 1);
    a += bytes;
    b += bytes;
    c += bytes;
    d += bytes;
  }
  return i64x2.all_true(fine);
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
  let fine = i64x2.splat(-1);
  let i = from;
  for (; i + 1 < to; i += 2) {
    const u = v128.load(utility + (i << 3));
    fine = v128.and(fine, within(u));
    v128.store(e + (i << 3), exponentials(u));
  }
  if (i < to) {
    const u = v128.load_splat<f64>(utility + (i << 3));
    fine = v128.and(fine, within(u));
    v128.store_lane<f64>(e + (i << 3), exponentials(u), 0);
  }
  return i64x2.all_true(fine);
}
