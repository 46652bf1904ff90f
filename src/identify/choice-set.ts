import { UNRANKED, type RankingTable } from '../dataset/table';
import type { RankingDepth } from '../protocol/validation';

/** What one record says: `from … to − 1` are its options in the table, best first. */
export interface ChoiceSet {
  readonly from: number;
  /** End of the choice set; options that were not ranked are left out where the table reads them as absent. */
  readonly to: number;
  /** Options that were ranked. */
  readonly ranked: number;
  /** Places decided without a tie, from the best down; the last place of a whole ranking needs no decision. */
  readonly depth: number;
  /** Whether it puts anything above anything; a tie of all options, or a single option, does not. */
  readonly decides: boolean;
}

/** The choice set of record r as the likelihood sees it. */
export function choiceSet(table: RankingTable, r: number): ChoiceSet {
  const from = table.start[r];
  const end = table.start[r + 1];
  let ranked = 0;
  while (from + ranked < end && table.level[from + ranked] !== UNRANKED) ranked++;
  const to = table.unranked === 'absent' ? from + ranked : end;
  let depth = 0;
  while (depth < ranked) {
    const i = from + depth;
    const last = i + 1 === to;
    if (!last && table.level[i + 1] === table.level[i]) break;
    depth++;
  }
  return {
    from,
    to,
    ranked,
    depth: Math.min(depth, Math.max(0, to - from - 1)),
    decides: to - from >= 2 && table.level[from] !== table.level[to - 1],
  };
}

export type Depth = RankingDepth;

export function depthOf({ from, to, depth, decides }: ChoiceSet): Depth {
  const size = to - from;
  if (!decides) return 'uninformative';
  if (size === 2) return 'pair';
  if (depth === size - 1) return 'full';
  if (depth === 0) return 'tied';
  return depth === 1 ? 'best-of' : 'top';
}
