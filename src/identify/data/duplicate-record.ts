import type { RankingTable } from '../../dataset/table';
import type { Finding } from '../../protocol/finding';
import { placeOf, short } from '../words';
import { repeatedPrompts, type DataView } from './data-view';
import { mix } from './mix';
import { listPlaces, type Kind } from './places';

const KIND: Kind = {
  code: 'data/duplicate-record',
  severity: 'warning',
  fix: 'Remove the copy. If the annotator was asked twice on purpose, keep both.',
};

/** The same annotator gives the same ranking of the same responses to the same prompt again. */
export function duplicateRecord(view: DataView): Finding[] {
  const { table } = view;
  const found: { record: number; first: number }[] = [];
  repeatedPrompts(view, (records) => {
    const seen = new Map<number, number[]>(); // hash → records that differ
    for (const record of records) {
      const key = hash(table, record);
      const alike = seen.get(key) ?? [];
      const first = alike.find((other) => same(table, other, record));
      if (first === undefined) seen.set(key, [...alike, record]);
      else found.push({ record, first });
    }
  });
  found.sort((a, b) => a.record - b.record);
  return listPlaces(KIND, found, ({ record, first }) => ({
    message:
      `Annotator “${short(table.annotators.text(table.annotator[record]))}” gave this ranking of these responses to this ` +
      `prompt before, in line ${table.line[first]}. Both count in the likelihood, as two independent judgements.`,
    positions: [placeOf(table, record)],
    related: [{ message: 'The first of the two.', position: placeOf(table, first) }],
  }));
}

/** A sum over options, so that the order in which tied ones are written plays no part. */
function hash({ start, option, level }: RankingTable, r: number): number {
  let sum = 0;
  for (let i = start[r]; i < start[r + 1]; i++) sum = (sum + mix(option[i], level[i])) | 0;
  return sum;
}

function same(table: RankingTable, a: number, b: number): boolean {
  const { start, level } = table;
  const size = start[a + 1] - start[a];
  if (start[b + 1] - start[b] !== size) return false;
  for (let i = 0; i < size; i++) if (level[start[a] + i] !== level[start[b] + i]) return false;
  const [mine, theirs] = [byLevel(table, a), byLevel(table, b)];
  return mine.every((y, i) => y === theirs[i]);
}

/** The options of a record, tied ones by id. */
function byLevel({ start, option, level }: RankingTable, r: number): number[] {
  const from = start[r];
  return Array.from({ length: start[r + 1] - from }, (_, i) => from + i)
    .sort((i, j) => level[i] - level[j] || option[i] - option[j])
    .map((i) => option[i]);
}
