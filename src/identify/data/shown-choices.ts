import type { RankingTable } from '../../dataset/table';
import { choiceSet } from '../choice-set';
import { displayOrder, type DisplayOrder } from './display-order';
import { binomialTail, FALSE_ALARM, holm, hypergeometricTail } from './significance';

/** How often the response at one displayed position was the best. */
export interface PositionCount {
  /** 0 is shown first. */
  readonly position: number;
  readonly chosen: number;
  /** Records that showed a response there and have a single best one. */
  readonly of: number;
  /** What chance would give, as a share. */
  readonly chance: number;
  /** Chance of so many or more at any one position, if position played no part. */
  readonly pValue: number;
}

/** The best responses by where they were shown, and what stands out. */
export interface ShownChoices {
  /** Where the order was drawn once for each choice set, only the first record of each counts. */
  readonly order: DisplayOrder;
  /** The position chosen most beyond chance, over all records; undefined where none decides. */
  readonly overall?: PositionCount;
  readonly overallStandsOut: boolean;
  /** By annotator; undefined for those with too few records to stand out, whatever they choose. */
  readonly byAnnotator: readonly (PositionCount | undefined)[];
  /** Annotators who stand out, ascending, corrected for how many annotators there are. */
  readonly standOut: readonly number[];
  /** Every best response of the file stands at one place: then it lists the best there, not what was shown there. */
  readonly listedByRank: boolean;
}

const LISTED_BY_RANK_FROM = 10; // records

/** What is needed of each record: where its best response was shown, and among how many; −1 where the best is tied. */
interface Choices {
  readonly best: Int32Array;
  readonly size: Int32Array;
  readonly setOf: Int32Array;
  readonly order: DisplayOrder;
}

/**
 * @param order records by annotator, @param start annotators + 1 offsets into it
 * @param setOf number of the choice set of each record, in the order of their first records
 */
export function shownChoices(
  table: RankingTable,
  order: Int32Array,
  start: Uint32Array,
  setOf: Int32Array,
): ShownChoices | undefined {
  if (!table.position) return undefined;
  const choices = {
    ...bestPositions(table, table.position),
    setOf,
    order: displayOrder(table, table.position, setOf),
  };
  const totals = totalsOf(choices);
  const all = new Int32Array(table.records);
  for (let r = 0; r < table.records; r++) all[r] = r;
  const overall = countPositions(choices, all);
  const byAnnotator = Array.from({ length: start.length - 1 }, (_, a) => {
    const records = order.subarray(start[a], start[a + 1]);
    const most = canStandOut(choices, records) ? countPositions(choices, records) : undefined;
    return most && choices.order === 'choice-set' ? besideOthers(most, totals) : most;
  });
  const rejected = holm([overall, ...byAnnotator].map((each) => each?.pValue ?? 1));
  return {
    order: choices.order,
    overall,
    overallStandsOut: rejected[0] === 0,
    byAnnotator,
    standOut: rejected.filter((i) => i > 0).map((i) => i - 1),
    listedByRank: overall !== undefined && overall.chosen === overall.of && overall.of >= LISTED_BY_RANK_FROM,
  };
}

function bestPositions(table: RankingTable, position: Uint16Array): Pick<Choices, 'best' | 'size'> {
  const best = new Int32Array(table.records);
  const size = new Int32Array(table.records);
  for (let r = 0; r < table.records; r++) {
    const { from, to, depth } = choiceSet(table, r);
    size[r] = to - from;
    if (depth === 0) best[r] = -1;
    // options that were absent took no place
    else for (let i = from + 1; i < to; i++) if (position[i] < position[from]) best[r]++;
  }
  return { best, size };
}

/** Whether choosing one position every time would be less likely than a false alarm. */
function canStandOut({ best, size }: Choices, records: Int32Array): boolean {
  let log = 0;
  let largest = 1;
  for (const r of records) {
    if (best[r] < 0) continue;
    log += Math.log(size[r]);
    largest = Math.max(largest, size[r]);
  }
  return log - Math.log(largest) >= -Math.log(FALSE_ALARM);
}

/**
 * An order that is the same for all may put the better first by accident or on purpose: an annotator then stands out
 * only beyond the others too, by Fisher's exact test.
 */
function besideOthers(one: PositionCount, { chosen, of }: Totals): PositionCount {
  const pValue = hypergeometricTail(one.chosen, one.of, chosen[one.position], of[one.position]);
  return pValue > one.pValue ? { ...one, pValue } : one;
}

/** By position: how often it was the best, and how often something was shown there. */
interface Totals {
  readonly chosen: Uint32Array;
  readonly of: Uint32Array;
}

function totalsOf({ best, size }: Choices): Totals {
  const positions = size.reduce((most, m) => Math.max(most, m), 0);
  const chosen = new Uint32Array(positions);
  const of = new Uint32Array(positions + 1);
  best.forEach((position, r) => {
    if (position < 0) return;
    chosen[position]++;
    of[size[r]]++;
  });
  // from "this many shown" to "something shown at this place"
  for (let m = positions - 1; m >= 0; m--) of[m] += of[m + 1];
  return { chosen, of: of.subarray(1) };
}

function countPositions(choices: Choices, records: Int32Array): PositionCount | undefined {
  const { best, size, setOf } = choices;
  const once = choices.order === 'choice-set' ? new Set<number>() : undefined;
  let widest = 0;
  for (const r of records) widest = Math.max(widest, size[r]);
  const sizes = new Uint32Array(widest + 1); // records by how many were shown
  const chosen = new Uint32Array(widest); // records by the place of the best
  for (const r of records) {
    if (best[r] < 0 || once?.has(setOf[r])) continue;
    once?.add(setOf[r]);
    sizes[size[r]]++;
    chosen[best[r]]++;
  }
  const positions = sizes.findLastIndex((n) => n > 0);
  let most: PositionCount | undefined;
  for (let position = 0; position < widest; position++) {
    const count = chosen[position];
    if (count === 0) continue;
    let of = 0;
    let expected = 0;
    for (let m = position + 1; m <= widest; m++) {
      of += sizes[m];
      expected += sizes[m] / m;
    }
    // the binomial tail bounds that of mixed sizes only from one above the mean on
    const one = count >= expected + 1 ? binomialTail(count, of, expected / of) : 1;
    const pValue = Math.min(1, positions * one);
    if (!most || pValue < most.pValue) most = { position, chosen: count, of, chance: expected / of, pValue };
  }
  return most;
}
