import { COLUMN, EXPONENTIAL, OPTION, ROW, STAGES, START, WEIGHT } from './layout';
import { add, field, number, whole } from './memory';

/**
 * Adds ∂/∂u Σ w ℓ of the rankings from … to − 1 to `sums` (by alternative).
 *
 * @param scratch room for the numbers of one ranking
 */
export function addGradient(from: u32, to: u32, sums: usize, scratch: usize): void {
  const start = field(START);
  const option = field(OPTION);
  const stagesOf = field(STAGES);
  const weight = field(WEIGHT);
  const e = field(EXPONENTIAL);
  for (let r = from; r < to; r++) {
    const w = number(weight, r);
    const stages = whole(stagesOf, r);
    if (w == 0 || stages == 0) continue;
    const begin = whole(start, r);
    const size = whole(start, r + 1) - begin;
    const options = option + (begin << 2);
    if (size <= 3) {
      addShortGradient(options, size, stages, w, e, sums);
      continue;
    }
    let i = size;
    let sum: f64 = 0;
    while (i > stages) sum += number(e, whole(options, --i));
    while (i > 0) {
      sum += number(e, whole(options, --i));
      store<f64>(scratch + (i << 3), w / sum);
    }
    let pull: f64 = 0; // w Σ over the stages so far of 1/denominator
    for (; i < stages; i++) {
      const a = whole(options, i) << 3;
      pull += number(scratch, i);
      add(sums + a, w - load<f64>(e + a) * pull);
    }
    for (; i < size; i++) {
      const a = whole(options, i) << 3;
      add(sums + a, -(load<f64>(e + a) * pull));
    }
  }
}

/** The same for one ranking of two or three. */
function addShortGradient(options: usize, size: u32, stages: u32, w: f64, e: usize, sums: usize): void {
  const a = whole(options, 0) << 3;
  const b = whole(options, 1) << 3;
  const ea = load<f64>(e + a);
  const eb = load<f64>(e + b);
  if (size == 2) {
    const change = w - ea * (w / (ea + eb));
    add(sums + a, change);
    add(sums + b, -change);
    return;
  }
  const c = whole(options, 2) << 3;
  const ec = load<f64>(e + c);
  const rest = eb + ec;
  const first = w / (ea + rest);
  add(sums + a, w - ea * first);
  if (stages == 1) {
    add(sums + b, -(eb * first));
    add(sums + c, -(ec * first));
    return;
  }
  const both = first + w / rest;
  add(sums + b, w - eb * both);
  add(sums + c, -(ec * both));
}

/** Adds ∂/∂u Σ w ℓ to `sums`, and −∂²/∂u² Σ w ℓ to `blocks`: of each pair of alternatives to one of its two entries. */
export function addCurvature(from: u32, to: u32, sums: usize, blocks: usize, scratch: usize): void {
  const start = field(START);
  const option = field(OPTION);
  const stagesOf = field(STAGES);
  const weight = field(WEIGHT);
  const e = field(EXPONENTIAL);
  const row = field(ROW);
  const column = field(COLUMN);
  for (let r = from; r < to; r++) {
    const w = number(weight, r);
    const stages = whole(stagesOf, r);
    if (w == 0 || stages == 0) continue;
    const begin = whole(start, r);
    const size = whole(start, r + 1) - begin;
    const options = option + (begin << 2);
    let i = size;
    let sum: f64 = 0;
    while (i > stages) sum += number(e, whole(options, --i));
    while (i > 0) {
      sum += number(e, whole(options, --i));
      store<f64>(scratch + (i << 4), 1 / sum);
    }
    // −∂²ℓ/∂u_i∂u_k = [i = k] e_i Σ_{j ≤ i} 1/S_j − e_i e_k Σ_{j ≤ min(i,k)} 1/S_j²
    let first: f64 = 0;
    let second: f64 = 0;
    for (; i < size; i++) {
      const a = whole(options, i);
      const own = number(e, a);
      if (i < stages) {
        const inverse = load<f64>(scratch + (i << 4));
        first += inverse;
        second += inverse * inverse;
      }
      const wi = w * own;
      add(sums + (a << 3), (i < stages ? w : 0) - wi * first);
      const entries = blocks + whole(row, a);
      for (let k: u32 = 0; k < i; k++) {
        add(entries + whole(column, whole(options, k)), -(wi * load<f64>(scratch + (k << 4), 8)));
      }
      add(entries + whole(column, a), wi * (first - own * second));
      store<f64>(scratch + (i << 4), own * second, 8);
    }
  }
}

/** Adds (−∂²/∂u² Σ w ℓ) v to `sums`; v stands in `direction`. */
export function addProduct(from: u32, to: u32, direction: usize, sums: usize, scratch: usize): void {
  const start = field(START);
  const option = field(OPTION);
  const stagesOf = field(STAGES);
  const weight = field(WEIGHT);
  const e = field(EXPONENTIAL);
  for (let r = from; r < to; r++) {
    const w = number(weight, r);
    const stages = whole(stagesOf, r);
    if (w == 0 || stages == 0) continue;
    const begin = whole(start, r);
    const size = whole(start, r + 1) - begin;
    const options = option + (begin << 2);
    let i = size;
    let sum: f64 = 0;
    let later: f64 = 0; // Σ e v of the options that are left
    while (i > 0) {
      const a = whole(options, --i);
      const own = number(e, a);
      sum += own;
      later += own * number(direction, a);
      if (i < stages) {
        const inverse = 1 / sum;
        store<f64>(scratch + (i << 4), inverse);
        store<f64>(scratch + (i << 4), inverse * inverse * later, 8);
      }
    }
    let pull: f64 = 0;
    let slope: f64 = 0; // derivative of pull along v
    for (; i < size; i++) {
      const a = whole(options, i);
      if (i < stages) {
        pull += load<f64>(scratch + (i << 4));
        slope -= load<f64>(scratch + (i << 4), 8);
      }
      add(sums + (a << 3), w * number(e, a) * (number(direction, a) * pull + slope));
    }
  }
}
