import type { RankingTable } from '../../dataset/table';
import { choiceSet } from '../choice-set';
import { shownOnce } from '../shown-once';

/**
 * Numbers the choice sets of a dataset in the order of their first records: equal sets of responses get equal numbers,
 * however they are ranked. Told apart by two independent 32-bit sums over their responses.
 *
 * @returns the number of each record's choice set
 */
export function numberChoiceSets(table: RankingTable): Int32Array {
  let capacity = 16;
  while (capacity < 2 * table.records) capacity *= 2;
  const slots = new Int32Array(capacity); // the first record of a set, + 1
  const keys = new Int32Array(2 * table.records);
  const setOf = new Int32Array(table.records);
  const once = shownOnce(table);
  let sets = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to } = choiceSet(table, r);
    let unique = false;
    for (let i = from; i < to; i++) unique ||= once[table.option[i]] === 1;
    if (unique) {
      setOf[r] = sets++;
      continue;
    }
    let one = to - from;
    let other = 0;
    for (let i = from; i < to; i++) {
      one = (one + mix(table.option[i], 0x9e3779b9)) | 0;
      other = (other + mix(table.option[i], 0x7f4a7c15)) | 0;
    }
    keys[2 * r] = one;
    keys[2 * r + 1] = other;
    let slot = mix(one, other) & (capacity - 1);
    let first = slots[slot] - 1;
    while (first >= 0 && (keys[2 * first] !== one || keys[2 * first + 1] !== other)) {
      slot = (slot + 1) & (capacity - 1);
      first = slots[slot] - 1;
    }
    if (first < 0) {
      slots[slot] = r + 1;
      setOf[r] = sets++;
    } else setOf[r] = setOf[first];
  }
  return setOf;
}

/** The final mix of MurmurHash3 over a salted value. */
export function mix(value: number, salt: number): number {
  let v = Math.imul(value ^ salt, 0x9e3779b1);
  v = Math.imul(v ^ (v >>> 16), 0x85ebca6b);
  v = Math.imul(v ^ (v >>> 13), 0xc2b2ae35);
  return v ^ (v >>> 16);
}
