import { sequencePool } from '../compute/sequences';
import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import { shownOnce } from './shown-once';
import type { Unit } from './win-graph';

/** What was asked: records with the same choice set ask the same question. */
export interface Questions {
  readonly count: number;
  /** Question of each record; −1 where the record decides nothing. */
  readonly of: Int32Array;
  /** Records that ask each question. */
  readonly asked: Uint32Array;
  /** Question q offers `thing[start[q]] … thing[start[q + 1] − 1]`, ascending: responses, or items. */
  readonly start: Uint32Array;
  readonly thing: Int32Array;
}

export function questions(table: RankingTable, unit: Unit): Questions {
  const pool = sequencePool();
  const once = unit === 'responses' ? shownOnce(table) : undefined;
  const of = new Int32Array(table.records).fill(-1);
  let things = new Int32Array(64);
  for (let r = 0; r < table.records; r++) {
    const { from, to, decides } = choiceSet(table, r);
    if (!decides) continue;
    const size = to - from;
    if (things.length < size) things = new Int32Array(2 * size);
    let unique = false;
    for (let i = 0; i < size; i++) {
      const option = table.option[from + i];
      things[i] = unit === 'items' ? table.responseItem![option] : option;
      unique ||= once?.[option] === 1;
    }
    sortFirst(things, size);
    of[r] = unique ? pool.append(things, 0, size) : pool.id(things, 0, size);
  }
  const { start, values } = pool.finish();
  const asked = new Uint32Array(start.length - 1);
  for (const q of of) if (q >= 0) asked[q]++;
  return { count: asked.length, of, asked, start, thing: values };
}

/** Insertion sort of the first `size` values: choice sets are small, and there is one a record. */
function sortFirst(values: Int32Array, size: number): void {
  if (size > 32) {
    values.subarray(0, size).sort();
    return;
  }
  for (let i = 1; i < size; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= 0 && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
}

/** Options that question q offers. */
export function sizeOf({ start }: Questions, q: number): number {
  return start[q + 1] - start[q];
}

/** The records of each person who is named, one after the other: those of a are `record[start[a]] … record[start[a + 1] − 1]`. */
export function recordsByAnnotator(table: RankingTable): { start: Uint32Array; record: Uint32Array } {
  const start = new Uint32Array(table.annotators.size + 1);
  for (let r = 0; r < table.records; r++) if (table.annotator[r] >= 0) start[table.annotator[r] + 1]++;
  for (let a = 0; a < table.annotators.size; a++) start[a + 1] += start[a];
  const next = start.slice(0, table.annotators.size);
  const record = new Uint32Array(start[table.annotators.size]);
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] >= 0) record[next[table.annotator[r]]++] = r;
  }
  return { start, record };
}
