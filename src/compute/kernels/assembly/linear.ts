import { addProduct } from './derivatives';
import { exponentialsOf, pullBack, pullBackKept, rewards } from './features';
import {
  GROUP_BOUND,
  GROUP_LOW,
  GROUP_RANKING,
  GROUP_ROOM,
  GROUP_ROOM_BYTES,
  MOST_KEPT,
  WIDTH,
} from './layout';
import { likelihoods } from './likelihoods';
import { field, whole } from './memory';
import { addValueAndGradient } from './value-gradient';

/** Where a part keeps numbers of the group at hand: they need not go through the machine’s memory. */
function room(part: u32): usize {
  return field(GROUP_ROOM) + <usize>part * field(GROUP_ROOM_BYTES);
}

/** Where in that room `count` rows of features may stand as f64; 0 where they are too many. */
function roomForRows(part: u32, count: u32): usize {
  return <usize>count * (field(WIDTH) << 3) <= <usize>MOST_KEPT ? room(part) + ((<usize>count) << 4) : 0;
}

function pull(low: u32, high: u32, sums: usize, kept: usize, out: usize): void {
  if (kept != 0) pullBackKept(low, high, sums, kept, out);
  else pullBack(low, high, sums, out);
}

/** ℓ at θ of a part’s groups, while their features are at hand. */
export function linearLikelihoods(part: u32): bool {
  let within = true;
  const last = whole(field(GROUP_BOUND), part + 1);
  for (let g = whole(field(GROUP_BOUND), part); g < last; g++) {
    const low = whole(field(GROUP_LOW), g);
    const high = whole(field(GROUP_LOW), g + 1);
    const utility = room(part) - ((<usize>low) << 3);
    rewards(low, high, utility, 0);
    if (!exponentialsOf(low, high, utility)) within = false;
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
  memory.fill(out, 0, field(WIDTH) << 3);
  for (let g = whole(field(GROUP_BOUND), part); g < last; g++) {
    const low = whole(field(GROUP_LOW), g);
    const high = whole(field(GROUP_LOW), g + 1);
    const utility = room(part) - ((<usize>low) << 3);
    const sums = utility + ((high - low) << 3);
    const kept = roomForRows(part, high - low);
    rewards(low, high, utility, kept);
    if (!exponentialsOf(low, high, utility)) value = NaN;
    memory.fill(sums + (low << 3), 0, (high - low) << 3);
    value += addValueAndGradient(
      whole(field(GROUP_RANKING), g),
      whole(field(GROUP_RANKING), g + 1),
      sums,
      scratch,
    );
    pull(low, high, sums, kept, out);
  }
  return value;
}

/** Adds Φᵀ W Φ v of a part’s groups to `out`; v stands where θ does. */
export function linearProduct(part: u32, out: usize, scratch: usize): void {
  const last = whole(field(GROUP_BOUND), part + 1);
  memory.fill(out, 0, field(WIDTH) << 3);
  for (let g = whole(field(GROUP_BOUND), part); g < last; g++) {
    const low = whole(field(GROUP_LOW), g);
    const high = whole(field(GROUP_LOW), g + 1);
    const direction = room(part) - ((<usize>low) << 3);
    const sums = direction + ((high - low) << 3);
    const kept = roomForRows(part, high - low);
    rewards(low, high, direction, kept);
    memory.fill(sums + (low << 3), 0, (high - low) << 3);
    addProduct(whole(field(GROUP_RANKING), g), whole(field(GROUP_RANKING), g + 1), direction, sums, scratch);
    pull(low, high, sums, kept, out);
  }
}
