import { ESCAPED, KEY_A, KEY_B, LENGTH, START } from './layout';

// The twin of text-hash.ts: the same keys for the same texts.

const SEED_A: u32 = 0x3c6ef372;
const SEED_B: u32 = 0x510e527f;

function mixA(hash: u32, word: u32): u32 {
  const k = rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593;
  return rotl<u32>(hash ^ k, 13) * 5 + 0xe6546b64;
}

function mixB(hash: u32, word: u32): u32 {
  const h = (hash ^ word) * 0x85ebca77;
  return h ^ (h >> 13);
}

function scatter(value: u32): u32 {
  let v = (value ^ (value >> 16)) * 0x85ebca6b;
  v = (v ^ (v >> 13)) * 0xc2b2ae35;
  return v ^ (v >> 16);
}

function fill(text: usize, a: u32, b: u32, length: u32, start: usize, bytes: u32): void {
  store<u32>(text + 4 * KEY_A, scatter(a ^ length));
  store<u32>(text + 4 * KEY_B, scatter(b + length));
  store<u32>(text + 4 * START, <u32>start);
  store<u32>(text + 4 * LENGTH, bytes);
}

/** Fills a text with the bytes from … to − 1 as they are. @param block where the block begins */
export function hashBytes(from: usize, to: usize, text: usize, block: usize): void {
  let a = SEED_A;
  let b = SEED_B;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = load<u32>(at);
    a = mixA(a, word);
    b = mixB(b, word);
  }
  if (at < to) {
    let tail: u32 = 0;
    for (let shift: u32 = 0; at < to; at++, shift += 8) tail |= (<u32>load<u8>(at)) << shift;
    a = mixA(a, tail);
    b = mixB(b, tail);
  }
  fill(text, a, b, <u32>(to - from), from - block, <u32>(to - from));
}

/**
 * Reads a JSON string of valid UTF-8 up to its closing quote and fills `text`, with the key of what the string stands
 * for, however it is escaped.
 *
 * @param from the first byte after the opening quote
 * @returns address of the closing quote; 0 where this is no JSON string, or holds half of a surrogate pair
 */
export function hashString(from: usize, end: usize, text: usize, block: usize): usize {
  let a = SEED_A;
  let b = SEED_B;
  let tail: u32 = 0; // bytes of the text that do not fill a word yet, and how many bits they have
  let bits: u32 = 0;
  let shrunk: u32 = 0; // bytes of the escapes more than of what they stand for
  let escaped: u32 = 0;
  let at = from;
  for (;;) {
    while (at + 16 <= end && !special(v128.load(at))) {
      for (const last = at + 16; at < last; at += 4) {
        let word = load<u32>(at);
        if (bits != 0) {
          const next = tail | (word << bits);
          tail = word >> (32 - bits);
          word = next;
        }
        a = mixA(a, word);
        b = mixB(b, word);
      }
    }
    while (at + 4 <= end && !special(v128.load32_splat(at))) {
      let word = load<u32>(at);
      if (bits != 0) {
        const next = tail | (word << bits);
        tail = word >> (32 - bits);
        word = next;
      }
      a = mixA(a, word);
      b = mixB(b, word);
      at += 4;
    }
    if (at >= end) return 0;
    let byte = <u32>load<u8>(at++);
    if (byte == 0x22) break;
    if (byte < 0x20) return 0;
    let more: u32 = 0; // further bytes of the character, in the order they are to be added, and their number
    let count: u32 = 0;
    if (byte == 0x5c) {
      const decoded = decodeEscape(at);
      if (decoded < 0) return 0;
      more = <u32>decoded;
      const size: u32 = more >= 0x10000 ? 11 : load<u8>(at) == 0x75 ? 5 : 1;
      at += size;
      escaped = ESCAPED;
      byte = firstByte(more);
      count = more < 0x80 ? 0 : more < 0x800 ? 1 : more < 0x10000 ? 2 : 3;
      shrunk += size - count;
    }
    for (;;) {
      tail |= byte << bits;
      bits += 8;
      if (bits == 32) {
        a = mixA(a, tail);
        b = mixB(b, tail);
        tail = 0;
        bits = 0;
      }
      if (count == 0) break;
      count--;
      byte = 0x80 | ((more >> (6 * count)) & 0x3f);
    }
  }
  if (bits != 0) {
    a = mixA(a, tail);
    b = mixB(b, tail);
  }
  const bytes = <u32>(at - 1 - from);
  fill(text, a, b, bytes - shrunk, from - block, bytes | escaped);
  return at - 1;
}

/** Whether any of the bytes is a quote, a backslash or a control character. */
function special(bytes: v128): bool {
  return v128.any_true(
    v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    ),
  );
}

/** First byte of a character in UTF-8. */
function firstByte(code: u32): u32 {
  if (code < 0x80) return code;
  if (code < 0x800) return 0xc0 | (code >> 6);
  return code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
}

/** The character of the escape after the backslash before `at`; −1 where it is none, or half of a surrogate pair. */
function decodeEscape(at: usize): i32 {
  switch (load<u8>(at)) {
    case 0x6e:
      return 0x0a;
    case 0x22:
    case 0x5c:
    case 0x2f:
      return load<u8>(at);
    case 0x74:
      return 0x09;
    case 0x72:
      return 0x0d;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x75: {
      const unit = hex(at + 1);
      if (unit < 0xd800 || unit > 0xdfff) return unit;
      if (unit >= 0xdc00 || load<u8>(at, 5) != 0x5c || load<u8>(at, 6) != 0x75) return -1;
      const low = hex(at + 7);
      return low < 0xdc00 || low > 0xdfff ? -1 : 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    default:
      return -1;
  }
}

function hex(at: usize): i32 {
  let value: i32 = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = <i32>load<u8>(i);
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = 16 * value + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = 16 * value + lower - 0x57;
    else return -1;
  }
  return value;
}
