import { canonicalLine, type CanonicalRecord } from './canonical-line';
import { featureName } from './response-columns';
import { UNRANKED, type RankingTable } from './table';

/**
 * The records of a table as lines of the canonical form, each with its line break. Read again with the same
 * `unranked`, they give the same table, but for lines, offsets and the summary's remarks.
 */
export function* writeCanonical(table: RankingTable): Generator<string> {
  for (const record of canonicalRecords(table)) yield `${canonicalLine(record)}\n`;
}

/** The same as objects. */
export function* canonicalRecords(table: RankingTable): Generator<CanonicalRecord> {
  for (let r = 0; r < table.records; r++) yield recordOf(table, r);
}

function recordOf(table: RankingTable, r: number): CanonicalRecord {
  const from = table.start[r];
  const chosen = table.option.subarray(from, table.start[r + 1]);
  const listed = listing(table, r);
  const place = new Map(Array.from(listed, (y, i) => [y, i]));
  const ranking: number[][] = [];
  chosen.forEach((y, j) => {
    const level = table.level[from + j];
    if (level !== UNRANKED) (ranking[level] ??= []).push(place.get(y)!);
  });
  const annotator = table.annotator[r];
  const type = annotator < 0 ? -1 : table.knownType[annotator];
  const { responseItem, items, reference } = table;
  return {
    annotator: annotator < 0 ? undefined : table.annotators.text(annotator),
    type: type < 0 ? undefined : table.knownTypes.text(type),
    prompt: table.prompts.text(table.prompt[r]),
    responses: Array.from(listed, (y) => table.responses.text(y)),
    ranking: ranking.map((tied) => (tied.length === 1 ? tied[0] : tied)),
    weight: table.weight[r] === 1 ? undefined : table.weight[r],
    items: responseItem && items && Array.from(listed, (y) => items.text(responseItem[y])),
    features: featuresOf(table, listed),
    reference: reference && Array.from(listed, (y) => reference[y]),
  };
}

/**
 * The choice set in the order shown, else by id: responses get their ids in the order in which they are first listed, so
 * that either gives the same ids again.
 */
function listing({ start, option, position }: RankingTable, r: number): Int32Array {
  const chosen = option.slice(start[r], start[r + 1]);
  if (!position) return chosen.sort();
  const listed = new Int32Array(chosen.length);
  chosen.forEach((y, j) => {
    listed[position[start[r] + j]] = y;
  });
  return listed;
}

function featuresOf(
  { features, featureNames }: RankingTable,
  listed: Int32Array,
): CanonicalRecord['features'] {
  if (!features || !featureNames) return undefined;
  const width = featureNames.length;
  const rows = Array.from(listed, (y) => Array.from(features.subarray(y * width, (y + 1) * width)));
  if (featureNames.every((name, i) => name === featureName(i))) return rows;
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [featureNames[i], value])));
}
