import { textEncoding } from './encode-text';
import { SLOT } from './slots';
import { textSlots, type TextSlots } from './text-hash';
import { textIndex } from './text-index';

/** The `id`s of the records so far, by their keys. */
export interface RecordIds {
  has(id: string): boolean;
  add(id: string): void;
  /** The same for the id among the texts of a record that was scanned, which may have none. */
  hasScanned(texts: TextSlots): boolean;
  addScanned(texts: TextSlots): void;
}

export function recordIds(): RecordIds {
  const index = textIndex();
  const encoding = textEncoding();
  const own = textSlots(1);
  const keyOf = (id: string) => {
    encoding.clear();
    encoding.put(id, own, 0);
    return own.key;
  };
  return {
    has: (id) => {
      const [a, b] = keyOf(id);
      return index.find(a, b) >= 0;
    },
    add: (id) => {
      const [a, b] = keyOf(id);
      index.id(a, b);
    },
    hasScanned: ({ key, length }) =>
      length[SLOT.id] >= 0 && index.find(key[2 * SLOT.id], key[2 * SLOT.id + 1]) >= 0,
    addScanned: ({ key, length }) => {
      if (length[SLOT.id] >= 0) index.id(key[2 * SLOT.id], key[2 * SLOT.id + 1]);
    },
  };
}
