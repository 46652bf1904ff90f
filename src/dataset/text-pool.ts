import { doubled } from './numbers';
import type { Origin } from './origin';
import { KEPT_IN_MEMORY, spill } from './spill';
import type { KeptText, Pool } from './table';
import type { TextSlots } from './text-hash';
import { textIndex } from './text-index';

/** First byte of a text that is kept as a JSON string: no UTF-8 begins with it. */
export const JSON_MARK = 0xff;
const BACKSLASH = 0x5c;

/** Texts were read from these bytes. */
export interface TextBytes {
  readonly bytes: Uint8Array;
  /** Offset of the bytes in the dataset; −1 where they are no part of it. */
  readonly offset: number;
}

/**
 * Where texts are kept, by offset: from 0 on in the dataset itself, below 0 in bytes of our own. The first 64 MiB are
 * copied, so that most datasets may change and vanish once they are read; more than that stays in the dataset, where it
 * can be read again, or else goes to a temporary file.
 */
export interface TextStore {
  /** Sets `offset[id]` and `length[id]`. */
  keep(
    text: TextSlots,
    slot: number,
    source: TextBytes,
    offset: Float64Array,
    length: Uint32Array,
    id: number,
  ): void;
  /** @throws DatasetError when the dataset has changed */
  text(offset: number, length: number): string;
  /** @throws DatasetError when the dataset has changed */
  bytes(offset: number, length: number): KeptText;
}

/** @param memory bytes of texts kept in memory */
export function textStore(origin?: Origin, memory = KEPT_IN_MEMORY): TextStore {
  const own = spill(memory);
  const mark = Uint8Array.of(JSON_MARK);
  const kept = (offset: number, length: number): KeptText & { readonly bytes: Buffer } => {
    if (offset >= 0) {
      const bytes = origin!.read(offset, length);
      return { bytes, escaped: bytes.includes(BACKSLASH) };
    }
    const bytes = own.read(-1 - offset, length);
    const escaped = bytes[0] === JSON_MARK;
    return { bytes: escaped ? bytes.subarray(2, -1) : bytes, escaped }; // without mark and quotes
  };
  return {
    keep: ({ from, length: size, escaped }, slot, source, offset, length, id) => {
      const start = from[slot];
      length[id] = size[slot];
      if (origin && source.offset >= 0 && (origin.steady || own.size >= memory)) {
        offset[id] = source.offset + start;
      } else if (escaped[slot] === 1) {
        // with its quotes
        offset[id] = -1 - own.append(mark, 0, 1);
        length[id] += 3;
        own.append(source.bytes, start - 1, start + size[slot] + 1);
      } else {
        offset[id] = -1 - own.append(source.bytes, start, start + size[slot]);
      }
    },
    text: (offset, length) => {
      if (length === 0) return '';
      const { bytes, escaped } = kept(offset, length);
      const text = bytes.toString('utf8');
      return escaped ? (JSON.parse(`"${text}"`) as string) : text;
    },
    bytes: kept,
  };
}

/** A pool that grows, of which only keys and places lie in memory. */
export interface TextPool {
  readonly size: number;
  /** −1 when the text has not been seen. */
  find(text: TextSlots, slot: number): number;
  /** The id of a text, `size` before the call when it is new. */
  id(text: TextSlots, slot: number, source: TextBytes): number;
  /** The texts so far; holds on to their places only. */
  readonly pool: Pool;
}

export function textPool(store: TextStore): TextPool {
  const index = textIndex();
  const places = textPlaces(store);
  return {
    get size() {
      return index.size;
    },
    find: ({ key }, slot) => index.find(key[2 * slot], key[2 * slot + 1]),
    id: (text, slot, source) => {
      const next = index.size;
      const id = index.id(text.key[2 * slot], text.key[2 * slot + 1]);
      if (id === next) places.add(text, slot, source);
      return id;
    },
    pool: places.pool,
  };
}

/** Texts by dense id, of which only the places lie in memory. */
export interface TextPlaces {
  readonly pool: Pool;
  /** Adds a text with the next id. */
  add(text: TextSlots, slot: number, source: TextBytes): void;
}

export function textPlaces(store: TextStore): TextPlaces {
  let offset = new Float64Array(32);
  let length = new Uint32Array(32);
  let size = 0;
  const pool: Pool = {
    get size() {
      return size;
    },
    text: (id) => store.text(offset[id], length[id]),
    bytes: (id) => store.bytes(offset[id], length[id]),
  };
  return {
    pool,
    add: (text, slot, source) => {
      if (size === offset.length) {
        offset = doubled(offset);
        length = doubled(length);
      }
      store.keep(text, slot, source, offset, length, size++);
    },
  };
}
