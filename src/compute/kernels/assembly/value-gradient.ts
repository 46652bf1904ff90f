import { logarithm, logarithms } from './elementary';
import { EXPONENTIAL, OPTION, STAGES, START, WEIGHT } from './layout';
import { LEAST_PRODUCT } from './likelihoods';
import { add, field, number, whole } from './memory';

/** w × the logarithm of what the last ranking’s probability leaves out. */
let taken: f64 = 0;

/**
 * Adds ∂/∂u Σ w ℓ of the rankings from … to − 1 to `sums` (by alternative); both come from the same sums of
 * exponentials, so that a stage needs one division.
 *
 * @param scratch room for the numbers of one ranking
 * @returns Σ w ℓ
 */
export function addValueAndGradient(from: u32, to: u32, sums: usize, scratch: usize): f64 {
  const start = field(START);
  const option = field(OPTION);
  const stagesOf = field(STAGES);
  const weight = field(WEIGHT);
  const e = field(EXPONENTIAL);
  let value: f64 = 0;
  let waiting: f64 = 1; // a probability whose logarithm is taken together with the next
  let waitingWeight: f64 = 0;
  taken = 0;
  let paired = false;
  let begin = whole(start, from);
  for (let r = from; r < to; r++) {
    const end = whole(start, r + 1);
    const size = end - begin;
    const options = option + (begin << 2);
    begin = end;
    const w = number(weight, r);
    const stages = whole(stagesOf, r);
    if (w == 0 || stages == 0) continue;
    const probability =
      size <= 3
        ? addShort(options, size, stages, w, e, sums)
        : addLong(options, size, stages, w, e, sums, scratch);
    if (paired) {
      const both = logarithms(f64x2.replace_lane(f64x2.splat(waiting), 1, probability));
      value += waitingWeight * f64x2.extract_lane(both, 0);
      value += w * f64x2.extract_lane(both, 1);
    } else {
      waiting = probability;
      waitingWeight = w;
    }
    paired = !paired;
  }
  if (paired) value += waitingWeight * logarithm(waiting);
  return value + taken;
}

/** A ranking of two or three. @returns its probability */
function addShort(options: usize, size: u32, stages: u32, w: f64, e: usize, sums: usize): f64 {
  const a = (<usize>whole(options, 0)) << 3;
  const b = (<usize>whole(options, 1)) << 3;
  const ea = load<f64>(e + a);
  const eb = load<f64>(e + b);
  if (size == 2) {
    const probability = ea / (ea + eb);
    const change = w - w * probability;
    add(sums + a, change);
    add(sums + b, -change);
    return probability;
  }
  const c = (<usize>whole(options, 2)) << 3;
  const ec = load<f64>(e + c);
  const rest = eb + ec;
  const all = ea + rest;
  if (stages == 1) {
    const first = w / all;
    add(sums + a, w - ea * first);
    add(sums + b, -(eb * first));
    add(sums + c, -(ec * first));
    return ea / all;
  }
  const inverse = 1 / (all * rest);
  const first = w * (inverse * rest);
  const both = first + w * (inverse * all);
  add(sums + a, w - ea * first);
  add(sums + b, w - eb * both);
  add(sums + c, -(ec * both));
  return ea * eb * inverse;
}

/** A ranking of any size. @returns its probability, but for what is added to `taken` */
function addLong(options: usize, size: u32, stages: u32, w: f64, e: usize, sums: usize, scratch: usize): f64 {
  let i = size;
  let sum: f64 = 0;
  while (i > stages) sum += number(e, whole(options, --i));
  let product: f64 = 1;
  while (i > 0) {
    const own = number(e, whole(options, --i));
    sum += own;
    const inverse = 1 / sum;
    store<f64>(scratch + (i << 3), w * inverse);
    product *= own * inverse;
    if (product < LEAST_PRODUCT) {
      taken += w * logarithm(product);
      product = 1;
    }
  }
  let pull: f64 = 0; // w Σ over the stages so far of 1/denominator
  for (; i < stages; i++) {
    const a = (<usize>whole(options, i)) << 3;
    pull += number(scratch, i);
    add(sums + a, w - load<f64>(e + a) * pull);
  }
  for (; i < size; i++) {
    const a = (<usize>whole(options, i)) << 3;
    add(sums + a, -(load<f64>(e + a) * pull));
  }
  return product;
}
