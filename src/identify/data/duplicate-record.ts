import type { RankingTable } from '../../dataset/table';
import type { Finding } from '../../protocol/finding';
import { placeOf, short } from '../words';
import type { DataView } from './data-view';
import { listPlaces, type Kind } from './places';

const KIND: Kind = {
  code: 'data/duplicate-record',
  severity: 'warning',
  fix: 'Remove the copy. If the annotator was asked twice on purpose, keep both.',
};

/** The same annotator gives the same ranking of the same responses to the same prompt again. */
export function duplicateRecord({ table }: DataView): Finding[] {
  return listPlaces(KIND, copies(table), ({ record, first }) => ({
    message:
      `Annotator “${short(table.annotators.text(table.annotator[record]))}” gave this ranking of these responses to this ` +
      `prompt before, in line ${table.line[first]}. Both count in the likelihood, as two independent judgements.`,
    positions: [placeOf(table, record)],
    related: [{ message: 'The first of the two.', position: placeOf(table, first) }],
  }));
}

/** Pairs of a record and the first one like it, in file order. Linear: a hash table over records. */
function copies(table: RankingTable): { record: number; first: number }[] {
  let capacity = 16;
  while (capacity < 2 * table.records) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1);
  const found: { record: number; first: number }[] = [];
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] < 0) continue; // two people may well agree
    let slot = hash(table, r) & (capacity - 1);
    while (slots[slot] >= 0 && !same(table, slots[slot], r)) slot = (slot + 1) & (capacity - 1);
    if (slots[slot] < 0) slots[slot] = r;
    else found.push({ record: r, first: slots[slot] });
  }
  return found;
}

/** A sum over options, so that the order in which tied ones are written plays no part. */
function hash({ annotator, start, option, level }: RankingTable, r: number): number {
  let sum = mix(annotator[r] + 0x9e3779b9);
  for (let i = start[r]; i < start[r + 1]; i++) sum = (sum + mix(option[i] ^ mix(level[i]))) | 0;
  return mix(sum) >>> 0;
}

function mix(value: number): number {
  let v = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  v = Math.imul(v ^ (v >>> 13), 0xc2b2ae35);
  return v ^ (v >>> 16);
}

function same(table: RankingTable, a: number, b: number): boolean {
  const { annotator, start, option, level } = table;
  const size = start[a + 1] - start[a];
  if (annotator[a] !== annotator[b] || start[b + 1] - start[b] !== size) return false;
  let moved = false;
  for (let i = 0; i < size; i++) {
    if (level[start[a] + i] !== level[start[b] + i]) return false;
    moved ||= option[start[a] + i] !== option[start[b] + i];
  }
  if (!moved) return true;
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
