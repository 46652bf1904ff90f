import { addGradient, addProduct } from './derivatives';
import { exponentials } from './elementary';
import {
  DIRECTION,
  EXPONENTIAL,
  FEATURES,
  GROUP_BOUND,
  GROUP_LOW,
  GROUP_RANKING,
  LARGEST_REWARD,
  SUMS,
  THETA,
  UTILITY,
  WIDTH,
} from './layout';
import { likelihoods, weightedSum } from './likelihoods';
import { field, whole } from './memory';

/** Two features as f64. */
function pair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

function sumOf(x: v128, y: v128): f64 {
  const both = f64x2.add(x, y);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** φᵀθ of the rows from … to − 1, two at a time; features are f32, products and sums f64. */
export function rewards(from: u32, to: u32, out: usize): void {
  const bytes = field(WIDTH) << 2;
  const features = field(FEATURES);
  const theta = field(THETA);
  let y = from;
  for (; y + 1 < to; y += 2) {
    const a = features + <usize>y * bytes;
    const b = a + bytes;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    for (let j: usize = 0; j < bytes; j += 16) {
      const t0 = v128.load(theta + (j << 1));
      const t1 = v128.load(theta + (j << 1), 16);
      a0 = f64x2.add(a0, f64x2.mul(t0, pair(a + j)));
      b0 = f64x2.add(b0, f64x2.mul(t0, pair(b + j)));
      a1 = f64x2.add(a1, f64x2.mul(t1, pair(a + j + 8)));
      b1 = f64x2.add(b1, f64x2.mul(t1, pair(b + j + 8)));
    }
    store<f64>(out + (y << 3), sumOf(a0, a1));
    store<f64>(out + (y << 3), sumOf(b0, b1), 8);
  }
  if (y < to) {
    const a = features + <usize>y * bytes;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    for (let j: usize = 0; j < bytes; j += 16) {
      a0 = f64x2.add(a0, f64x2.mul(v128.load(theta + (j << 1)), pair(a + j)));
      a1 = f64x2.add(a1, f64x2.mul(v128.load(theta + (j << 1), 16), pair(a + j + 8)));
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

/**
 * Exponentials of the rewards from … to − 1.
 *
 * @returns whether all rewards lie within ±LARGEST_REWARD
 */
export function exponentialsOf(from: u32, to: u32): bool {
  const utility = field(UTILITY);
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

/** ℓ at θ of a part’s groups, while their features are at hand. */
export function linearLikelihoods(part: u32): bool {
  let within = true;
  const last = whole(field(GROUP_BOUND), part + 1);
  for (let g = whole(field(GROUP_BOUND), part); g < last; g++) {
    const low = whole(field(GROUP_LOW), g);
    const high = whole(field(GROUP_LOW), g + 1);
    rewards(low, high, field(UTILITY));
    if (!exponentialsOf(low, high)) within = false;
    likelihoods(whole(field(GROUP_RANKING), g), whole(field(GROUP_RANKING), g + 1));
  }
  return within;
}

/**
 * Adds ∂/∂θ Σ w ℓ at θ of a part’s groups to `out`: rewards, their gradient and what it pulls, while the features of
 * a group are at hand.
 *
 * @returns Σ w ℓ; NaN where a reward lies beyond ±LARGEST_REWARD
 */
export function linearGradient(part: u32, out: usize, scratch: usize): f64 {
  let value: f64 = 0;
  const last = whole(field(GROUP_BOUND), part + 1);
  const sums = field(SUMS);
  memory.fill(out, 0, field(WIDTH) << 3);
  for (let g = whole(field(GROUP_BOUND), part); g < last; g++) {
    const low = whole(field(GROUP_LOW), g);
    const high = whole(field(GROUP_LOW), g + 1);
    const from = whole(field(GROUP_RANKING), g);
    const to = whole(field(GROUP_RANKING), g + 1);
    rewards(low, high, field(UTILITY));
    if (!exponentialsOf(low, high)) value = NaN;
    memory.fill(sums + (low << 3), 0, (high - low) << 3);
    likelihoods(from, to);
    value += weightedSum(from, to);
    addGradient(from, to, sums, scratch);
    pullBack(low, high, sums, out);
  }
  return value;
}

/** Adds Φᵀ W Φ v of a part’s groups to `out`; v stands where θ does. */
export function linearProduct(part: u32, out: usize, scratch: usize): void {
  const last = whole(field(GROUP_BOUND), part + 1);
  const sums = field(SUMS);
  memory.fill(out, 0, field(WIDTH) << 3);
  for (let g = whole(field(GROUP_BOUND), part); g < last; g++) {
    const low = whole(field(GROUP_LOW), g);
    const high = whole(field(GROUP_LOW), g + 1);
    rewards(low, high, field(DIRECTION));
    memory.fill(sums + (low << 3), 0, (high - low) << 3);
    addProduct(whole(field(GROUP_RANKING), g), whole(field(GROUP_RANKING), g + 1), sums, scratch);
    pullBack(low, high, sums, out);
  }
}
