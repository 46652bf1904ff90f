import type { Pool } from './table';

/** A pool that grows: `id` gives the dense id of a string, a new one when it is seen for the first time. */
export interface GrowingPool extends Pool {
  id(text: string): number;
  /** −1 when it has not been seen. */
  find(text: string): number;
}

export function stringPool(): GrowingPool {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    get size() {
      return texts.length;
    },
    text: (id) => texts[id],
    find: (text) => ids.get(text) ?? -1,
    id: (text) => {
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, texts.length);
      return texts.push(text) - 1;
    },
  };
}

/** The pool "name 1", "name 2", …: millions of them cost no memory. */
export function numberedPool(name: string, size: number): Pool {
  return { size, text: (id) => `${name} ${id + 1}` };
}

/** Dense ids of triples of small integers, in order of first appearance. */
export interface TripleIndex {
  readonly size: number;
  /** −1 when the triple has not been seen. */
  find(a: number, b: number, c: number): number;
  id(a: number, b: number, c: number): number;
  /** Members of the triples, by id: valid up to `size`. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
}

/** Open addressing with linear probing over typed arrays: no key strings are built. */
export function tripleIndex(): TripleIndex {
  let a = new Int32Array(16);
  let b = new Int32Array(16);
  let c = new Int32Array(16);
  let slots = new Int32Array(64).fill(-1); // a power of two, at most half full
  let size = 0;

  const slotOf = (x: number, y: number, z: number) => {
    const mask = slots.length - 1;
    let hash =
      Math.imul(x, 0x9e3779b1) ^ Math.imul(y + 0x7f4a7c15, 0x85ebca6b) ^ Math.imul(z + 1, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const id = slots[slot];
      if (id < 0 || (a[id] === x && b[id] === y && c[id] === z)) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const grow = () => {
    a = doubled(a);
    b = doubled(b);
    c = doubled(c);
    slots = new Int32Array(4 * a.length).fill(-1);
    for (let id = 0; id < size; id++) slots[slotOf(a[id], b[id], c[id])] = id;
  };

  return {
    get size() {
      return size;
    },
    get a() {
      return a;
    },
    get b() {
      return b;
    },
    get c() {
      return c;
    },
    find: (x, y, z) => slots[slotOf(x, y, z)],
    id: (x, y, z) => {
      let slot = slotOf(x, y, z);
      if (slots[slot] >= 0) return slots[slot];
      if (size === a.length) {
        grow();
        slot = slotOf(x, y, z);
      }
      a[size] = x;
      b[size] = y;
      c[size] = z;
      slots[slot] = size;
      return size++;
    },
  };
}

/** A copy with room for twice as many numbers. */
export function doubled<T extends Int32Array | Uint32Array | Uint16Array | Float64Array>(values: T): T {
  const larger = new (values.constructor as new (length: number) => T)(2 * values.length);
  larger.set(values);
  return larger;
}
