import type { RankingTable } from '../../dataset/table';
import type { ChoiceSets } from '../choice-sets';
import { shownChoices, type ShownChoices } from './shown-choices';
import { textPairs, type TextPairs } from './text-pairs';

/** What the `data/…` rules look at; computed once for a dataset. */
export interface DataView {
  readonly table: RankingTable;
  /** Records of named annotators: by annotator, then prompt, then place in the file. */
  readonly order: Int32Array;
  /** annotators + 1 offsets into `order`. */
  readonly start: Uint32Array;
  /** Undefined where the file does not keep the order in which responses were shown. */
  readonly shown?: ShownChoices;
  /** What two rules find in the texts, which are read once for both. */
  readonly texts: () => TextPairs;
}

/** Linear in records: two stable counting sorts. */
export function dataView(table: RankingTable, sets: ChoiceSets): DataView {
  const all = new Int32Array(table.records);
  for (let r = 0; r < table.records; r++) all[r] = r;
  const byPrompt = countingSort(all, table.prompt, table.prompts.size);
  const { sorted: order, start } = countingSort(byPrompt.sorted, table.annotator, table.annotators.size);
  let pairs: TextPairs | undefined;
  return {
    table,
    order,
    start,
    shown: shownChoices(table, order, start, sets.of),
    texts: () => (pairs ??= textPairs(table)),
  };
}

/** Sorts records by key, keeping the order of equal ones; those with a negative key are left out. */
function countingSort(records: Int32Array, key: Int32Array, keys: number) {
  const start = new Uint32Array(keys + 1);
  for (const r of records) if (key[r] >= 0) start[key[r] + 1]++;
  for (let k = 0; k < keys; k++) start[k + 1] += start[k];
  const next = start.slice(0, keys);
  const sorted = new Int32Array(start[keys]);
  for (const r of records) if (key[r] >= 0) sorted[next[key[r]]++] = r;
  return { sorted, start };
}

/** The records of annotator a. */
export function recordsOf({ order, start }: DataView, a: number): Int32Array {
  return order.subarray(start[a], start[a + 1]);
}

/** The first record of annotator a in the file; there must be one. */
export function firstRecord(view: DataView, a: number): number {
  return recordsOf(view, a).reduce((first, r) => Math.min(first, r));
}

/** Calls back with the records of each annotator on each prompt that has at least two, annotator by annotator. */
export function repeatedPrompts(
  { table, order, start }: DataView,
  use: (records: Int32Array, annotator: number) => void,
): void {
  for (let a = 0; a + 1 < start.length; a++) {
    for (let from = start[a]; from < start[a + 1];) {
      let to = from + 1;
      while (to < start[a + 1] && table.prompt[order[to]] === table.prompt[order[from]]) to++;
      if (to - from >= 2) use(order.subarray(from, to), a);
      from = to;
    }
  }
}
