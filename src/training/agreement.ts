import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { kmeans } from 'ml-kmeans';
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
  centreTwice(agreement);
  const decomposition = new EigenvalueDecomposition(agreement, { assumeSymmetric: true });
  const order = decomposition.realEigenvalues.map((_, i) => i);
  order.sort((a, b) => decomposition.realEigenvalues[b] - decomposition.realEigenvalues[a]);
  const vectors = decomposition.eigenvectorMatrix;
  const points = sample.map((_, i) => order.slice(0, types - 1).map((column) => vectors.get(i, column)));
  const { clusters } = kmeans(points, types, { seed: random.below(0x7fffffff) });
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

/** Pairs of alternatives a profile compared: key a·n + b with a < b → mean of +1 (a preferred) and −1. */
function comparisons(problem: Problem, profile: number): Map<number, number> {
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
  return new Map(Array.from(sums, ([key, { sum, count }]) => [key, sum / count]));
}

/** A, with ½ where two annotators have nothing in common; and the share of pairs that have something. */
function agreementMatrix(signs: readonly Map<number, number>[]): { agreement: Matrix; overlap: number } {
  const n = signs.length;
  const agreement = Matrix.zeros(n, n);
  let overlapping = 0;
  for (let i = 0; i < n; i++) {
    agreement.set(i, i, 1);
    for (let j = 0; j < i; j++) {
      const [fewer, more] = signs[i].size < signs[j].size ? [signs[i], signs[j]] : [signs[j], signs[i]];
      let common = 0;
      let alike = 0;
      for (const [key, sign] of fewer) {
        const other = more.get(key);
        if (other === undefined) continue;
        common++;
        alike += (1 + sign * other) / 2;
      }
      if (common > 0) overlapping++;
      const value = common > 0 ? alike / common : 0.5;
      agreement.set(i, j, value);
      agreement.set(j, i, value);
    }
  }
  return { agreement, overlap: overlapping / ((n * (n - 1)) / 2) };
}

/** Subtracts row and column means. */
function centreTwice(matrix: Matrix): void {
  const means = matrix.mean('row');
  const overall = matrix.mean();
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < matrix.columns; j++)
      matrix.set(i, j, matrix.get(i, j) - means[i] - means[j] + overall);
  }
}
