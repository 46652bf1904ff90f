import type { Pool } from './table';

/** A pool that grows: `id` gives the dense id of a string, a new one when it is seen for the first time. */
export interface GrowingPool extends Pool {
  id(text: string): number;
}

export function stringPool(): GrowingPool {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    get size() {
      return texts.length;
    },
    text: (id) => texts[id],
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
