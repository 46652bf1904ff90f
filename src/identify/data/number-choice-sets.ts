import type { RankingTable } from '../../dataset/table';
import { choiceSet } from '../choice-set';

/**
 * Numbers the choice sets of a dataset in the order of their first records: equal sets of responses get equal numbers,
 * however they are ranked. Told apart by two independent 32-bit sums over their responses.
 *
 * @returns the number of each record's choice set
 */
export function numberChoiceSets(table: RankingTable): Int32Array {
  let capacity = 16;
  while (capacity < 2 * table.records) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1); // the first record of a set
  const keys = new Int32Array(2 * table.records);
  const setOf = new Int32Array(table.records);
  let sets = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to } = choiceSet(table, r);
    let [one, other] = [to - from, 0];
    for (let i = from; i < to; i++) {
      one = (one + mix(table.option[i], 0x9e3779b9)) | 0;
      other = (other + mix(table.option[i], 0x7f4a7c15)) | 0;
    }
    keys[2 * r] = one;
    keys[2 * r + 1] = other;
    let slot = mix(one, other) & (capacity - 1);
    while (slots[slot] >= 0 && (keys[2 * slots[slot]] !== one || keys[2 * slots[slot] + 1] !== other))
      slot = (slot + 1) & (capacity - 1);
    if (slots[slot] < 0) {
      slots[slot] = r;
      setOf[r] = sets++;
    } else setOf[r] = setOf[slots[slot]];
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
