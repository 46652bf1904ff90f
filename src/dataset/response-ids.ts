import { doubled } from './numbers';
import { SLOT } from './slots';
import type { Pool } from './table';
import type { TextSlots } from './text-hash';
import { textIndex } from './text-index';
import { textPlaces, type TextBytes, type TextStore } from './text-pool';

/** Ids of responses: the same text to another prompt, or of another item, is another response. */
export interface ResponseIds {
  readonly size: number;
  readonly pool: Pool;
  /**
   * Puts the ids of the first `m` responses of a record, no two alike, into `ids`.
   *
   * @param x their prompt: prompts come in the order of their ids
   * @param items of each response, where there is an item column
   */
  ofRecord(
    texts: TextSlots,
    source: TextBytes,
    x: number,
    m: number,
    ids: Int32Array,
    items?: readonly number[],
  ): void;
  /** Prompt of each response. */
  prompts(): Int32Array;
  /** Item of each response. */
  items(): Int32Array;
}

/** The responses of the prompt have been looked for since they were added, so they are in the index. */
const INDEXED = -1;

/**
 * Where a prompt is new, so are its responses: they are looked up, and put where they can be found, only once a second
 * record is about the prompt. In most datasets of free text that never comes, and the index, of which each place is a
 * wait for memory, stays small.
 */
export function responseIds(store: TextStore): ResponseIds {
  const index = textIndex();
  const places = textPlaces(store);
  let key = new Int32Array(128); // two lanes by response
  let promptOf = new Int32Array(64);
  let itemOf = new Int32Array(64);
  let first = new Int32Array(64); // of the responses of each prompt; INDEXED where they are in the index
  let prompts = 0;
  let size = 0;

  const grow = () => {
    key = doubled(key);
    promptOf = doubled(promptOf);
  };
  const putIntoIndex = (x: number) => {
    for (let y = first[x]; y < size && promptOf[y] === x; y++) index.id(key[2 * y], key[2 * y + 1], y);
    first[x] = INDEXED;
  };

  return {
    get size() {
      return size;
    },
    pool: places.pool,
    prompts: () => promptOf.subarray(0, size),
    items: () => itemOf.subarray(0, size),
    ofRecord: (texts, source, x, m, ids, items) => {
      const isNew = x === prompts;
      if (isNew) {
        if (x === first.length) first = doubled(first);
        first[x] = size;
        prompts++;
      } else if (first[x] !== INDEXED) putIntoIndex(x);
      // one lane for the prompt, the other for the item: both products are one-to-one
      const ofPrompt = Math.imul(x + 1, 0x9e3779b1);
      for (let i = 0; i < m; i++) {
        const slot = SLOT.responses + i;
        const item = items ? items[i] : -1;
        const a = texts.key[2 * slot] ^ ofPrompt;
        const b = texts.key[2 * slot + 1] ^ Math.imul(item + 1, 0x85ebca77);
        const y = isNew ? size : index.id(a, b, size);
        ids[i] = y;
        if (y < size) continue;
        if (y === promptOf.length) grow();
        places.add(texts, slot, source);
        key[2 * y] = a;
        key[2 * y + 1] = b;
        promptOf[y] = x;
        size++;
        if (item < 0) continue;
        while (y >= itemOf.length) itemOf = doubled(itemOf);
        itemOf[y] = item;
      }
    },
  };
}
