import { exponential, exponentials, logarithm } from './elementary';
import {
  GAMMA,
  LOG_SHARES,
  PROFILE_COUNT,
  PROFILE_RANKING,
  PROFILE_START,
  PROFILE_WEIGHT,
  RANKINGS,
  TYPE,
  TYPES,
  VALUES,
  VOICE_PROFILE,
  VOICE_START,
  VOICE_WEIGHT,
  WEIGHT,
} from './layout';
import { field, number, whole } from './memory';

/** γ of the profiles from … to − 1; returns Σ over them of count × log Σ_k η_k exp(Σ ℓ_k). */
export function posteriors(from: u32, to: u32): f64 {
  const types = <u32>field(TYPES);
  const logShares = field(LOG_SHARES);
  const gamma = field(GAMMA);
  const start = field(PROFILE_START);
  const ranking = field(PROFILE_RANKING);
  const weight = field(PROFILE_WEIGHT);
  const count = field(PROFILE_COUNT);
  const rankings = field(RANKINGS);
  const values = field(VALUES);
  let total: f64 = 0;
  for (let p = from; p < to; p++) {
    const row = gamma + ((p * types) << 3);
    const begin = whole(start, p);
    const end = whole(start, p + 1);
    let largest: f64 = -Infinity;
    for (let k: u32 = 0; k < types; k++) {
      const own = values + <usize>k * (rankings << 3);
      let sum = number(logShares, k);
      for (let i = begin; i < end; i++) sum += number(weight, i) * number(own, whole(ranking, i));
      store<f64>(row + (k << 3), sum);
      if (sum > largest) largest = sum;
    }
    if (largest == -Infinity) {
      for (let k: u32 = 0; k < types; k++) store<f64>(row + (k << 3), 1.0 / <f64>types);
      if (number(count, p) > 0) total = -Infinity;
      continue;
    }
    let sum: f64 = 0;
    let k: u32 = 0;
    for (; k + 1 < types; k += 2) {
      const both = exponentials(f64x2.sub(v128.load(row + (k << 3)), f64x2.splat(largest)));
      v128.store(row + (k << 3), both);
      sum += f64x2.extract_lane(both, 0);
      sum += f64x2.extract_lane(both, 1);
    }
    if (k < types) {
      const last = exponential(number(row, k) - largest);
      store<f64>(row + (k << 3), last);
      sum += last;
    }
    for (k = 0; k < types; k++) store<f64>(row + (k << 3), number(row, k) / sum);
    const n = number(count, p);
    if (n > 0) total += n * (largest + logarithm(sum));
  }
  return total;
}

/** Weight of the rankings from … to − 1 for a type: Σ over profiles of count × γ × weight in the profile. */
export function weights(from: u32, to: u32): void {
  const types = <u32>field(TYPES);
  const gamma = field(GAMMA) + (field(TYPE) << 3);
  const count = field(PROFILE_COUNT);
  const start = field(VOICE_START);
  const profile = field(VOICE_PROFILE);
  const weight = field(VOICE_WEIGHT);
  const out = field(WEIGHT);
  for (let r = from; r < to; r++) {
    let sum: f64 = 0;
    const end = whole(start, r + 1);
    for (let i = whole(start, r); i < end; i++) {
      const p = whole(profile, i);
      sum += number(count, p) * number(gamma, p * types) * number(weight, i);
    }
    store<f64>(out + (r << 3), sum);
  }
}
