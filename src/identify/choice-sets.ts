import { sequencePool } from '../compute/sequences';
import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import { shownOnce } from './shown-once';

/** The different choice sets of a dataset, however they are ranked, numbered in the order of their first records. */
export interface ChoiceSets {
  readonly count: number;
  /** Choice set of each record. */
  readonly of: Int32Array;
  /** Set s offers the responses `response[start[s]] … response[start[s + 1] − 1]`, ascending. */
  readonly start: Uint32Array;
  readonly response: Int32Array;
}

export function choiceSets(table: RankingTable): ChoiceSets {
  const pool = sequencePool();
  const once = shownOnce(table);
  const of = new Int32Array(table.records);
  let sorted = new Int32Array(64);
  for (let r = 0; r < table.records; r++) {
    const { from, to } = choiceSet(table, r);
    const size = to - from;
    if (sorted.length < size) sorted = new Int32Array(2 * size);
    let unique = false;
    for (let i = 0; i < size; i++) {
      const y = table.option[from + i];
      sorted[i] = y;
      unique ||= once[y] === 1;
    }
    sortFirst(sorted, size);
    of[r] = unique ? pool.append(sorted, 0, size) : pool.id(sorted, 0, size);
  }
  const { start, values } = pool.finish();
  return { count: pool.count, of, start, response: values };
}

/** Insertion sort of the first `size` values: choice sets are small, and there is one a record. */
export function sortFirst(values: Int32Array, size: number): void {
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
