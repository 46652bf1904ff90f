import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import { ownSpan, type OwnSpan } from './own-span';
import { questions, sizeOf, type Questions } from './questions';
import { outcomes } from './views';

/** What the compared responses say about a reward that is linear in the features. */
export interface FeatureSpan {
  readonly features: number;
  /** Rank of the feature differences within choice sets. */
  readonly rank: number;
  /** Names of the features that the invisible directions involve most. */
  readonly invisible: readonly string[];
  /** The same question for each annotator's own records. */
  readonly own: OwnSpan;
  readonly ofThree: SpanOfThree;
}

/** Of the choice sets that offer three or more. */
export interface SpanOfThree {
  readonly records: number;
  /** Rank of their feature differences. */
  readonly rank: number;
  /** Different ones. */
  readonly sets: number;
  /** Independent frequencies that their answers have: Σ (outcomes − 1) over different choice sets. */
  readonly frequencies: number;
  /** Names of features with no more than two values in them, such as yes or no. */
  readonly twoValued: readonly string[];
}

/** Relative to the largest eigenvalue of the standardised second moments. */
const TOLERANCE = 1e-12;

/**
 * Undefined where the file gives no features.
 *
 * @param asked choice sets over single responses, if they have been collected already
 */
export function featureSpan(table: RankingTable, asked?: Questions): FeatureSpan | undefined {
  const { features, featureNames } = table;
  if (!features || !featureNames || featureNames.length === 0) return undefined;
  const d = featureNames.length;
  const all = new Float64Array(d * d);
  const ofThree = new Float64Array(d * d);
  const difference = new Float64Array(d);
  let threes = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to, decides } = choiceSet(table, r);
    if (!decides) continue;
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
  return {
    features: d,
    rank: whole.rank,
    invisible: featureNames.filter((_, f) => weight[f] > 0.01),
    own: ownSpan(table, features, d),
    ofThree: {
      records: threes,
      rank: rankOf(ofThree, d).rank,
      ...variety(table, asked ?? questions(table, 'responses'), features, featureNames),
    },
  };
}

/** How many different things choice sets of three or more ask. */
function variety(
  table: RankingTable,
  asked: Questions,
  features: Float64Array,
  names: readonly string[],
): Pick<SpanOfThree, 'sets' | 'frequencies' | 'twoValued'> {
  const d = names.length;
  const depth = new Uint16Array(asked.count);
  for (let r = 0; r < table.records; r++) {
    const q = asked.of[r];
    if (q < 0) continue;
    const { from, to, ranked } = choiceSet(table, r);
    depth[q] = Math.max(depth[q], Math.min(ranked, to - from - 1));
  }
  let sets = 0;
  let frequencies = 0;
  const first = new Float64Array(d).fill(NaN);
  const second = new Float64Array(d).fill(NaN);
  const several = new Uint8Array(d);
  for (let q = 0; q < asked.count; q++) {
    const size = sizeOf(asked, q);
    if (size < 3) continue;
    sets++;
    frequencies += outcomes(size, depth[q]) - 1;
    for (let i = asked.start[q]; i < asked.start[q + 1]; i++) {
      for (let f = 0; f < d; f++) {
        const value = features[asked.thing[i] * d + f];
        if (Number.isNaN(first[f]) || value === first[f]) first[f] = value;
        else if (Number.isNaN(second[f]) || value === second[f]) second[f] = value;
        else several[f] = 1;
      }
    }
  }
  return { sets, frequencies, twoValued: names.filter((_, f) => several[f] === 0) };
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
