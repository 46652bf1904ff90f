import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import type { Questions } from './questions';
import type { Unit } from './win-graph';

/** Comparisons beyond which the check is left out: it keeps each one in memory. */
const MOST_COMPARISONS = 30_000_000;

/**
 * Named annotators none of whose comparisons, as unordered pairs of a ranked thing and another one of the choice set,
 * anyone else made. Null where more than 30 million comparisons would have to be looked at.
 *
 * Two records that decide something about the same choice set always share a comparison, and things that only one
 * annotator judged are in no shared one: mostly these two settle it, and only the pairs they leave are looked at.
 */
export function withoutOverlap(table: RankingTable, unit: Unit, asked: Questions): number[] | null {
  const present = new Uint8Array(table.annotators.size);
  const overlaps = new Uint8Array(table.annotators.size);
  const several = judgedBySeveral(table, asked.count, (r, own) => {
    if (asked.of[r] >= 0) own(asked.of[r]);
  });
  for (let r = 0; r < table.records; r++) {
    const a = table.annotator[r];
    if (a < 0) continue;
    const { from, to, ranked } = choiceSet(table, r);
    if (ranked > 0 && to - from > 1) present[a] = 1;
    if (asked.of[r] >= 0 && several[asked.of[r]] === 1) overlaps[a] = 1;
  }
  const open = present.some((there, a) => there === 1 && overlaps[a] === 0);
  if (open && !addSharedPairs(table, unit, overlaps)) return null;
  const alone: number[] = [];
  present.forEach((there, annotator) => {
    if (there === 1 && overlaps[annotator] === 0) alone.push(annotator);
  });
  return alone;
}

/** 1 for each thing that records of two named annotators own. */
function judgedBySeveral(
  table: RankingTable,
  things: number,
  each: (record: number, own: (thing: number) => void) => void,
): Uint8Array {
  const first = new Int32Array(things).fill(FREE);
  const several = new Uint8Array(things);
  for (let r = 0; r < table.records; r++) {
    const a = table.annotator[r];
    if (a < 0) continue;
    each(r, (thing) => {
      if (first[thing] === FREE) first[thing] = a;
      else if (first[thing] !== a) several[thing] = 1;
    });
  }
  return several;
}

/** Marks annotators who share a comparison with another, pair by pair; false where there are too many pairs. */
function addSharedPairs(table: RankingTable, unit: Unit, overlaps: Uint8Array): boolean {
  const width = unit === 'items' ? table.items!.size : table.responses.size;
  const thing = (i: number) => (unit === 'items' ? table.responseItem![table.option[i]] : table.option[i]);
  const several = judgedBySeveral(table, width, (r, own) => {
    const { from, to } = choiceSet(table, r);
    for (let i = from; i < to; i++) own(thing(i));
  });
  if (!several.includes(1)) return true;
  const eachPair = (use: (pair: number, annotator: number) => void) => {
    for (let r = 0; r < table.records; r++) {
      if (table.annotator[r] < 0) continue;
      const { from, to, ranked } = choiceSet(table, r);
      for (let i = from; i < from + ranked; i++) {
        const a = thing(i);
        if (several[a] === 0) continue;
        for (let j = i + 1; j < to; j++) {
          const b = thing(j);
          if (several[b] === 1) use(Math.min(a, b) * width + Math.max(a, b), table.annotator[r]);
        }
      }
    }
  };
  let pairs = 0;
  eachPair(() => pairs++);
  if (pairs > MOST_COMPARISONS) return false;
  const owner = ownerTable(pairs);
  eachPair((pair, annotator) => {
    owner.claim(pair, annotator);
  });
  eachPair((pair, annotator) => {
    if (owner.shared(pair)) overlaps[annotator] = 1;
  });
  return true;
}

const FREE = -1;
const SEVERAL = -2;

/** Open-addressing hash table from a pair's number to the one annotator that has it: a Map ends at 2^24 entries. */
function ownerTable(most: number) {
  let capacity = 16;
  while (capacity < 2 * most) capacity *= 2;
  const keys = new Float64Array(capacity);
  const annotator = new Int32Array(capacity).fill(FREE);
  const slot = (key: number) => {
    let hash =
      Math.imul((key % 0x1_0000_0000) | 0, 0x9e3779b1) ^ Math.imul((key / 0x1_0000_0000) | 0, 0x85ebca6b);
    hash = (hash ^ (hash >>> 15)) & (capacity - 1);
    while (annotator[hash] !== FREE && keys[hash] !== key) hash = (hash + 1) & (capacity - 1);
    return hash;
  };
  return {
    claim: (key: number, who: number) => {
      const at = slot(key);
      if (annotator[at] === FREE) {
        keys[at] = key;
        annotator[at] = who;
      } else if (annotator[at] !== who) annotator[at] = SEVERAL;
    },
    shared: (key: number) => annotator[slot(key)] === SEVERAL,
  };
}
