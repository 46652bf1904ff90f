import { dot } from '../compute/conjugate-gradient';
import type { RankingTable } from '../dataset/table';
import type { FeatureMatrix } from './loglinear';
import { listResponses } from './response-policy';
import { UnfitDataError } from '../unfit-data-error';

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
  return inOwnSpan(centred(table, ngramRows(table, dimensions), dimensions));
}

/** The same before they are centred: responses × dimensions, row-major. */
export function ngramRows(table: RankingTable, dimensions: number): Float64Array {
  const values = new Float64Array(table.responses.size * dimensions);
  const counts = new Map<string, number>();
  for (let y = 0; y < table.responses.size; y++) {
    counts.clear();
    const words =
      table.responses
        .text(y)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [];
    words.forEach((word, i) => {
      count(counts, word);
      if (i > 0) count(counts, `${words[i - 1]} ${word}`);
    });
    const row = values.subarray(y * dimensions, (y + 1) * dimensions);
    for (const [gram, n] of counts) {
      const hash = fnv1a(gram);
      row[(hash >>> 1) % dimensions] += (hash & 1 ? 1 : -1) * Math.sqrt(n);
    }
    const length = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    if (length > 0) for (let j = 0; j < dimensions; j++) row[j] /= length;
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

function count(counts: Map<string, number>, gram: string): void {
  counts.set(gram, (counts.get(gram) ?? 0) + 1);
}

/** FNV-1a over UTF-16 units, with a final mix so that low bits are as good as high ones. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
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
