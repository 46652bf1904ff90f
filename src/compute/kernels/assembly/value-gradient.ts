import { logarithm, logarithms } from './elementary';
import { OPTION, STAGES, START, WEIGHT } from './layout';
import { LEAST_PRODUCT } from './likelihoods';
import { add, field, number, whole } from './memory';

/** w × the logarithm of what the last ranking’s probability leaves out. */
let taken: f64 = 0;

/**
 * Adds ∂/∂u Σ w ℓ of the rankings from … to − 1 to `sums` (by alternative); both come from the same sums of
 * exponentials, so that a stage needs one division.
 *
 * @param e exponentials of the rewards, by alternative
 * @param scratch room for the numbers of one ranking
 * @returns Σ w ℓ
 */
export function addValueAndGradient(from: u32, to: u32, e: usize, sums: usize, scratch: usize): f64 {
  const start = field(START);
  const option = field(OPTION);
  const stagesOf = field(STAGES);
  const weight = field(WEIGHT);
  let value: f64 = 0;
  let waiting: f64 = 1; // a probability whose logarithm is taken together with the next
  let waitingWeight: f64 = 0;
  taken = 0;
  let paired = false;
  let begin = whole(start, from);
  let twos = f64x2.splat(0);
  for (let r = from; r < to; r++) {
    if (r + 1 < to && areTwoOfThree(start, stagesOf, r, begin)) {
      const w = v128.load(weight + (r << 3));
      twos = f64x2.add(twos, f64x2.mul(w, logarithms(addTwoOfThree(option + (begin << 2), w, e, sums))));
      begin += 6;
      r++;
      continue;
    }
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
  value += f64x2.extract_lane(twos, 0) + f64x2.extract_lane(twos, 1);
  return value + taken;
}

/** Whether the rankings r and r + 1 order three options each. */
function areTwoOfThree(start: usize, stagesOf: usize, r: u32, begin: u32): bool {
  const both = load<u64>(stagesOf + (r << 2));
  return both == 0x200000002 && whole(start, r + 1) == begin + 3 && whole(start, r + 2) == begin + 6;
}

/** Two such rankings, a lane each. @returns their probabilities */
function addTwoOfThree(options: usize, w: v128, e: usize, sums: usize): v128 {
  const a = pairOf(options, 0, e);
  const b = pairOf(options, 1, e);
  const c = pairOf(options, 2, e);
  const rest = f64x2.add(b, c);
  const all = f64x2.add(a, rest);
  const inverse = f64x2.div(f64x2.splat(1), f64x2.mul(all, rest));
  const first = f64x2.mul(w, f64x2.mul(inverse, rest));
  const both = f64x2.add(first, f64x2.mul(w, f64x2.mul(inverse, all)));
  addPair(options, 0, sums, f64x2.sub(w, f64x2.mul(a, first)));
  addPair(options, 1, sums, f64x2.sub(w, f64x2.mul(b, both)));
  addPair(options, 2, sums, f64x2.neg(f64x2.mul(c, both)));
  return f64x2.mul(f64x2.mul(a, b), inverse);
}

/** Number of the i-th option of both rankings. */
function pairOf(options: usize, i: u32, list: usize): v128 {
  const first = v128.load_zero<f64>(list + (whole(options, i) << 3));
  return v128.load_lane<f64>(list + (whole(options, i + 3) << 3), first, 1);
}
function addPair(options: usize, i: u32, list: usize, values: v128): void {
  add(list + (whole(options, i) << 3), f64x2.extract_lane(values, 0));
  add(list + (whole(options, i + 3) << 3), f64x2.extract_lane(values, 1));
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
