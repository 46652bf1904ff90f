import { mix } from './mix';

/** Counts votes for a over b and for b over a, by (a, b, type). Typed arrays with open addressing: no key strings are built. */
export interface VoteTable {
  /** Number of (a, b, type), a new one where it is seen for the first time. */
  id(a: number, b: number, type: number): number;
  /** By that number. */
  readonly forA: Uint32Array;
  readonly forB: Uint32Array;
}

/** @param most different (a, b, type) there can be */
export function voteTable(most: number): VoteTable {
  let capacity = 16;
  while (capacity < 2 * most) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1);
  const keys = new Int32Array(3 * most);
  let size = 0;
  return {
    forA: new Uint32Array(most),
    forB: new Uint32Array(most),
    id: (a, b, type) => {
      let slot = mix(mix(a, type + 0x7f4a7c15), b) & (capacity - 1);
      for (let id = slots[slot]; id >= 0; id = slots[slot]) {
        if (keys[3 * id] === a && keys[3 * id + 1] === b && keys[3 * id + 2] === type) return id;
        slot = (slot + 1) & (capacity - 1);
      }
      keys.set([a, b, type], 3 * size);
      slots[slot] = size;
      return size++;
    },
  };
}
