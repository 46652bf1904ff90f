import { hashBytes, hashString } from './hash-string';
import {
  KEY_A,
  KEY_B,
  LENGTH,
  LINE,
  MOST_RESPONSES,
  NEXT,
  OTHER_TEXTS,
  SIZE,
  TEXTS,
  TEXT_WORDS,
} from './layout';

// The twin of canonical-scan.ts: it reads the same lines and leaves the same to the parser.

const UNRANKED: u32 = 0xffff;
const LARGEST_TIE: u32 = 12;

// plain fields; the first four in the order of their texts (SLOT)
const PROMPT: u32 = 0;
const ANNOTATOR: u32 = 1;
const TYPE: u32 = 2;
const ID: u32 = 3;
const RESPONSES: u32 = 4;
const RANKING: u32 = 5;
const OTHER: u32 = 6;
const NEEDED: u32 = (1 << PROMPT) | (1 << RESPONSES) | (1 << RANKING);

// of the record at hand
let block: usize = 0;
let end: usize = 0;
let texts: usize = 0;
let order: usize = 0; // indices of responses, each with its level in the upper half
let size: u32 = 0;
let ranked: u32 = 0;

/** Begins with a block. @param scratch room for a ranking */
export function openBlock(from: usize, to: usize, scratch: usize): void {
  block = from;
  end = to;
  order = scratch;
}

/**
 * Reads the line at `from` into `record`.
 *
 * @returns address of the next line; 0 where the line is anything but a faultless record of the plain fields, each at
 * most once
 */
export function scanLine(from: usize, record: usize): usize {
  texts = record + 4 * TEXTS;
  let at = pastSpace(from);
  if (load<u8>(at) != 0x7b) return 0;
  let seen: u32 = 0;
  for (let i: u32 = 0; i < <u32>OTHER_TEXTS; i++) store<i32>(text(i) + 4 * LENGTH, -1);
  do {
    at = pastSpace(at + 1);
    if (load<u8>(at) != 0x22) return 0;
    const f = field(at + 1);
    if (f == OTHER || (seen & (1 << f)) != 0) return 0;
    seen |= 1 << f;
    at = pastSpace(at + 1 + nameLength(f));
    if (load<u8>(at) != 0x3a) return 0;
    at = pastSpace(at + 1);
    if (f == RESPONSES) at = responses(at);
    else if (f == RANKING) at = ranking(at);
    else if (f == PROMPT) at = string(at, f);
    else at = name(at, f);
    if (at == 0) return 0;
    at = pastSpace(at);
  } while (load<u8>(at) == 0x2c);
  if (load<u8>(at) != 0x7d || (seen & NEEDED) != NEEDED || !complete()) return 0;
  at = pastSpace(at + 1);
  if (at < end) {
    if (load<u8>(at) != 0x0a) return 0;
    at++;
  }
  store<u32>(record + 4 * LINE, <u32>(from - block));
  store<u32>(record + 4 * NEXT, <u32>(at - block));
  store<u32>(record + 4 * SIZE, size);
  memory.copy(text(OTHER_TEXTS + size), order, size << 2);
  return at;
}

/** Address behind the record that was read last. */
export function behindRecord(): usize {
  return text(OTHER_TEXTS + size) + (size << 2);
}

function text(i: u32): usize {
  return texts + <usize>i * (4 * TEXT_WORDS);
}

// What follows stops at the zeros behind the block, which are part of nothing.

function pastSpace(from: usize): usize {
  let at = from;
  let byte = load<u8>(at);
  while (byte == 0x20 || byte == 0x09 || byte == 0x0d) byte = load<u8>(++at);
  return at;
}

function isDigit(byte: u32): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** Which field’s name stands at `at`, with the quote behind it. */
function field(at: usize): u32 {
  const word = load<u64>(at);
  if ((word & 0xffffffffffffff) == 0x2274706d6f7270) return PROMPT; // prompt"
  if (word == 0x65736e6f70736572) return load<u16>(at, 8) == 0x2273 ? RESPONSES : OTHER; // response s"
  if (word == 0x22676e696b6e6172) return RANKING; // ranking"
  if (word == 0x6f7461746f6e6e61) return load<u16>(at, 8) == 0x2272 ? ANNOTATOR : OTHER; // annotato r"
  if ((word & 0xffffffffff) == 0x2265707974) return TYPE; // type"
  return (word & 0xffffff) == 0x226469 ? ID : OTHER; // id"
}

function nameLength(f: u32): usize {
  switch (f) {
    case PROMPT:
      return 7;
    case TYPE:
      return 5;
    case ID:
      return 3;
    case RANKING:
      return 8;
    default:
      return 10;
  }
}

// each of these reads what stands at `at` and returns the address behind it, or 0 where it is something else

function string(at: usize, i: u32): usize {
  if (load<u8>(at) != 0x22) return 0;
  const quote = hashString(at + 1, end, text(i), block);
  return quote == 0 ? 0 : quote + 1;
}

/** A string, a whole number taken as one, or null; an empty one is none. */
function name(at: usize, i: u32): usize {
  const first = load<u8>(at);
  if (first == 0x22) {
    const behind = string(at, i);
    if (behind != 0 && load<i32>(text(i) + 4 * LENGTH) == 0) store<i32>(text(i) + 4 * LENGTH, -1);
    return behind;
  }
  if (first == 0x6e) return load<u32>(at) == 0x6c6c756e ? at + 4 : 0;
  let behind = at;
  while (isDigit(load<u8>(behind))) behind++;
  if (behind == at || behind - at > 15 || (first == 0x30 && behind > at + 1)) return 0;
  const next = load<u8>(behind);
  if (next == 0x2e || next == 0x65 || next == 0x45) return 0;
  hashBytes(at, behind, text(i), block);
  return behind;
}

function responses(from: usize): usize {
  let at = from;
  size = 0;
  if (load<u8>(at) != 0x5b) return 0;
  do {
    if (size == <u32>MOST_RESPONSES) return 0;
    at = string(pastSpace(at + 1), OTHER_TEXTS + size++);
    if (at == 0) return 0;
    at = pastSpace(at);
  } while (load<u8>(at) == 0x2c);
  return load<u8>(at) == 0x5d ? at + 1 : 0;
}

/** An index of at most two digits, as group g of the ranking. */
function index(at: usize, g: u32): usize {
  const first = <u32>load<u8>(at);
  if (!isDigit(first) || ranked == <u32>MOST_RESPONSES) return 0;
  const digit = first - 0x30;
  const second = <u32>load<u8>(at, 1);
  const two = isDigit(second);
  if (two && digit == 0) return 0;
  store<u32>(order + (ranked++ << 2), (two ? 10 * digit + second - 0x30 : digit) | (g << 16));
  return at + (two ? 2 : 1);
}

function ranking(from: usize): usize {
  let at = from;
  ranked = 0;
  if (load<u8>(at) != 0x5b) return 0;
  let g: u32 = 0;
  do {
    at = pastSpace(at + 1);
    if (load<u8>(at) == 0x5b) {
      const before = ranked;
      do {
        at = index(pastSpace(at + 1), g);
        if (at == 0) return 0;
        at = pastSpace(at);
      } while (load<u8>(at) == 0x2c);
      if (load<u8>(at) != 0x5d || ranked - before > LARGEST_TIE) return 0;
      at++;
    } else {
      at = index(at, g);
      if (at == 0) return 0;
    }
    at = pastSpace(at);
    g++;
  } while (load<u8>(at) == 0x2c);
  return load<u8>(at) == 0x5d ? at + 1 : 0;
}

/** Whether no response stands twice and the ranking fits them; puts those not ranked last. */
function complete(): bool {
  if (size < 2) return false;
  const first: u32 = OTHER_TEXTS;
  for (let j = first + 1; j < first + size; j++) {
    for (let i = first; i < j; i++) {
      const a = text(i);
      const b = text(j);
      if (
        load<u32>(a + 4 * KEY_A) == load<u32>(b + 4 * KEY_A) &&
        load<u32>(a + 4 * KEY_B) == load<u32>(b + 4 * KEY_B)
      )
        return false;
    }
  }
  let seen: u32 = 0;
  for (let j: u32 = 0; j < ranked; j++) {
    const i = load<u32>(order + (j << 2)) & 0xffff;
    if (i >= size || (seen & (1 << i)) != 0) return false;
    seen |= 1 << i;
  }
  for (let i: u32 = 0; ranked < size; i++) {
    if ((seen & (1 << i)) == 0) store<u32>(order + (ranked++ << 2), i | (UNRANKED << 16));
  }
  return true;
}
