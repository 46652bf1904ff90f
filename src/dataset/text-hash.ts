/**
 * Texts known by a key of 64 bits, two lanes of 32, over their UTF-8 bytes: two different texts among n have the same
 * key with a chance of about n² / 2⁶⁵, 3 in a million for 10⁷ texts. So texts need not be compared, nor kept in memory.
 */
export interface TextSlots {
  /** Two lanes by text. */
  key: Int32Array;
  /** First byte of each text in the bytes that were read. */
  from: Int32Array;
  /** Number of its bytes; −1 where there is no such text. */
  length: Int32Array;
  /** 1 where the bytes are a JSON string with escapes, not the text itself. */
  escaped: Uint8Array;
}

export function textSlots(count: number): TextSlots {
  return {
    key: new Int32Array(2 * count),
    from: new Int32Array(count),
    length: new Int32Array(count),
    escaped: new Uint8Array(count),
  };
}

export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const SEED_A = 0x3c6ef372;
const SEED_B = 0x510e527f;

/** The step of MurmurHash3 (Appleby, public domain). */
function mixA(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Another step: one-to-one in the hash and in the word, as the first is. */
function mixB(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x85ebca77);
  return h ^ (h >>> 13);
}

/** Spreads every bit over all bits. */
function scatter(value: number): number {
  let v = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  v = Math.imul(v ^ (v >>> 13), 0xc2b2ae35);
  return v ^ (v >>> 16);
}

function setKey(slots: TextSlots, slot: number, a: number, b: number, length: number): void {
  slots.key[2 * slot] = scatter(a ^ length);
  slots.key[2 * slot + 1] = scatter(b + length);
}

/** Sets the key of `slot` to that of the bytes it names. @param view over the bytes */
export function hashBytes(view: DataView, slots: TextSlots, slot: number): void {
  const from = slots.from[slot];
  const length = slots.length[slot];
  const to = from + length;
  let a = SEED_A;
  let b = SEED_B;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = view.getInt32(at, true);
    a = mixA(a, word);
    b = mixB(b, word);
  }
  if (at < to) {
    let tail = 0;
    for (let shift = 0; at < to; at++, shift += 8) tail |= view.getUint8(at) << shift;
    a = mixA(a, tail);
    b = mixB(b, tail);
  }
  setKey(slots, slot, a, b, length);
}

/**
 * Reads a JSON string of valid UTF-8 up to its closing quote and fills `slot`, with the key of the text that the
 * string stands for, however it is escaped.
 *
 * @param from the first byte after the opening quote
 * @returns index of the closing quote; −1 where this is no JSON string, or holds half of a surrogate pair
 */
export function hashJsonString(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  slots: TextSlots,
  slot: number,
): number {
  const end = bytes.length;
  let a = SEED_A;
  let b = SEED_B;
  let tail = 0; // bytes of the text that do not fill a word yet, and how many bits they have
  let bits = 0;
  let shrunk = 0; // bytes of the escapes more than of what they stand for
  let escaped = 0;
  let at = from;
  for (;;) {
    while (at + 4 <= end) {
      const word = view.getInt32(at, true);
      // whether any of the four bytes is a quote, a backslash or a control character (Bit Twiddling Hacks, haszero, hasless)
      const quote = word ^ 0x22222222;
      const slash = word ^ 0x5c5c5c5c;
      const special =
        ((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash) | ((word - 0x20202020) & ~word);
      if ((special & 0x80808080) !== 0) break;
      let next = word;
      if (bits !== 0) {
        next = tail | (word << bits);
        tail = word >>> (32 - bits);
      }
      a = mixA(a, next);
      b = mixB(b, next);
      at += 4;
    }
    if (at >= end) return -1;
    let byte = bytes[at++];
    if (byte === 0x22) break;
    if (byte < 0x20) return -1;
    let more = 0; // further bytes of the character, in the order they are to be added, and their number
    let count = 0;
    if (byte === 0x5c) {
      const decoded = decodeEscape(bytes, at);
      if (decoded < 0) return -1;
      const size = decoded >= 0x10000 ? 11 : bytes[at] === 0x75 ? 5 : 1;
      at += size;
      escaped = 1;
      byte = firstByte(decoded);
      count = decoded < 0x80 ? 0 : decoded < 0x800 ? 1 : decoded < 0x10000 ? 2 : 3;
      more = decoded;
      shrunk += size - count;
    }
    for (;;) {
      tail |= byte << bits;
      bits += 8;
      if (bits === 32) {
        a = mixA(a, tail);
        b = mixB(b, tail);
        tail = 0;
        bits = 0;
      }
      if (count === 0) break;
      count--;
      byte = 0x80 | ((more >>> (6 * count)) & 0x3f);
    }
  }
  if (bits !== 0) {
    a = mixA(a, tail);
    b = mixB(b, tail);
  }
  slots.from[slot] = from;
  slots.length[slot] = at - 1 - from;
  slots.escaped[slot] = escaped;
  setKey(slots, slot, a, b, at - 1 - from - shrunk);
  return at - 1;
}

/** First byte of a character in UTF-8. */
function firstByte(code: number): number {
  if (code < 0x80) return code;
  if (code < 0x800) return 0xc0 | (code >>> 6);
  return code < 0x10000 ? 0xe0 | (code >>> 12) : 0xf0 | (code >>> 18);
}

/** The character of the escape after the backslash before `at`; −1 where it is none, or half of a surrogate pair. */
function decodeEscape(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 0x6e:
      return 0x0a;
    case 0x22:
    case 0x5c:
    case 0x2f:
      return bytes[at];
    case 0x74:
      return 0x09;
    case 0x72:
      return 0x0d;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x75: {
      const unit = hex(bytes, at + 1);
      if (unit < 0xd800 || unit > 0xdfff) return unit;
      if (unit >= 0xdc00 || bytes[at + 5] !== 0x5c || bytes[at + 6] !== 0x75) return -1;
      const low = hex(bytes, at + 7);
      return low < 0xdc00 || low > 0xdfff ? -1 : 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    default:
      return -1;
  }
}

function hex(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i];
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = 16 * value + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = 16 * value + lower - 0x57;
    else return -1;
  }
  return value;
}
