import type { SchemaElement } from 'hyparquet';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { CanonicalRecord } from '../canonical-line';
import { canonicalRecords } from '../write-canonical';
import type { RankingTable } from '../table';
import { featureName } from '../response-columns';

/** Rows held in memory at a time, and read back at a time. */
const GROUP = 10_000;

/**
 * Writes a table as Parquet with the fields of the canonical form: lists of strings and numbers, every entry of a ranking
 * a list, compressed with snappy.
 *
 * @param file overwritten
 */
export function writeParquet(table: RankingTable, file: string): void {
  const schema = schemaOf(table);
  const top = topLevel(schema);
  const writer = fileWriter(file);
  void parquetWriteRows({ writer, rows: rowsOf(table, top), columns: top.map((name) => ({ name })), schema, rowGroupSize: GROUP }); // prettier-ignore
}

function* rowsOf(table: RankingTable, names: readonly string[]): Generator<Record<string, unknown>> {
  for (const record of canonicalRecords(table)) {
    const row = {
      ...record,
      ranking: record.ranking.map((entry) => (typeof entry === 'number' ? [entry] : entry)),
    };
    yield Object.fromEntries(names.map((name) => [name, row[name as keyof CanonicalRecord] ?? null]));
  }
}

function schemaOf({ knownTypes, weight, responseItem, features, featureNames, reference }: RankingTable): SchemaElement[] {
  const numbered = featureNames?.every((name, i) => name === featureName(i));
  const fields = [
    text('annotator'),
    ...(knownTypes.size > 0 ? [text('type')] : []),
    text('prompt'),
    list('responses', text('element')),
    list('ranking', list('element', [{ name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' }])),
    ...(weight.some((each) => each !== 1) ? [double('weight')] : []),
    ...(responseItem ? [list('items', text('element'))] : []),
    ...(features && featureNames
      ? [list('features', numbered ? list('element', double('element')) : group('element', featureNames.map(double)))]
      : []),
    ...(reference ? [list('reference', double('element'))] : []),
  ];
  return [{ name: 'root', num_children: fields.length }, ...fields.flat()];
} // prettier-ignore

/** Names of the columns; children of a group stand behind it. */
function topLevel([, ...elements]: readonly SchemaElement[]): string[] {
  const names: string[] = [];
  let inside = 0;
  for (const { name, num_children: children = 0 } of elements) {
    if (inside === 0) names.push(name);
    else inside--;
    inside += children;
  }
  return names;
}

const text = (name: string): SchemaElement[] => [
  { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
];
const double = (name: string): SchemaElement[] => [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }];
const list = (name: string, element: SchemaElement[]): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
];
const group = (name: string, fields: SchemaElement[][]): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: fields.length },
  ...fields.flat(),
];
