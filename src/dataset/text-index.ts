import { doubled } from './numbers';

/** Dense ids of keys of 64 bits, in order of first appearance. */
export interface TextIndex {
  readonly size: number;
  /** −1 when the key has not been seen. */
  find(a: number, b: number): number;
  /** The id of a key: `size` before the call, when it is new. */
  id(a: number, b: number): number;
}

/**
 * Open addressing with linear probing. A slot holds an id + 1 (0 where it is free) and the key's second lane, so that
 * a look-up mostly touches one place in memory. @see TextSlots for how keys are made
 */
export function textIndex(): TextIndex {
  let keys = new Int32Array(64); // two lanes by id
  let slots = new Int32Array(128); // a power of two, at most half full
  let mask = slots.length / 2 - 1;
  let size = 0;

  const grow = () => {
    slots = new Int32Array(2 * slots.length);
    mask = slots.length / 2 - 1;
    for (let id = 0; id < size; id++) {
      let slot = keys[2 * id] & mask;
      while (slots[2 * slot] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = id + 1;
      slots[2 * slot + 1] = keys[2 * id + 1];
    }
  };
  /** Where the key is, or would be. */
  const slotOf = (a: number, b: number) => {
    let slot = a & mask;
    for (;;) {
      const id = slots[2 * slot] - 1;
      if (id < 0 || (slots[2 * slot + 1] === b && keys[2 * id] === a)) return slot;
      slot = (slot + 1) & mask;
    }
  };

  return {
    get size() {
      return size;
    },
    find: (a, b) => slots[2 * slotOf(a, b)] - 1,
    id: (a, b) => {
      const slot = slotOf(a, b);
      const known = slots[2 * slot] - 1;
      if (known >= 0) return known;
      if (2 * size >= keys.length) keys = doubled(keys);
      keys[2 * size] = a;
      keys[2 * size + 1] = b;
      slots[2 * slot] = ++size;
      slots[2 * slot + 1] = b;
      if (4 * size > slots.length) grow();
      return size - 1;
    },
  };
}
