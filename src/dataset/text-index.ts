/** Ids of keys of 64 bits, from 0 on in order of first appearance unless they are given. */
export interface TextIndex {
  /** Number of keys. */
  readonly size: number;
  /** −1 when the key has not been seen. */
  find(a: number, b: number): number;
  /** The id of a key; `next` where it is new. @param next `size` unless given */
  id(a: number, b: number, next?: number): number;
}

/**
 * Open addressing with linear probing. A slot is an id + 1 (0 where it is free) and the two lanes of its key side by
 * side, so that a look-up mostly waits for memory once. @see TextSlots for how keys are made
 */
export function textIndex(): TextIndex {
  let slots = new Int32Array(3 * 64); // for a power of two of keys, at most two thirds full
  let mask = 63;
  let size = 0;

  const grow = () => {
    const before = slots;
    slots = new Int32Array(2 * before.length);
    mask = 2 * mask + 1;
    // in the order of the slots: what is written lies side by side in two places
    for (let from = 0; from < before.length; from += 3) {
      if (before[from] === 0) continue;
      let slot = before[from + 1] & mask;
      while (slots[3 * slot] !== 0) slot = (slot + 1) & mask;
      slots[3 * slot] = before[from];
      slots[3 * slot + 1] = before[from + 1];
      slots[3 * slot + 2] = before[from + 2];
    }
  };
  /** Where the key is, or would be, in `slots`. */
  const placeOf = (a: number, b: number) => {
    let slot = a & mask;
    for (;;) {
      const place = 3 * slot;
      if (slots[place] === 0 || (slots[place + 1] === a && slots[place + 2] === b)) return place;
      slot = (slot + 1) & mask;
    }
  };

  return {
    get size() {
      return size;
    },
    find: (a, b) => slots[placeOf(a, b)] - 1,
    id: (a, b, next = size) => {
      const place = placeOf(a, b);
      const known = slots[place];
      if (known !== 0) return known - 1;
      slots[place] = next + 1;
      slots[place + 1] = a;
      slots[place + 2] = b;
      size++;
      if (3 * size > 2 * mask) grow();
      return next;
    },
  };
}
