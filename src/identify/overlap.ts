import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import type { Unit } from './win-graph';

/** Comparisons beyond which the check is left out: it keeps each one in memory. */
const MOST_COMPARISONS = 30_000_000;

/**
 * Named annotators none of whose comparisons, as unordered pairs of a ranked thing and another one of the choice set,
 * anyone else made. Null where there are more than 30 million comparisons.
 */
export function withoutOverlap(table: RankingTable, unit: Unit): number[] | null {
  let comparisons = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to, ranked } = choiceSet(table, r);
    comparisons += (ranked * (2 * (to - from) - ranked - 1)) / 2;
  }
  if (comparisons > MOST_COMPARISONS) return null;
  const owner = ownerTable(comparisons);
  const eachComparison = (use: (pair: number, annotator: number) => void) => {
    const width = unit === 'items' ? table.items!.size : table.responses.size;
    const thing = (i: number) => (unit === 'items' ? table.responseItem![table.option[i]] : table.option[i]);
    for (let r = 0; r < table.records; r++) {
      if (table.annotator[r] < 0) continue;
      const { from, to, ranked } = choiceSet(table, r);
      for (let i = from; i < from + ranked; i++) {
        for (let j = i + 1; j < to; j++) {
          const [a, b] = [thing(i), thing(j)];
          use(Math.min(a, b) * width + Math.max(a, b), table.annotator[r]);
        }
      }
    }
  };
  eachComparison((pair, annotator) => {
    owner.claim(pair, annotator);
  });
  const present = new Uint8Array(table.annotators.size);
  const overlaps = new Uint8Array(table.annotators.size);
  eachComparison((pair, annotator) => {
    present[annotator] = 1;
    if (owner.shared(pair)) overlaps[annotator] = 1;
  });
  const alone: number[] = [];
  present.forEach((there, annotator) => {
    if (there === 1 && overlaps[annotator] === 0) alone.push(annotator);
  });
  return alone;
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
