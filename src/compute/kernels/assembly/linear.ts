import { addProduct } from './derivatives';
import { pullBack, rewards, rewardsOfFour } from './features';
import {
  GROUP_BOUND,
  GROUP_LOW,
  GROUP_RANKING,
  GROUP_ROOM,
  GROUP_ROOM_BYTES,
  GROUP_ROW,
  LINEAR_GRADIENT,
  LINEAR_LIKELIHOODS,
  LINEAR_PRODUCT,
  STREAMS,
  WIDTH,
} from './layout';
import { likelihoods } from './likelihoods';
import { field, whole } from './memory';
import { addValueAndGradient } from './value-gradient';

const streams: u32 = STREAMS;

// A part has room for two numbers of each alternative of a group, for each of its streams: so they need not go through
// the machine’s memory. The first is a sum, the second the reward’s exponential, or its change where a product is asked.

function roomOf(part: u32, stream: u32): usize {
  return field(GROUP_ROOM) + <usize>(part * streams + stream) * field(GROUP_ROOM_BYTES);
}

/** Bytes of a list of the group g in its room. */
function listBytes(g: u32): usize {
  const low = field(GROUP_LOW);
  return (<usize>(whole(low, g + 1) - whole(low, g))) << 3;
}

/** Where the sums of the group g would begin for alternative 0, and the second list. */
function sumsOf(part: u32, stream: u32, g: u32): usize {
  return roomOf(part, stream) - ((<usize>whole(field(GROUP_LOW), g)) << 3);
}
function secondOf(part: u32, stream: u32, g: u32): usize {
  return sumsOf(part, stream, g) + listBytes(g);
}

/** What is there before rewards are: no sums, and the reward 0 of each component’s first alternative, or its e⁰. */
function prepare(part: u32, stream: u32, g: u32, first: f64): void {
  const sums = roomOf(part, stream);
  const bytes = listBytes(g);
  for (let i: usize = 0; i < bytes; i += 8) {
    store<f64>(sums + i, 0);
    store<f64>(sums + bytes + i, first);
  }
}

/** What follows from rewards that are there. @returns Σ w ℓ of a gradient */
function compute(kind: u32, part: u32, stream: u32, g: u32, out: usize, scratch: usize): f64 {
  const ranking = field(GROUP_RANKING);
  const row = field(GROUP_ROW);
  const from = whole(ranking, g);
  const to = whole(ranking, g + 1);
  const sums = sumsOf(part, stream, g);
  const second = secondOf(part, stream, g);
  let value: f64 = 0;
  if (kind == LINEAR_LIKELIHOODS) {
    likelihoods(from, to, second);
    return 0;
  }
  if (kind == LINEAR_GRADIENT) value = addValueAndGradient(from, to, second, sums, scratch);
  else addProduct(from, to, second, sums, scratch);
  pullBack(whole(row, g), whole(row, g + 1), sums, out);
  return value;
}

/**
 * ℓ at θ of a part’s groups, or Σ g d of their gradient or product into `out` (for the product, what stands in θ is v):
 * rewards, what follows from them and what that pulls, while the features of a group are at hand. The part’s groups are
 * gone through from four places at once, as memory gives four streams faster than one.
 *
 * @returns Σ w ℓ of a gradient; NaN where a reward lies beyond ±LARGEST_REWARD
 */
export function linear(kind: u32, part: u32, out: usize, scratch: usize): f64 {
  const first = whole(field(GROUP_BOUND), part);
  const last = whole(field(GROUP_BOUND), part + 1);
  const stretch = (last - first) / streams;
  const raised = kind != LINEAR_PRODUCT;
  const row = field(GROUP_ROW);
  memory.fill(out, 0, field(WIDTH) << 3);
  const zero: f64 = raised ? 1 : 0;
  let within = true;
  let value: f64 = 0;
  for (let g = first; g < first + stretch; g++) {
    if (!rewardsOfStreams(part, g, stretch, zero, raised)) within = false;
    for (let s: u32 = 0; s < streams; s++) value += compute(kind, part, s, g + s * stretch, out, scratch);
  }
  for (let g = first + streams * stretch; g < last; g++) {
    prepare(part, 0, g, zero);
    if (!rewards(whole(row, g), whole(row, g + 1), secondOf(part, 0, g), raised)) within = false;
    value += compute(kind, part, 0, g, out, scratch);
  }
  return within ? value : NaN;
}

/** Rewards of the group g and of those that stand 1, 2 and 3 stretches further. @returns as `rewards` does */
function rewardsOfStreams(part: u32, g: u32, stretch: u32, zero: f64, raised: bool): bool {
  const row = field(GROUP_ROW);
  let rows = u32.MAX_VALUE;
  for (let s: u32 = 0; s < streams; s++) {
    const here = g + s * stretch;
    prepare(part, s, here, zero);
    rows = min(rows, whole(row, here + 1) - whole(row, here));
  }
  const h = g + stretch;
  const i = h + stretch;
  const j = i + stretch;
  let within = rewardsOfFour(
    whole(row, g),
    whole(row, h),
    whole(row, i),
    whole(row, j),
    rows,
    secondOf(part, 0, g),
    secondOf(part, 1, h),
    secondOf(part, 2, i),
    secondOf(part, 3, j),
    raised,
  );
  for (let s: u32 = 0; s < streams; s++) {
    const here = g + s * stretch;
    const from = whole(row, here) + rows;
    const to = whole(row, here + 1);
    if (from < to && !rewards(from, to, secondOf(part, s, here), raised)) within = false;
  }
  return within;
}
