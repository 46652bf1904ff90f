import { addProduct } from './derivatives';
import { pullBack, rewards, rewardsOfFour } from './features';
import {
  EXPONENTIAL,
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

// A part has room for two numbers of each alternative of a group, a sum and the change of its reward, for each of its
// streams: so they need not go through the machine’s memory.

/** Where a list of the group g would begin for alternative 0: its sums are the first, changes of rewards the second. */
function room(part: u32, stream: u32, g: u32, list: u32): usize {
  const begin = field(GROUP_ROOM) + <usize>(part * streams + stream) * field(GROUP_ROOM_BYTES);
  const low = whole(field(GROUP_LOW), g);
  return begin + ((list * (whole(field(GROUP_LOW), g + 1) - low)) << 3) - ((<usize>low) << 3);
}

/** Where the rewards of the group g go: their changes into its room, their exponentials where all stand. */
function target(kind: u32, part: u32, stream: u32, g: u32): usize {
  return kind == LINEAR_PRODUCT ? room(part, stream, g, 1) : field(EXPONENTIAL);
}

/** What is there before rewards are: no sums, and the reward 0 of each component’s first alternative, or its e⁰. */
function prepare(kind: u32, part: u32, stream: u32, g: u32): void {
  const low = <usize>whole(field(GROUP_LOW), g);
  const bytes = (<usize>whole(field(GROUP_LOW), g + 1) - low) << 3;
  memory.fill(room(part, stream, g, 0) + (low << 3), 0, bytes << 1);
  if (kind == LINEAR_PRODUCT) return;
  const e = field(EXPONENTIAL) + (low << 3);
  for (let i: usize = 0; i < bytes; i += 8) store<f64>(e + i, 1);
}

/** What follows from rewards that are there. @returns Σ w ℓ of a gradient */
function compute(kind: u32, part: u32, stream: u32, g: u32, out: usize, scratch: usize): f64 {
  const ranking = whole(field(GROUP_RANKING), g);
  const last = whole(field(GROUP_RANKING), g + 1);
  if (kind == LINEAR_LIKELIHOODS) {
    likelihoods(ranking, last);
    return 0;
  }
  const sums = room(part, stream, g, 0);
  let value: f64 = 0;
  if (kind == LINEAR_GRADIENT) value = addValueAndGradient(ranking, last, sums, scratch);
  else addProduct(ranking, last, room(part, stream, g, 1), sums, scratch);
  pullBack(whole(field(GROUP_ROW), g), whole(field(GROUP_ROW), g + 1), sums, out);
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
  let within = true;
  let value: f64 = 0;
  for (let g = first; g < first + stretch; g++) {
    if (!rewardsOfStreams(kind, part, g, stretch)) within = false;
    for (let s: u32 = 0; s < streams; s++) value += compute(kind, part, s, g + s * stretch, out, scratch);
  }
  for (let g = first + streams * stretch; g < last; g++) {
    prepare(kind, part, 0, g);
    if (!rewards(whole(row, g), whole(row, g + 1), target(kind, part, 0, g), raised)) within = false;
    value += compute(kind, part, 0, g, out, scratch);
  }
  return within ? value : NaN;
}

/** Rewards of the group g and of those that stand 1, 2 and 3 stretches further. @returns as `rewards` does */
function rewardsOfStreams(kind: u32, part: u32, g: u32, stretch: u32): bool {
  const row = field(GROUP_ROW);
  const raised = kind != LINEAR_PRODUCT;
  let rows = u32.MAX_VALUE;
  for (let s: u32 = 0; s < streams; s++) {
    const here = g + s * stretch;
    prepare(kind, part, s, here);
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
    target(kind, part, 0, g),
    target(kind, part, 1, h),
    target(kind, part, 2, i),
    target(kind, part, 3, j),
    raised,
  );
  for (let s: u32 = 0; s < streams; s++) {
    const here = g + s * stretch;
    const from = whole(row, here) + rows;
    if (!rewards(from, whole(row, here + 1), target(kind, part, s, here), raised)) within = false;
  }
  return within;
}
