import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import type { Profile } from './profile';
import type { Unit } from './win-graph';

/** The classical design: everybody ranks the same m alternatives once, all of them or the top l. */
export interface SharedRanking {
  /** m. */
  readonly alternatives: number;
  /** Places given in the deepest ranking, ties counted as if they were decided; m − 1 in a full one. */
  readonly deepest: number;
  /** Share of the records that rank all m. */
  readonly full: number;
  /** Share of the records that decide at least the first three places, or all of them. */
  readonly topThree: number;
}

/** The design if it is that one, with at least three alternatives; undefined otherwise. */
export function sharedRanking(table: RankingTable, profile: Profile, unit: Unit): SharedRanking | undefined {
  const onceEach = profile.recordsPerPerson.length === 1 && profile.recordsPerPerson[0][0] === 1;
  if (!onceEach || (unit === 'responses' && table.prompts.size > 1)) return undefined;
  const m = unit === 'items' ? table.items!.size : table.responses.size;
  if (m < 3) return undefined;
  let deepest = 0;
  let full = 0;
  let topThree = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to, ranked, depth } = choiceSet(table, r);
    if (to - from !== m) return undefined;
    deepest = Math.max(deepest, Math.min(ranked, m - 1)); // what a tie hides can only make it worse
    if (depth === m - 1) full++;
    if (depth >= Math.min(3, m - 1)) topThree++;
  }
  return { alternatives: m, deepest, full: full / table.records, topThree: topThree / table.records };
}
