import { exponentials } from './elementary';
import { EXPONENTIAL, FEATURES, LARGEST_REWARD, THETA, WIDTH } from './layout';
import { field } from './memory';

/** Two features as f64. */
function pair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

function sumOf(x: v128, y: v128): f64 {
  const both = f64x2.add(x, y);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/**
 * φᵀθ of the rows from … to − 1, two at a time; features are f32, products and sums f64.
 *
 * @param kept where the rows go as f64, one after the other, so that they need not be converted again; 0: nowhere
 */
export function rewards(from: u32, to: u32, out: usize, kept: usize): void {
  const bytes = field(WIDTH) << 2;
  const features = field(FEATURES);
  const theta = field(THETA);
  let y = from;
  let first = kept;
  for (; y + 1 < to; y += 2) {
    const a = features + <usize>y * bytes;
    const b = a + bytes;
    const second = first + (bytes << 1);
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    for (let j: usize = 0; j < bytes; j += 16) {
      const t0 = v128.load(theta + (j << 1));
      const t1 = v128.load(theta + (j << 1), 16);
      const p0 = pair(a + j);
      const p1 = pair(a + j + 8);
      const q0 = pair(b + j);
      const q1 = pair(b + j + 8);
      if (kept != 0) {
        v128.store(first + (j << 1), p0);
        v128.store(first + (j << 1), p1, 16);
        v128.store(second + (j << 1), q0);
        v128.store(second + (j << 1), q1, 16);
      }
      a0 = f64x2.add(a0, f64x2.mul(t0, p0));
      b0 = f64x2.add(b0, f64x2.mul(t0, q0));
      a1 = f64x2.add(a1, f64x2.mul(t1, p1));
      b1 = f64x2.add(b1, f64x2.mul(t1, q1));
    }
    store<f64>(out + (y << 3), sumOf(a0, a1));
    store<f64>(out + (y << 3), sumOf(b0, b1), 8);
    first = second + (bytes << 1);
  }
  if (y < to) {
    const a = features + <usize>y * bytes;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    for (let j: usize = 0; j < bytes; j += 16) {
      const p0 = pair(a + j);
      const p1 = pair(a + j + 8);
      if (kept != 0) {
        v128.store(first + (j << 1), p0);
        v128.store(first + (j << 1), p1, 16);
      }
      a0 = f64x2.add(a0, f64x2.mul(v128.load(theta + (j << 1)), p0));
      a1 = f64x2.add(a1, f64x2.mul(v128.load(theta + (j << 1), 16), p1));
    }
    store<f64>(out + (y << 3), sumOf(a0, a1));
  }
}

/** Adds Σ g φ over the rows from … to − 1 to `out`. */
export function pullBack(from: u32, to: u32, g: usize, out: usize): void {
  const bytes = field(WIDTH) << 2;
  const features = field(FEATURES);
  let y = from;
  for (; y + 3 < to; y += 4) {
    const a = features + <usize>y * bytes;
    const b = a + bytes;
    const c = b + bytes;
    const d = c + bytes;
    const ga = f64x2.splat(load<f64>(g + (y << 3)));
    const gb = f64x2.splat(load<f64>(g + (y << 3), 8));
    const gc = f64x2.splat(load<f64>(g + (y << 3), 16));
    const gd = f64x2.splat(load<f64>(g + (y << 3), 24));
    for (let j: usize = 0; j < bytes; j += 8) {
      const here = out + (j << 1);
      const first = f64x2.add(f64x2.mul(ga, pair(a + j)), f64x2.mul(gb, pair(b + j)));
      const second = f64x2.add(f64x2.mul(gc, pair(c + j)), f64x2.mul(gd, pair(d + j)));
      v128.store(here, f64x2.add(v128.load(here), f64x2.add(first, second)));
    }
  }
  for (; y < to; y++) {
    const a = features + <usize>y * bytes;
    const ga = f64x2.splat(load<f64>(g + (y << 3)));
    for (let j: usize = 0; j < bytes; j += 8) {
      const here = out + (j << 1);
      v128.store(here, f64x2.add(v128.load(here), f64x2.mul(ga, pair(a + j))));
    }
  }
}

/** The same of rows that `rewards` kept. */
export function pullBackKept(from: u32, to: u32, g: usize, kept: usize, out: usize): void {
  const bytes = field(WIDTH) << 3;
  let y = from;
  let a = kept;
  for (; y + 3 < to; y += 4) {
    const b = a + bytes;
    const c = b + bytes;
    const d = c + bytes;
    const ga = f64x2.splat(load<f64>(g + (y << 3)));
    const gb = f64x2.splat(load<f64>(g + (y << 3), 8));
    const gc = f64x2.splat(load<f64>(g + (y << 3), 16));
    const gd = f64x2.splat(load<f64>(g + (y << 3), 24));
    for (let j: usize = 0; j < bytes; j += 16) {
      const here = out + j;
      const first = f64x2.add(f64x2.mul(ga, v128.load(a + j)), f64x2.mul(gb, v128.load(b + j)));
      const second = f64x2.add(f64x2.mul(gc, v128.load(c + j)), f64x2.mul(gd, v128.load(d + j)));
      v128.store(here, f64x2.add(v128.load(here), f64x2.add(first, second)));
    }
    a = d + bytes;
  }
  for (; y < to; y++) {
    const ga = f64x2.splat(load<f64>(g + (y << 3)));
    for (let j: usize = 0; j < bytes; j += 16) {
      const here = out + j;
      v128.store(here, f64x2.add(v128.load(here), f64x2.mul(ga, v128.load(a + j))));
    }
    a += bytes;
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
    // the larger of NaN and a number is NaN
    largest = f64x2.max(largest, f64x2.abs(u));
    v128.store(e + (i << 3), exponentials(u));
  }
  if (i < to) {
    const u = f64x2.splat(load<f64>(utility + (i << 3)));
    largest = f64x2.max(largest, f64x2.abs(u));
    store<f64>(e + (i << 3), f64x2.extract_lane(exponentials(u), 0));
  }
  return f64x2.extract_lane(largest, 0) <= LARGEST_REWARD && f64x2.extract_lane(largest, 1) <= LARGEST_REWARD;
}
