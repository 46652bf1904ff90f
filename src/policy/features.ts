import { dot } from '../compute/conjugate-gradient';
import type { RankingTable } from '../dataset/table';
import { finish, type Steps } from '../steps';
import { UnfitDataError } from '../unfit-data-error';
import type { FeatureMatrix } from './loglinear';
import { listResponses } from './response-policy';
import { wordGrams } from './word-grams';

/** Features of the table's file, centred within each prompt. */
export function givenFeatures(table: RankingTable): FeatureMatrix {
  if (!table.features || !table.featureNames) {
    throw new UnfitDataError(
      'This dataset gives no features. Choose hashed word n-grams, or a tabular policy.',
    );
  }
  return centred(table, table.features.slice(), table.featureNames.length, table.featureNames);
}

/**
 * Hashed word n-grams of the response text (words and pairs of neighbours), signed as in Weinberger et al. 2009,
 * weighted by √count, each response scaled to length 1, then centred within each prompt.
 */
export function ngramFeatures(table: RankingTable, dimensions: number): FeatureMatrix {
  return finish(ngramFeaturesInSteps(table, dimensions));
}

/** The same, with steps by response. */
export function* ngramFeaturesInSteps(table: RankingTable, dimensions: number): Steps<FeatureMatrix> {
  return inOwnSpan(centred(table, yield* ngramRowsInSteps(table, dimensions), dimensions));
}

/** The same before they are centred: responses × dimensions, row-major. */
export function ngramRows(table: RankingTable, dimensions: number): Float64Array {
  return finish(ngramRowsInSteps(table, dimensions));
}

const RESPONSES_OF_A_STEP = 10_000;

function* ngramRowsInSteps({ responses }: RankingTable, dimensions: number): Steps<Float64Array> {
  const values = new Float64Array(responses.size * dimensions);
  const grams = wordGrams();
  for (let y = 0; y < responses.size; y++) {
    const size = grams.take(responses.text(y));
    const { hash, count } = grams;
    const row = values.subarray(y * dimensions, (y + 1) * dimensions);
    for (let i = 0; i < size; i++)
      row[(hash[i] >>> 1) % dimensions] += (hash[i] & 1 ? 1 : -1) * Math.sqrt(count[i]);
    let square = 0;
    for (let j = 0; j < dimensions; j++) square += row[j] * row[j];
    const length = Math.sqrt(square);
    if (length > 0) for (let j = 0; j < dimensions; j++) row[j] /= length;
    if ((y + 1) % RESPONSES_OF_A_STEP === 0) yield { done: y + 1, total: responses.size };
  }
  return values;
}

/**
 * The same features in an orthonormal basis of the span of their rows, where that has fewer dimensions: rewards, the
 * prior λ‖θ‖² and so the fit stay what they are, at less cost. Gram–Schmidt, twice for orthogonality.
 */
function inOwnSpan(features: FeatureMatrix): FeatureMatrix {
  const { alternatives, dimensions: d, values } = features;
  if (alternatives > d) return features;
  const row = (y: number): Float64Array => values.subarray(y * d, (y + 1) * d);
  const basis: Float64Array[] = [];
  for (let y = 0; y < alternatives; y++) {
    const rest = row(y).slice();
    const length = Math.sqrt(dot(rest, rest));
    for (const q of [...basis, ...basis]) {
      const along = dot(q, rest);
      for (let j = 0; j < d; j++) rest[j] -= along * q[j];
    }
    const left = Math.sqrt(dot(rest, rest));
    if (left > 1e-9 * length) basis.push(rest.map((v) => v / left));
  }
  const reduced = new Float64Array(alternatives * basis.length);
  for (let y = 0; y < alternatives; y++) {
    basis.forEach((q, j) => (reduced[y * basis.length + j] = dot(q, row(y))));
  }
  return { alternatives, dimensions: basis.length, values: reduced, basis };
}

/** What all responses of a prompt share has no influence on a ranking: subtract its mean. */
function centred(
  table: RankingTable,
  values: Float64Array,
  dimensions: number,
  names?: readonly string[],
): FeatureMatrix {
  const list = listResponses(table);
  const mean = new Float64Array(dimensions);
  for (let x = 0; x < list.prompts; x++) {
    const members = list.response.subarray(list.start[x], list.start[x + 1]);
    mean.fill(0);
    for (const y of members) for (let j = 0; j < dimensions; j++) mean[j] += values[y * dimensions + j];
    for (const y of members) {
      for (let j = 0; j < dimensions; j++) values[y * dimensions + j] -= mean[j] / members.length;
    }
  }
  return { alternatives: table.responses.size, dimensions, values, names };
}
