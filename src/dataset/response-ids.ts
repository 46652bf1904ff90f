import { doubled } from './numbers';
import type { Pool } from './table';
import type { TextSlots } from './text-hash';
import { textPool, type TextBytes, type TextStore } from './text-pool';

/** Ids of responses: the same text to another prompt, or of another item, is another response. */
export interface ResponseIds {
  readonly size: number;
  readonly pool: Pool;
  /** Id of the response in a slot, to prompt x. @param item −1 where there is no item column */
  id(texts: TextSlots, slot: number, source: TextBytes, x: number, item: number): number;
  /** Prompt of each response. */
  prompts(): Int32Array;
  /** Item of each response. */
  items(): Int32Array;
}

export function responseIds(store: TextStore): ResponseIds {
  const texts = textPool(store);
  let promptOf = new Int32Array(64);
  let itemOf = new Int32Array(64);
  return {
    get size() {
      return texts.size;
    },
    pool: texts.pool,
    prompts: () => promptOf.subarray(0, texts.size),
    items: () => itemOf.subarray(0, texts.size),
    id: (found, slot, source, x, item) => {
      const next = texts.size;
      // one lane for the prompt, the other for the item: both products are one-to-one
      const ofPrompt = Math.imul(x + 1, 0x9e3779b1);
      const ofItem = Math.imul(item + 1, 0x85ebca77);
      const y = texts.id(found, slot, source, ofPrompt, ofItem);
      if (y < next) return y;
      if (y === promptOf.length) promptOf = doubled(promptOf);
      promptOf[y] = x;
      if (item < 0) return y;
      while (y >= itemOf.length) itemOf = doubled(itemOf);
      itemOf[y] = item;
      return y;
    },
  };
}
