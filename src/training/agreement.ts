import { kmeans } from 'ml-kmeans';
import { leadingEigenvectors } from '../compute/leading-eigenvectors';
import { UNRANKED_LEVEL } from '../compute/kernels/levels';
import type { Random } from '../random';
import type { Problem } from './problem';

/** As many annotators are clustered; the others join in the first E-step. */
const MOST_CLUSTERED = 400;

/** Below this share of annotator pairs with a comparison in common, agreement says nothing. */
const LEAST_OVERLAP = 0.02;

/**
 * Clusters annotators by agreement: A_ij is the share of the comparisons i and j have in common that both answered
 * alike; A is centred, its K − 1 leading eigenvectors are clustered by k-means. The authors of EM-DPO start from
 * k-means clusters too.
 *
 * @returns γ, profiles × K: 1 for a clustered profile's cluster, 0 for profiles not sampled; undefined where
 * annotators have too few comparisons in common
 */
export function agreementPosterior(
  problem: Problem,
  types: number,
  random: Random,
): Float64Array | undefined {
  const sample = sampleProfiles(problem, random);
  const n = sample.length;
  if (n <= types) return undefined;
  const { agreement, overlap } = agreementMatrix(sample.map((p) => comparisons(problem, p)));
  if (overlap < LEAST_OVERLAP) return undefined;
  centreTwice(agreement, n);
  const seed = random.below(0x7fffffff);
  const vectors = leadingEigenvectors(agreement, n, types - 1, random);
  const points = sample.map((_, i) => vectors.map((v) => v[i]));
  const { clusters } = kmeans(points, types, { seed });
  const gamma = new Float64Array(problem.profiles * types);
  sample.forEach((p, i) => (gamma[p * types + clusters[i]] += 1));
  for (const p of new Set(sample)) {
    const row = gamma.subarray(p * types, (p + 1) * types);
    const total = row.reduce((sum, g) => sum + g, 0);
    for (let k = 0; k < types; k++) row[k] /= total;
  }
  return gamma;
}

/** Profiles of annotators drawn without replacement; a profile that several annotators have may come up again. */
function sampleProfiles(problem: Problem, random: Random): number[] {
  const people = Array.from(problem.profileOf.filter((p) => p >= 0));
  return (people.length <= MOST_CLUSTERED ? people : random.shuffle(people)).slice(0, MOST_CLUSTERED);
}

/** Pairs of alternatives a profile compared: keys a·n + b with a < b, ascending, and the mean of +1 (a preferred) and −1. */
interface Comparisons {
  readonly keys: Float64Array;
  readonly signs: Float64Array;
}

function comparisons(problem: Problem, profile: number): Comparisons {
  const { rankings } = problem;
  const sums = new Map<number, { sum: number; count: number }>();
  for (let i = problem.profileStart[profile]; i < problem.profileStart[profile + 1]; i++) {
    const r = problem.profileRanking[i];
    for (let a = rankings.start[r]; a < rankings.start[r + 1]; a++) {
      if (rankings.level[a] === UNRANKED_LEVEL) break;
      for (let b = a + 1; b < rankings.start[r + 1]; b++) {
        if (rankings.level[a] === rankings.level[b]) continue;
        const [better, worse] = [rankings.option[a], rankings.option[b]];
        const key = Math.min(better, worse) * rankings.alternatives + Math.max(better, worse);
        const entry = sums.get(key) ?? { sum: 0, count: 0 };
        entry.sum += better < worse ? 1 : -1;
        entry.count++;
        sums.set(key, entry);
      }
    }
  }
  const keys = Float64Array.from(sums.keys()).sort();
  return { keys, signs: keys.map((key) => sums.get(key)!.sum / sums.get(key)!.count) };
}

/** A, with ½ where two annotators have nothing in common; and the share of pairs that have something. */
function agreementMatrix(compared: readonly Comparisons[]): {
  agreement: Float64Array;
  overlap: number;
} {
  const n = compared.length;
  const agreement = new Float64Array(n * n);
  let overlapping = 0;
  for (let i = 0; i < n; i++) {
    agreement[i * n + i] = 1;
    for (let j = 0; j < i; j++) {
      const [own, other] = [compared[i], compared[j]];
      let common = 0;
      let alike = 0;
      for (let a = 0, b = 0; a < own.keys.length && b < other.keys.length;) {
        const apart = own.keys[a] - other.keys[b];
        if (apart === 0) {
          common++;
          alike += (1 + own.signs[a] * other.signs[b]) / 2;
        }
        if (apart <= 0) a++;
        if (apart >= 0) b++;
      }
      if (common > 0) overlapping++;
      const value = common > 0 ? alike / common : 0.5;
      agreement[i * n + j] = value;
      agreement[j * n + i] = value;
    }
  }
  return { agreement, overlap: overlapping / ((n * (n - 1)) / 2) };
}

/** Subtracts row and column means of a symmetric matrix. */
function centreTwice(matrix: Float64Array, n: number): void {
  const means = Array.from({ length: n }, (_, i) => mean(matrix.subarray(i * n, (i + 1) * n)));
  const overall = mean(matrix);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] += overall - means[i] - means[j];
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
