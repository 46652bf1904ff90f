import { addCurvature, addGradient, addProduct } from './derivatives';
import { exponentialsOf, pullBack, rewards } from './features';
import {
  ADD_BLOCKS,
  ADD_UP,
  ALTERNATIVES,
  APART,
  BLOCKS,
  BLOCK_BYTES,
  BLOCK_PARTS,
  BOUND,
  CURVATURE,
  CURVATURE_PRODUCT,
  DIRECTION,
  DONE,
  EXPONENTIAL,
  EXPONENTIALS,
  GRADIENT,
  HIGH,
  JOB,
  KIND,
  LIKELIHOODS,
  LINEAR_GRADIENT,
  LINEAR_LIKELIHOODS,
  LINEAR_PRODUCT,
  LOST,
  LOW,
  NEXT,
  OUT,
  OWN,
  PARTIAL,
  POSTERIORS,
  PROFILES,
  PULLED,
  PULL_BACK,
  RANKING_PARTS,
  REWARDS,
  ROWS,
  SCRATCH,
  SCRATCH_BYTES,
  SUMS,
  UTILITY,
  WEIGHTED_SUM,
  WEIGHTS,
  WIDTH,
} from './layout';
import { likelihoods, weightedSum } from './likelihoods';
import { linear } from './linear';
import { field, number, whole } from './memory';
import { posteriors, weights } from './profiles';

/** Turns of looking for a job before a thread goes to sleep: some microseconds. */
const PATIENCE: i32 = 2000;

/** Where a part adds its sums by alternative, from 0 on. */
function ownSums(part: u32): usize {
  const sums = whole(field(OWN), part);
  const low = whole(field(LOW), part);
  memory.fill(sums + (low << 3), 0, (whole(field(HIGH), part) - low) << 3);
  return sums;
}

/** The i-th of `parts` equal slices of 0 … count begins here. */
function slice(count: u32, i: u32, parts: u32): u32 {
  return <u32>((<u64>count * i) / parts);
}

/** Adds the parts’ sums by alternative up, in the order of the parts. */
function addUp(i: u32, parts: u32): void {
  const sums = field(SUMS);
  const from = slice(<u32>field(ALTERNATIVES), i, parts);
  const to = slice(<u32>field(ALTERNATIVES), i + 1, parts);
  memory.fill(sums + (from << 3), 0, (to - from) << 3);
  for (let part: u32 = 0; part < parts; part++) {
    const own = whole(field(OWN), part);
    const low = max(from, whole(field(LOW), part));
    const high = min(to, whole(field(HIGH), part));
    for (let a = low; a < high; a++) {
      store<f64>(sums + (a << 3), number(sums, a) + number(own, a));
    }
  }
}

function addBlocks(i: u32, parts: u32): void {
  const blocks = field(BLOCKS);
  const bytes = field(BLOCK_BYTES);
  const from = slice(<u32>(bytes >> 3), i, parts);
  const to = slice(<u32>(bytes >> 3), i + 1, parts);
  const kept = <u32>field(BLOCK_PARTS);
  for (let part: u32 = 1; part < kept; part++) {
    const own = blocks + <usize>part * bytes;
    for (let b = from; b < to; b++) store<f64>(blocks + (b << 3), number(blocks, b) + number(own, b));
  }
}

/** Curvature is added up over fewer parts than the rest: the i-th takes several. */
function curvature(i: u32, parts: u32, scratch: usize): void {
  const bytes = field(BLOCK_BYTES);
  const blocks = field(BLOCKS) + (field(APART) ? 0 : <usize>i * bytes);
  if (!field(APART)) memory.fill(blocks, 0, bytes);
  const last = slice(<u32>field(RANKING_PARTS), i + 1, parts);
  for (let part = slice(<u32>field(RANKING_PARTS), i, parts); part < last; part++) {
    const from = whole(field(BOUND), part);
    addCurvature(from, whole(field(BOUND), part + 1), ownSums(part), blocks, scratch);
  }
}

/** One part of the job at hand. */
function perform(kind: u32, part: u32, parts: u32): void {
  const partial = field(PARTIAL) + (part << 3);
  const scratch = field(SCRATCH) + <usize>part * field(SCRATCH_BYTES);
  const bound = field(BOUND);
  const pulled = field(PULLED) + <usize>part * (field(WIDTH) << 3);
  switch (kind) {
    case EXPONENTIALS: {
      const alternatives = <u32>field(ALTERNATIVES);
      const within = exponentialsOf(
        slice(alternatives, part, parts),
        slice(alternatives, part + 1, parts),
        field(UTILITY),
      );
      store<f64>(partial, within ? 1 : 0);
      break;
    }
    case LIKELIHOODS:
      likelihoods(whole(bound, part), whole(bound, part + 1), field(EXPONENTIAL));
      break;
    case GRADIENT:
      addGradient(whole(bound, part), whole(bound, part + 1), ownSums(part), scratch);
      break;
    case CURVATURE:
      curvature(part, parts, scratch);
      break;
    case CURVATURE_PRODUCT:
      addProduct(whole(bound, part), whole(bound, part + 1), field(DIRECTION), ownSums(part), scratch);
      break;
    case ADD_UP:
      addUp(part, parts);
      break;
    case ADD_BLOCKS:
      addBlocks(part, parts);
      break;
    case POSTERIORS: {
      const profiles = <u32>field(PROFILES);
      store<f64>(partial, posteriors(slice(profiles, part, parts), slice(profiles, part + 1, parts)));
      break;
    }
    case WEIGHTS:
      weights(whole(bound, part), whole(bound, part + 1));
      break;
    case WEIGHTED_SUM:
      store<f64>(partial, weightedSum(whole(bound, part), whole(bound, part + 1)));
      break;
    case REWARDS: {
      const rows = <u32>field(ROWS);
      rewards(slice(rows, part, parts), slice(rows, part + 1, parts), field(OUT), false);
      break;
    }
    case PULL_BACK: {
      const rows = <u32>field(ROWS);
      memory.fill(pulled, 0, field(WIDTH) << 3);
      pullBack(slice(rows, part, parts), slice(rows, part + 1, parts), field(SUMS), pulled);
      break;
    }
    case LINEAR_LIKELIHOODS:
    case LINEAR_GRADIENT:
    case LINEAR_PRODUCT:
      store<f64>(partial, linear(kind, part, pulled, scratch));
      break;
  }
}

/** Takes parts of the job until none is left. Which thread takes a part changes nothing: a part has its own results. */
function work(): void {
  for (;;) {
    // part and number of parts in one word: a thread that is late sees those of the same job, be it this or the next
    const ticket = atomic.add<u64>(NEXT, 1);
    const part = <u32>ticket;
    const parts = <u32>(ticket >> 32);
    if (part >= parts) return;
    perform(load<u32>(KIND), part, parts);
    if (atomic.add<u32>(DONE, 1) + 1 == parts) atomic.notify(DONE, 1);
  }
}

/** First byte that is free. */
export function firstFree(): usize {
  return __heap_base;
}

/** The whole job in this thread alone. */
export function performAlone(kind: u32, parts: u32): void {
  for (let part: u32 = 0; part < parts; part++) perform(kind, part, parts);
}

/**
 * The job in this thread and all that wait. This one takes parts like any other, and then waits for those only that
 * others have begun.
 *
 * @returns false if another thread failed
 */
export function performTogether(kind: u32, parts: u32): bool {
  store<u32>(KIND, kind);
  atomic.store<u32>(DONE, 0);
  atomic.store<u64>(NEXT, (<u64>parts) << 32);
  atomic.add<u32>(JOB, 1);
  atomic.notify(JOB, -1);
  work();
  let done: u32;
  let turns: i32 = 0;
  while ((done = atomic.load<u32>(DONE)) != parts) {
    if (done & LOST) return false;
    if (++turns > PATIENCE) atomic.wait<u32>(DONE, done, -1);
  }
  return true;
}

/** A thread’s whole life. */
export function serve(): void {
  let seen: u32 = 0;
  for (;;) {
    let turns: i32 = 0;
    while (atomic.load<u32>(JOB) == seen) {
      if (++turns > PATIENCE) atomic.wait<u32>(JOB, seen, -1);
    }
    seen = atomic.load<u32>(JOB);
    work();
  }
}
