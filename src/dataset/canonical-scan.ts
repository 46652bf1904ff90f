import { LARGEST_TIE } from './ranking';
import type { ScannedRecord } from './table-builder';
import { SLOT } from './slots';
import { UNRANKED } from './table';
import { hashBytes, hashJsonString, textSlots, viewOf } from './text-hash';

/** Records with more responses are left to the parser. */
const MOST_RESPONSES = 30; // bits of a number

/** Reads plain canonical records from bytes, without making strings or objects of them. */
export interface CanonicalScanner {
  readonly record: ScannedRecord;
  /** The bytes to read from, valid UTF-8. */
  open(bytes: Uint8Array): void;
  /**
   * Reads the line at `from` into `record`.
   *
   * @returns where the next line begins; −1 where the line is anything but a faultless record of the plain fields,
   * each at most once: then it is to be parsed, which tells what it is
   */
  scan(from: number): number;
}

/** The first four in the order of their slots. */
const PLAIN = ['prompt', 'annotator', 'type', 'id', 'responses', 'ranking'] as const;
const NAMES = PLAIN.map((name) => Buffer.from(`${name}"`));
const RESPONSES = PLAIN.indexOf('responses');
const RANKING = PLAIN.indexOf('ranking');
const NEEDED = (1 << SLOT.prompt) | (1 << RESPONSES) | (1 << RANKING);

export function canonicalScanner(): CanonicalScanner {
  let bytes: Uint8Array = new Uint8Array(0);
  let view = viewOf(bytes);
  const texts = textSlots(SLOT.responses + MOST_RESPONSES);
  const order = new Array<number>(MOST_RESPONSES).fill(0);
  const level = new Array<number>(MOST_RESPONSES).fill(0);
  const record: ScannedRecord = { texts, size: 0, order, level };
  let ranked = 0; // entries of `order` so far

  const pastSpace = (from: number) => {
    let at = from;
    while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at++;
    return at;
  };
  // each of these reads what stands at `at` and returns the index behind it, or −1 where it is something else

  const string = (at: number, slot: number) => {
    if (bytes[at] !== 0x22) return -1;
    const quote = hashJsonString(bytes, view, at + 1, texts, slot);
    return quote < 0 ? -1 : quote + 1;
  };

  /** A string, a whole number taken as one, or null; an empty one is none. */
  const name = (at: number, slot: number) => {
    if (bytes[at] === 0x22) {
      const end = string(at, slot);
      if (texts.length[slot] === 0) texts.length[slot] = -1;
      return end;
    }
    if (bytes[at] === 0x6e) {
      return bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c ? at + 4 : -1;
    }
    let end = at;
    while (isDigit(bytes[end])) end++;
    if (end === at || end - at > 15 || (bytes[at] === 0x30 && end > at + 1)) return -1;
    const next = bytes[end];
    if (next === 0x2e || next === 0x65 || next === 0x45) return -1;
    texts.from[slot] = at;
    texts.length[slot] = end - at;
    texts.escaped[slot] = 0;
    hashBytes(view, texts, slot);
    return end;
  };

  /** Which field begins at `at`; −1 where it is none of the plain ones. */
  const field = (at: number) => {
    for (let f = 0; f < NAMES.length; f++) {
      const word = NAMES[f];
      let i = 0;
      while (i < word.length && bytes[at + i] === word[i]) i++;
      if (i === word.length) return f;
    }
    return -1;
  };

  const responses = (from: number) => {
    let at = from;
    let size = 0;
    if (bytes[at] !== 0x5b) return -1;
    do {
      if (size === MOST_RESPONSES) return -1;
      at = string(pastSpace(at + 1), SLOT.responses + size++);
      if (at < 0) return -1;
      at = pastSpace(at);
    } while (bytes[at] === 0x2c);
    record.size = size;
    return bytes[at] === 0x5d ? at + 1 : -1;
  };

  /** An index of at most two digits, as group g of the ranking. */
  const index = (at: number, g: number) => {
    if (!isDigit(bytes[at]) || ranked === MOST_RESPONSES) return -1;
    const digit = bytes[at] - 0x30;
    const two = isDigit(bytes[at + 1]);
    if (two && digit === 0) return -1;
    order[ranked] = two ? 10 * digit + bytes[at + 1] - 0x30 : digit;
    level[ranked++] = g;
    return at + (two ? 2 : 1);
  };
  const ranking = (from: number) => {
    let at = from;
    ranked = 0;
    if (bytes[at] !== 0x5b) return -1;
    let g = 0;
    do {
      at = pastSpace(at + 1);
      if (bytes[at] === 0x5b) {
        const before = ranked;
        do {
          at = index(pastSpace(at + 1), g);
          if (at < 0) return -1;
          at = pastSpace(at);
        } while (bytes[at] === 0x2c);
        if (bytes[at] !== 0x5d || ranked - before > LARGEST_TIE) return -1;
        at++;
      } else {
        at = index(at, g);
        if (at < 0) return -1;
      }
      at = pastSpace(at);
      g++;
    } while (bytes[at] === 0x2c);
    return bytes[at] === 0x5d ? at + 1 : -1;
  };

  /** Whether no response stands twice and the ranking fits them; puts those not ranked last. */
  const complete = () => {
    const { size } = record;
    if (size < 2) return false;
    const { key } = texts;
    for (let j = SLOT.responses + 1; j < SLOT.responses + size; j++) {
      for (let i = SLOT.responses; i < j; i++) {
        if (key[2 * i] === key[2 * j] && key[2 * i + 1] === key[2 * j + 1]) return false;
      }
    }
    let seen = 0;
    for (let j = 0; j < ranked; j++) {
      const bit = 1 << order[j];
      if (order[j] >= size || (seen & bit) !== 0) return false;
      seen |= bit;
    }
    for (let i = 0; ranked < size; i++) {
      if ((seen & (1 << i)) !== 0) continue;
      order[ranked] = i;
      level[ranked++] = UNRANKED;
    }
    return true;
  };

  return {
    record,
    open: (next) => {
      bytes = next;
      view = viewOf(next);
    },
    scan: (from) => {
      let at = pastSpace(from);
      if (bytes[at] !== 0x7b) return -1;
      let seen = 0;
      texts.length.fill(-1, 0, SLOT.responses);
      do {
        at = pastSpace(at + 1);
        if (bytes[at] !== 0x22) return -1;
        const f = field(at + 1);
        if (f < 0 || (seen & (1 << f)) !== 0) return -1;
        seen |= 1 << f;
        at = pastSpace(at + 1 + NAMES[f].length);
        if (bytes[at] !== 0x3a) return -1;
        at = pastSpace(at + 1);
        if (f === RESPONSES) at = responses(at);
        else if (f === RANKING) at = ranking(at);
        else if (f === SLOT.prompt) at = string(at, f);
        else at = name(at, f);
        if (at < 0) return -1;
        at = pastSpace(at);
      } while (bytes[at] === 0x2c);
      if (bytes[at] !== 0x7d || (seen & NEEDED) !== NEEDED || !complete()) return -1;
      at = pastSpace(at + 1);
      return at >= bytes.length ? at : bytes[at] === 0x0a ? at + 1 : -1;
    },
  };
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
