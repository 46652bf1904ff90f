import { sequencePool } from '../../compute/sequences';
import type { RankingTable } from '../../dataset/table';
import { choiceSet } from '../choice-set';
import { digraph, strongComponents, weakComponents } from '../graph';

/**
 * How the order in which responses are shown came about. `record`: drawn by lot for each record, or nothing speaks
 * against it. `choice-set`: drawn once for each choice set and the same for all who judge it. `fixed`: some responses
 * or items tend to come first, so that the place cannot be told from what stands there.
 */
export type DisplayOrder = 'record' | 'choice-set' | 'fixed';

/** Records looked at: enough to see how the order came about. */
const LOOKED_AT = 100_000;
/** z beyond which chance does not explain an agreement: 1 in 1,000. */
const BEYOND_CHANCE = 3.09;
/** Circles among what is shown before what, from which the absence of any directed one is no accident. */
const MANY_CIRCLES = 7;

/** @param setOf number of the choice set of each record, in the order of their first records */
export function displayOrder(table: RankingTable, position: Uint16Array, setOf: Int32Array): DisplayOrder {
  const records = Math.min(table.records, LOOKED_AT);
  const top = Int32Array.from({ length: records }, (_, r) => topOf(table, position, r));
  const firstOf = new Int32Array(records).fill(-1); // the first record of each choice set
  let [agree, expected, variance] = [0, 0, 0];
  for (let r = 0; r < records; r++) {
    const first = firstOf[setOf[r]];
    if (first < 0) {
      firstOf[setOf[r]] = r;
      continue;
    }
    const share = 1 / sizeOf(table, r);
    if (table.option[top[r]] === table.option[top[first]]) agree++;
    expected += share;
    variance += share * (1 - share);
  }
  const bySet = agree - expected > BEYOND_CHANCE * Math.sqrt(variance);
  const drawn = bySet ? firstOf.filter((r) => r >= 0) : Int32Array.from({ length: records }, (_, r) => r);
  const isFixed = someComeFirst(table, drawn, top) || alwaysInOneOrder(table, position, drawn);
  return isFixed ? 'fixed' : bySet ? 'choice-set' : 'record';
}

function sizeOf(table: RankingTable, r: number): number {
  const { from, to } = choiceSet(table, r);
  return to - from;
}

/** The option of record r that was shown first. */
function topOf(table: RankingTable, position: Uint16Array, r: number): number {
  const { from, to } = choiceSet(table, r);
  let top = from;
  for (let i = from + 1; i < to; i++) if (position[i] < position[top]) top = i;
  return top;
}

/**
 * Compares what was shown first with what tended to be shown first in the records before. Drawn by lot, the past
 * tells nothing, and the sum of differences is a martingale with the variance summed here.
 */
function someComeFirst(table: RankingTable, records: Int32Array, top: Int32Array): boolean {
  const unit = unitOf(table);
  const seen = new Uint32Array(unitsOf(table));
  const first = new Float64Array(seen.length); // times shown first, less what chance would give
  const tendency = (i: number) => first[unit(i)] / (seen[unit(i)] + 1);
  let [sum, variance] = [0, 0];
  for (const r of records) {
    const { from, to } = choiceSet(table, r);
    let [mean, square] = [0, 0];
    for (let i = from; i < to; i++) {
      mean += tendency(i) / (to - from);
      square += tendency(i) ** 2 / (to - from);
    }
    sum += tendency(top[r]) - mean;
    variance += Math.max(0, square - mean * mean);
    for (let i = from; i < to; i++) {
      seen[unit(i)]++;
      first[unit(i)] += (i === top[r] ? 1 : 0) - 1 / (to - from);
    }
  }
  return sum > BEYOND_CHANCE * Math.sqrt(variance);
}

/** Whether what is shown before what contradicts itself nowhere, although there are circles in which it could. */
function alwaysInOneOrder(table: RankingTable, position: Uint16Array, records: Int32Array): boolean {
  const unit = unitOf(table);
  // only what these records show has a number: a small part of a large dataset
  const numberOf = new Int32Array(unitsOf(table)).fill(-1);
  let units = 0;
  let places = 0;
  for (const r of records) {
    const { from, to } = choiceSet(table, r);
    for (let i = from; i < to; i++, places++) if (numberOf[unit(i)] < 0) numberOf[unit(i)] = units++;
  }
  if (places === units) return false; // nothing was shown twice: there are no circles
  const edges = sequencePool();
  const edge = new Int32Array(2);
  for (const r of records) {
    const { from, to } = choiceSet(table, r);
    const shown = Array.from({ length: to - from }, (_, i) => from + i).sort(
      (i, j) => position[i] - position[j],
    );
    for (let i = 1; i < shown.length; i++) {
      edge[0] = numberOf[unit(shown[i - 1])];
      edge[1] = numberOf[unit(shown[i])];
      edges.id(edge, 0, 2);
    }
  }
  const ends = edges.finish().values;
  const before = digraph(
    units,
    ends.filter((_, i) => i % 2 === 0),
    ends.filter((_, i) => i % 2 === 1),
  );
  const circles = edges.count - units + weakComponents(before).count;
  return circles >= MANY_CIRCLES && strongComponents(before).count === units;
}

function unitOf({ responseItem, option }: RankingTable): (i: number) => number {
  return responseItem ? (i) => responseItem[option[i]] : (i) => option[i];
}

function unitsOf({ items, responses }: RankingTable): number {
  return items ? items.size : responses.size;
}
