import { normaliseLogRow } from '../log-row';

/** Annotators with the same rankings have one profile: the entries `profileStart[p] … profileStart[p + 1] − 1`. */
export interface Profiles {
  readonly profiles: number;
  readonly profileStart: Uint32Array;
  readonly profileRanking: Int32Array;
  readonly profileWeight: Float64Array;
}

/**
 * log Σ_k η_k exp(Σ_records ℓ_k) of one annotator with each profile, in nats.
 *
 * @param byRanking by type: ℓ of every ranking
 * @param gamma profiles × K, row-major: becomes the posteriors
 */
export function profilePosteriors(
  { profiles, profileStart, profileRanking, profileWeight }: Profiles,
  shares: Float64Array,
  byRanking: (k: number) => Float64Array,
  gamma: Float64Array,
): Float64Array {
  const types = shares.length;
  for (let k = 0; k < types; k++) {
    const value = byRanking(k);
    const logShare = Math.log(shares[k]);
    for (let p = 0; p < profiles; p++) {
      let sum = logShare;
      for (let i = profileStart[p]; i < profileStart[p + 1]; i++) {
        sum += profileWeight[i] * value[profileRanking[i]];
      }
      gamma[p * types + k] = sum;
    }
  }
  return Float64Array.from({ length: profiles }, (_, p) =>
    normaliseLogRow(gamma.subarray(p * types, (p + 1) * types)),
  );
}

/** Σ over annotators of a value that those with one profile share; profiles without annotators do not count. */
export function sumOverAnnotators(byProfile: Float64Array, count: Float64Array): number {
  return byProfile.reduce((sum, each, p) => (count[p] > 0 ? sum + count[p] * each : sum), 0);
}

/** Weight of each ranking for type k: Σ over annotators of γ_hk × record weight. */
export function weighRankings(
  { profiles, profileStart, profileRanking, profileWeight }: Profiles,
  count: Float64Array,
  gamma: Float64Array,
  types: number,
  k: number,
  weight: Float64Array,
): void {
  weight.fill(0);
  for (let p = 0; p < profiles; p++) {
    const g = count[p] * gamma[p * types + k];
    if (g === 0) continue;
    for (let i = profileStart[p]; i < profileStart[p + 1]; i++) {
      weight[profileRanking[i]] += g * profileWeight[i];
    }
  }
}
