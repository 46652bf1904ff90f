import type { RankingTable } from '../../dataset/table';
import { choiceSet } from '../choice-set';
import type { Unit } from '../win-graph';

/** Preferences looked at, over a whole dataset, before a rule stops and says so. */
export const MOST_PREFERENCES = 5_000_000;

/** Strict preferences that some records state between responses or items: who over whom, and where first. */
export interface Preferences {
  /** From `winner · width + loser` to the first of the records that says so. */
  readonly first: ReadonlyMap<number, number>;
  readonly width: number;
}

/** Counts down what may still be looked at. */
export interface Budget {
  left: number;
}

/** Every strict preference of one record, as ids of the unit, best first. Equal items say nothing of each other. */
export function eachPreference(
  table: RankingTable,
  r: number,
  unit: Unit,
  use: (winner: number, loser: number) => void,
): void {
  const { from, to, ranked } = choiceSet(table, r);
  const idOf = (i: number) => (unit === 'items' ? table.responseItem![table.option[i]] : table.option[i]);
  for (let i = from; i < from + ranked; i++) {
    for (let j = i + 1; j < to; j++) {
      if (table.level[i] !== table.level[j] && idOf(i) !== idOf(j)) use(idOf(i), idOf(j));
    }
  }
}

/** @returns undefined when the budget does not suffice, which is then used up */
export function preferencesOf(
  table: RankingTable,
  records: Int32Array,
  unit: Unit,
  budget: Budget,
): Preferences | undefined {
  for (const r of records) {
    const { from, to, ranked } = choiceSet(table, r);
    budget.left -= (ranked * (2 * (to - from) - ranked - 1)) / 2;
  }
  if (budget.left < 0) return undefined;
  const width = unit === 'items' ? table.items!.size : table.responses.size;
  const first = new Map<number, number>();
  for (const r of records) {
    eachPreference(table, r, unit, (winner, loser) => {
      const key = winner * width + loser;
      if (!first.has(key)) first.set(key, r);
    });
  }
  return { first, width };
}

/** The pairs preferred both ways: `a` over `b` first in record `earlier`, and `b` over `a` first in `later`. */
export function reversals({
  first,
  width,
}: Preferences): { a: number; b: number; earlier: number; later: number }[] {
  const found = [];
  for (const [key, earlier] of first) {
    const a = Math.floor(key / width);
    const b = key % width;
    const later = first.get(b * width + a);
    if (later !== undefined && later > earlier) found.push({ a, b, earlier, later });
  }
  return found;
}
