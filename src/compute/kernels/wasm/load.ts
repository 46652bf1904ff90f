import * as at from '../assembly/layout';
import { UNRANKED_LEVEL } from '../levels';
import type { Observed } from '../likelihood-kernel';
import type { Profiles } from '../profiles';
import { planOf, type Plan } from './plan';
import { makeRegion, type Region } from './region';

/** A problem in the memory of the compiled kernels, in the order of its plan. */
export interface Loaded {
  readonly observed: Observed;
  readonly plan: Plan;
  readonly region: Region;
  /** By alternative: rewards at the point, a direction, and what jobs add up. */
  readonly utility: Float64Array;
  readonly direction: Float64Array;
  readonly sums: Float64Array;
  /** By ranking. */
  readonly weight: Float64Array;
  /** By profile: annotators. */
  readonly count: Float64Array;
  /** By part: the number that a job leaves. */
  readonly partial: Float64Array;
  /** Parts that posteriors are computed in. */
  readonly profileParts: number;
}

/** Room for the numbers of one option while a ranking is computed, and for those of one ranking. */
const SCRATCH_OF_OPTION = 16;
const SCRATCH_OF_RANKING = 64;
const LEAST_PROFILE_ENTRIES = 8192;
const MOST_PROFILE_PARTS = 64;

/** @throws OutOfMemory */
export function load(observed: Observed): Loaded {
  const { rankings } = observed;
  const { alternatives, count } = rankings;
  const plan = planOf(observed);
  const profileParts = Math.min(
    MOST_PROFILE_PARTS,
    Math.max(1, Math.ceil(observed.profileRanking.length / LEAST_PROFILE_ENTRIES)),
  );
  const region = makeRegion();
  region.set(at.ALTERNATIVES, alternatives);
  loadRankings(observed, plan, region);
  loadProfiles(observed, count, plan, region);
  const utility = region.floats(at.UTILITY, alternatives);
  region.floats(at.EXPONENTIAL, alternatives);
  const direction = region.floats(at.DIRECTION, alternatives);
  const sums = region.floats(at.SUMS, alternatives);
  loadParts(plan, region, region.addressOf(sums), SCRATCH_OF_OPTION * rankings.largest + SCRATCH_OF_RANKING);
  return {
    ...{ observed, plan, region, utility, direction, sums, profileParts },
    weight: region.floats(at.WEIGHT, count),
    count: region.floats(at.PROFILE_COUNT, observed.profiles),
    partial: region.floats(at.PARTIAL, Math.max(plan.parts, profileParts)),
  };
}

function loadRankings({ rankings }: Observed, { order, place }: Plan, region: Region): void {
  const { count } = rankings;
  region.set(at.RANKINGS, count);
  const start = region.words(at.START, new Uint32Array(count + 1));
  const option = region.words(at.OPTION, new Uint32Array(rankings.start[count]));
  const stages = region.words(at.STAGES, new Uint32Array(count));
  let end = 0;
  for (let i = 0; i < count; i++) {
    const r = order[i];
    let ranked = 0;
    for (let o = rankings.start[r]; o < rankings.start[r + 1]; o++) {
      option[end++] = place[rankings.option[o]];
      if (rankings.level[o] !== UNRANKED_LEVEL) ranked++;
    }
    start[i + 1] = end;
    // the last that is left has no choice
    const size = rankings.start[r + 1] - rankings.start[r];
    stages[i] = rankings.tied[r] ? 0 : Math.min(ranked, size - 1);
  }
}

/** Both by profile and by ranking: posteriors are sums over a profile’s rankings, weights over a ranking’s profiles. */
function loadProfiles(
  { profiles, profileStart, profileRanking, profileWeight }: Profiles,
  rankings: number,
  { order }: Plan,
  region: Region,
): void {
  const placeOf = new Int32Array(rankings);
  order.forEach((r, i) => (placeOf[r] = i));
  const ranking = profileRanking.map((r) => placeOf[r]);
  region.set(at.PROFILES, profiles);
  region.words(at.PROFILE_START, profileStart);
  region.words(at.PROFILE_RANKING, ranking);
  region.floats(at.PROFILE_WEIGHT, profileWeight.length).set(profileWeight);
  const voice = new Uint32Array(rankings + 1);
  for (const r of ranking) voice[r + 1]++;
  for (let r = 0; r < rankings; r++) voice[r + 1] += voice[r];
  region.words(at.VOICE_START, voice);
  const next = voice.slice();
  const voiceProfile = region.words(at.VOICE_PROFILE, new Uint32Array(ranking.length));
  const voiceWeight = region.floats(at.VOICE_WEIGHT, ranking.length);
  for (let p = 0; p < profiles; p++) {
    for (let i = profileStart[p]; i < profileStart[p + 1]; i++) {
      const to = next[ranking[i]]++;
      voiceProfile[to] = p;
      voiceWeight[to] = profileWeight[i];
    }
  }
}

/** Bounds of the parts and what each has of its own. Parts that touch no alternatives of each other add to one list. */
function loadParts(plan: Plan, region: Region, sums: number, scratch: number): void {
  region.set(at.RANKING_PARTS, plan.parts);
  region.set(at.APART, plan.apart ? 1 : 0);
  region.words(at.BOUND, plan.bound);
  region.words(at.LOW, plan.low);
  region.words(at.HIGH, plan.high);
  region.set(at.SCRATCH_BYTES, scratch);
  region.floats(at.SCRATCH, (plan.parts * scratch) / 8);
  const own = Array.from(plan.low, (low, part) =>
    plan.apart ? sums : region.addressOf(region.floats(at.OWN, plan.high[part] - low)) - 8 * low,
  );
  region.words(at.OWN, own);
}
