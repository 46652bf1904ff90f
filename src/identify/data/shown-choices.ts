import type { RankingTable } from '../../dataset/table';
import { choiceSet } from '../choice-set';
import { binomialTail, FALSE_ALARM, holm } from './significance';

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
  /** The position chosen most beyond chance, over all records; undefined where none decides. */
  readonly overall?: PositionCount;
  readonly overallStandsOut: boolean;
  /** By annotator; undefined for those with too few records to stand out, whatever they choose. */
  readonly byAnnotator: readonly (PositionCount | undefined)[];
  /** Annotators who stand out, ascending, corrected for how many annotators there are. */
  readonly standOut: readonly number[];
  /** Every best response of the file stands at one place: then it lists the best there, not what was shown there. */
  readonly listedByRank: boolean;
  /** Whether the order shown looks drawn by lot. Where it does not, position cannot be told from quality. */
  readonly random: boolean;
}

const LISTED_BY_RANK_FROM = 10; // records
/** z beyond which the order shown is held to be fixed: 1 in 1,000 by chance. */
const FIXED = 3.09;

/** @param order records by annotator, @param start annotators + 1 offsets into it */
export function shownChoices(
  table: RankingTable,
  order: Int32Array,
  start: Uint32Array,
): ShownChoices | undefined {
  if (!table.position) return undefined;
  const best = bestPositions(table, table.position);
  const all = Int32Array.from({ length: table.records }, (_, r) => r);
  const overall = countPositions(table, best, all);
  const byAnnotator = Array.from({ length: start.length - 1 }, (_, a) => {
    const records = order.subarray(start[a], start[a + 1]);
    return canStandOut(table, best, records) ? countPositions(table, best, records) : undefined;
  });
  const tested = [overall, ...byAnnotator];
  const rejected = holm(tested.map((each) => each?.pValue ?? 1));
  return {
    overall,
    overallStandsOut: rejected[0] === 0,
    byAnnotator,
    standOut: rejected.filter((i) => i > 0).map((i) => i - 1),
    listedByRank: overall !== undefined && overall.chosen === overall.of && overall.of >= LISTED_BY_RANK_FROM,
    random: shownAtRandom(table, table.position),
  };
}

/** Position of the best response of each record among those in its choice set; −1 where the best place is tied. */
function bestPositions(table: RankingTable, position: Uint16Array): Int32Array {
  return Int32Array.from({ length: table.records }, (_, r) => {
    const { from, to, depth } = choiceSet(table, r);
    if (depth === 0) return -1;
    let before = 0; // options that were absent took no place
    for (let i = from + 1; i < to; i++) if (position[i] < position[from]) before++;
    return before;
  });
}

/** Whether choosing one position every time would be less likely than a false alarm. */
function canStandOut(table: RankingTable, best: Int32Array, records: Int32Array): boolean {
  let log = 0;
  let largest = 0;
  for (const r of records) {
    if (best[r] < 0) continue;
    const { from, to } = choiceSet(table, r);
    log += Math.log(to - from);
    largest = Math.max(largest, to - from);
  }
  return log - Math.log(largest) >= -Math.log(FALSE_ALARM);
}

function countPositions(
  table: RankingTable,
  best: Int32Array,
  records: Int32Array,
): PositionCount | undefined {
  const sizes = new Map<number, number>();
  const chosen = new Map<number, number>();
  for (const r of records) {
    if (best[r] < 0) continue;
    const { from, to } = choiceSet(table, r);
    sizes.set(to - from, (sizes.get(to - from) ?? 0) + 1);
    chosen.set(best[r], (chosen.get(best[r]) ?? 0) + 1);
  }
  if (chosen.size === 0) return undefined;
  const positions = Math.max(...sizes.keys());
  let most: PositionCount | undefined;
  for (const [position, count] of [...chosen].sort((a, b) => a[0] - b[0])) {
    let of = 0;
    let expected = 0;
    for (const [size, n] of sizes) {
      if (size <= position) continue;
      of += n;
      expected += n / size;
    }
    // the binomial tail bounds that of mixed sizes only from one above the mean on
    const one = count >= expected + 1 ? binomialTail(count, of, expected / of) : 1;
    const pValue = Math.min(1, positions * one);
    if (!most || pValue < most.pValue) most = { position, chosen: count, of, chance: expected / of, pValue };
  }
  return most;
}

/**
 * Compares what was shown first with what tended to be shown first in the records before. Drawn by lot, the past
 * tells nothing, and the sum of differences is a martingale with the variance summed here.
 */
function shownAtRandom(table: RankingTable, position: Uint16Array): boolean {
  const unitOf = (i: number) => (table.responseItem ? table.responseItem[table.option[i]] : table.option[i]);
  const units = table.responseItem && table.items ? table.items.size : table.responses.size;
  const seen = new Uint32Array(units);
  const first = new Float64Array(units); // times shown first, less what chance would give
  let sum = 0;
  let variance = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to } = choiceSet(table, r);
    if (to - from < 2) continue;
    let top = from;
    for (let i = from + 1; i < to; i++) if (position[i] < position[top]) top = i;
    let mean = 0;
    let square = 0;
    for (let i = from; i < to; i++) {
      const tendency = first[unitOf(i)] / (seen[unitOf(i)] + 1);
      mean += tendency;
      square += tendency * tendency;
    }
    mean /= to - from;
    sum += first[unitOf(top)] / (seen[unitOf(top)] + 1) - mean;
    variance += Math.max(0, square / (to - from) - mean * mean);
    for (let i = from; i < to; i++) {
      seen[unitOf(i)]++;
      first[unitOf(i)] += (i === top ? 1 : 0) - 1 / (to - from);
    }
  }
  return sum <= FIXED * Math.sqrt(variance) || variance === 0;
}
