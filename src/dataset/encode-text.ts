import { hashBytes, viewOf, type TextSlots } from './text-hash';
import { JSON_MARK, type TextBytes } from './text-pool';

/** Writes texts as bytes, one after the other, for a text pool. */
export interface TextEncoding extends TextBytes {
  /** Forgets the texts so far. */
  clear(): void;
  /** Fills `slot`. */
  put(text: string, slots: TextSlots, slot: number): void;
}

const HALF_A_PAIR = /\p{Cs}/u;

export function textEncoding(): TextEncoding {
  let bytes = Buffer.allocUnsafeSlow(1 << 12);
  let view = viewOf(bytes);
  let used = 0;

  const reserve = (more: number) => {
    if (used + more <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (used + more));
    larger.set(bytes);
    bytes = larger;
    view = viewOf(bytes);
  };
  return {
    get bytes() {
      return bytes;
    },
    offset: -1,
    clear: () => (used = 0),
    put: (text, slots, slot) => {
      reserve(3 * text.length);
      let written = bytes.write(text, used);
      if (written !== text.length && HALF_A_PAIR.test(text)) {
        // UTF-8 has no way to write it
        const json = JSON.stringify(text);
        reserve(3 * json.length + 1);
        bytes[used] = JSON_MARK;
        written = 1 + bytes.write(json, used + 1);
      }
      slots.from[slot] = used;
      slots.length[slot] = written;
      slots.escaped[slot] = 0;
      hashBytes(view, slots, slot);
      used += written;
    },
  };
}
