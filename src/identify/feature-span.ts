import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';

/** What the compared responses say about a reward that is linear in the features. */
export interface FeatureSpan {
  readonly features: number;
  /** Rank of the feature differences within choice sets. */
  readonly rank: number;
  /** The same over choice sets of three or more. */
  readonly rankOfThree: number;
  /** Records with three or more options. */
  readonly threes: number;
  /** Names of the features that the invisible directions involve most. */
  readonly invisible: readonly string[];
}

/** Relative to the largest eigenvalue of the standardised second moments. */
const TOLERANCE = 1e-12;

/** Undefined where the file gives no features. */
export function featureSpan(table: RankingTable): FeatureSpan | undefined {
  const { features, featureNames } = table;
  if (!features || !featureNames || featureNames.length === 0) return undefined;
  const d = featureNames.length;
  const all = new Float64Array(d * d);
  const ofThree = new Float64Array(d * d);
  const difference = new Float64Array(d);
  let threes = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to, depth } = choiceSet(table, r);
    if (depth === 0) continue;
    const three = to - from >= 3;
    if (three) threes++;
    const base = table.option[from] * d;
    for (let i = from + 1; i < to; i++) {
      for (let f = 0; f < d; f++) difference[f] = features[table.option[i] * d + f] - features[base + f];
      for (let f = 0; f < d; f++) {
        if (difference[f] === 0) continue;
        for (let g = 0; g <= f; g++) {
          const product = difference[f] * difference[g];
          all[f * d + g] += product;
          if (three) ofThree[f * d + g] += product;
        }
      }
    }
  }
  const whole = rankOf(all, d);
  const weight = featureNames.map((_, f) => whole.nullVectors.reduce((sum, v) => sum + v[f] * v[f], 0));
  const invisible = featureNames.filter((_, f) => weight[f] > 0.01);
  return { features: d, rank: whole.rank, rankOfThree: rankOf(ofThree, d).rank, threes, invisible };
}

/** Rank and null vectors of a symmetric matrix of which the lower half is given, after scaling its diagonal to 1. */
function rankOf(lower: Float64Array, d: number): { rank: number; nullVectors: number[][] } {
  const scale = Array.from({ length: d }, (_, f) =>
    lower[f * d + f] > 0 ? 1 / Math.sqrt(lower[f * d + f]) : 0,
  );
  const matrix = new Matrix(d, d);
  for (let f = 0; f < d; f++) {
    for (let g = 0; g <= f; g++) {
      const value = lower[f * d + g] * scale[f] * scale[g];
      matrix.set(f, g, value);
      matrix.set(g, f, value);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const largest = Math.max(...realEigenvalues);
  const nullVectors: number[][] = [];
  realEigenvalues.forEach((value, i) => {
    if (!(value > TOLERANCE * largest)) nullVectors.push(eigenvectorMatrix.getColumn(i));
  });
  return { rank: d - nullVectors.length, nullVectors };
}
