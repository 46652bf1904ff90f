import { logarithm, logarithms } from './elementary';
import { OPTION, STAGES, START, VALUE, WEIGHT } from './layout';
import { field, number, whole } from './memory';

/** Below it a product of probabilities gives way to the sum of their logarithms. */
export const LEAST_PRODUCT: f64 = 1e-130;

/** Logarithm of what `probability` took out of its product. */
let taken: f64 = 0;

/** Π over the stages of e_τ(j) / Σ_{i ≥ j} e_τ(i), of one ranking; `taken` is the logarithm of the rest. */
function probability(options: usize, size: u32, stages: u32, e: usize): f64 {
  taken = 0;
  if (stages == 0) return 1;
  const last = e + (whole(options, size - 1) << 3);
  if (size == 2) {
    const first = number(e, whole(options, 0));
    return first / (first + load<f64>(last));
  }
  if (size == 3) {
    const second = number(e, whole(options, 1));
    const first = number(e, whole(options, 0));
    const rest = second + load<f64>(last);
    const all = first + rest;
    return stages == 1 ? first / all : (first / all) * (second / rest);
  }
  let sum = load<f64>(last);
  let i = size - 1;
  while (i > stages) sum += number(e, whole(options, --i));
  let product: f64 = 1;
  while (i > 0) {
    const own = number(e, whole(options, --i));
    sum += own;
    product *= own / sum;
    if (product < LEAST_PRODUCT) {
      taken += logarithm(product);
      product = 1;
    }
  }
  return product;
}

/** ℓ of the rankings from … to − 1; e are the exponentials of the rewards, by alternative. */
export function likelihoods(from: u32, to: u32, e: usize): void {
  const start = field(START);
  const option = field(OPTION);
  const stages = field(STAGES);
  const value = field(VALUE);
  let r = from;
  while (r < to) {
    const next = r + 1 < to ? r + 1 : r;
    const begin = whole(start, r);
    const first = probability(option + (begin << 2), whole(start, r + 1) - begin, whole(stages, r), e);
    const firstTaken = taken;
    const beginNext = whole(start, next);
    const second = probability(
      option + (beginNext << 2),
      whole(start, next + 1) - beginNext,
      whole(stages, next),
      e,
    );
    const both = f64x2.add(
      logarithms(f64x2.replace_lane(f64x2.splat(first), 1, second)),
      f64x2.replace_lane(f64x2.splat(firstTaken), 1, taken),
    );
    store<f64>(value + (r << 3), f64x2.extract_lane(both, 0));
    if (next != r) store<f64>(value + (next << 3), f64x2.extract_lane(both, 1));
    r += 2;
  }
}

/** Σ w ℓ of the rankings from … to − 1; those of weight 0 are left out, whatever their ℓ. */
export function weightedSum(from: u32, to: u32): f64 {
  const weight = field(WEIGHT);
  const value = field(VALUE);
  let sum: f64 = 0;
  for (let r = from; r < to; r++) {
    const w = number(weight, r);
    if (w != 0) sum += w * number(value, r);
  }
  return sum;
}
