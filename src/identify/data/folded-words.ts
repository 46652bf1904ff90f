import type { KeptText } from '../../dataset/table';
import { BREAK, codeOfFolded, foldedCode, foldText, HYPHEN, NOT_ALONE, SPACE } from './fold-characters';

/** A text as folding sees it: hashes of its words, in order. Texts that differ in more than case, spaces and punctuation differ here. */
export type FoldedWords = Int32Array;

/**
 * The words of several texts without case, spaces and punctuation. Symbols (+, <, 👍) stay: they carry meaning, and so
 * does the minus before a number. They stand in one list, as a list for each of millions of texts would take longer than
 * reading them.
 */
export interface WordLists {
  readonly size: number;
  clear(): void;
  /** Adds a text. @returns its length in UTF-16 units */
  addText(text: string): number;
  /** Adds a text as it is kept. @returns the same; undefined, and nothing is added, where it has to be read as a string */
  addKept(text: KeptText): number | undefined;
  /** Number of words of text i. */
  count(i: number): number;
  /** Words of text i: until the lists are cleared. */
  words(i: number): FoldedWords;
  /** A number that texts of the same words have in common. */
  hash(i: number): number;
}

const MINUS = 0x2212;
const BACKSLASH = 0x5c;

/** Most characters of most texts; both ways of folding have the same for them. */
const ASCII = Uint16Array.from({ length: 0x80 }, (_, unit) => foldedCode(unit));

/** What stands behind a backslash in JSON, by what is meant; 0 for others. */
const ESCAPED = new Uint8Array(0x100);
for (const [escape, meant] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'])
  ESCAPED[escape.charCodeAt(0)] = meant.charCodeAt(0);

export function wordLists(): WordLists {
  let codes = new Uint16Array(1024); // of the text at hand
  let list = new Int32Array(1024);
  let end: number[] = []; // by text: where its words end in the list
  let hashes: number[] = [];

  const reserve = (length: number): void => {
    if (codes.length < length) codes = new Uint16Array(2 * length);
    const needed = (end.at(-1) ?? 0) + length;
    if (list.length >= needed) return;
    const larger = new Int32Array(2 * needed);
    larger.set(list);
    list = larger;
  };
  /** Adds the words of the first `length` codes. */
  const add = (length: number): void => {
    const begin = end.at(-1) ?? 0;
    const count = wordsOf(codes, length, list, begin);
    hashes.push(hashOf(list, begin, begin + count));
    end.push(begin + count);
  };
  return {
    get size() {
      return end.length;
    },
    clear: () => {
      end = [];
      hashes = [];
    },
    addText: (text) => {
      reserve(text.length);
      if (foldUnits(text, foldedCode, codes)) add(text.length);
      else {
        // characters that change their neighbours need tables, which take longer
        const folded = foldText(text);
        reserve(folded.length);
        foldUnits(folded, codeOfFolded, codes);
        add(folded.length);
      }
      return text.length;
    },
    addKept: (text) => {
      reserve(text.bytes.length);
      const length = foldBytes(text, codes);
      if (length < 0) return undefined;
      add(length);
      return length;
    },
    count: (i) => end[i] - (i > 0 ? end[i - 1] : 0),
    words: (i) => list.subarray(i > 0 ? end[i - 1] : 0, end[i]),
    hash: (i) => hashes[i],
  };
}

/** Words of one text. */
export function foldedWords(text: string): FoldedWords {
  const one = wordLists();
  one.addText(text);
  return one.words(0);
}

/** Fills `codes`. @returns false where a character cannot be folded by itself */
function foldUnits(text: string, codeOf: (unit: number) => number, codes: Uint16Array): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    codes[i] = unit < ASCII.length ? ASCII[unit] : codeOf(unit);
    if (codes[i] === NOT_ALONE) return false;
  }
  return true;
}

/** Fills `codes`. @returns their number; −1 where the text has to be read as a string */
function foldBytes({ bytes, escaped }: KeptText, codes: Uint16Array): number {
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let unit = bytes[i];
    if (unit >= ASCII.length) {
      const size = sequenceAt(bytes, i);
      if (size === 0) return -1;
      unit &= size === 2 ? 0x1f : 0x0f;
      for (let more = 1; more < size; more++) unit = (unit << 6) | (bytes[++i] & 0x3f);
      unit = foldedCode(unit);
      if (unit === NOT_ALONE) return -1;
      codes[length++] = unit;
      continue;
    }
    if (escaped && unit === BACKSLASH) {
      unit = ESCAPED[bytes[++i]];
      if (unit === 0) return -1;
    }
    codes[length++] = ASCII[unit];
  }
  return length;
}

/** Bytes of the character that begins at i, where there are two or three and they are well-formed; 0 otherwise. */
function sequenceAt(bytes: Uint8Array, i: number): number {
  const first = bytes[i];
  const second = bytes[i + 1];
  if (first < 0xc2 || first >= 0xf0 || !isContinuation(second)) return 0;
  if (first < 0xe0) return 2;
  // neither a longer form of a shorter character nor half of a pair
  const isOther = (first === 0xe0 && second < 0xa0) || (first === 0xed && second >= 0xa0);
  return isOther || !isContinuation(bytes[i + 2]) ? 0 : 3;
}

const isContinuation = (byte: number) => (byte & 0xc0) === 0x80;

/** Writes hashes of the words of the first `length` codes into `list`. @returns their number */
function wordsOf(codes: Uint16Array, length: number, list: Int32Array, begin: number): number {
  let at = begin;
  let hash = 0;
  let inWord = false;
  let before = SPACE;
  for (let i = 0; i < length; i++) {
    const code = codes[i];
    let kept = code;
    if (code === HYPHEN) kept = before === SPACE && i + 1 < length && isDigit(codes[i + 1]) ? MINUS : BREAK;
    if (kept > HYPHEN) {
      hash = Math.imul(hash ^ kept, 0x01000193);
      hash ^= hash >>> 15;
      inWord = true;
    } else if (inWord) {
      list[at++] = hash;
      hash = 0;
      inWord = false;
    }
    before = code;
  }
  if (inWord) list[at++] = hash;
  return at - begin;
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

function hashOf(list: Int32Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ list[i], 0x9e3779b1) ^ (hash >>> 13);
  return hash;
}

export function sameWords(a: FoldedWords, b: FoldedWords): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

/** Words in common as a share of all words, each counted as often as it stands (Jaccard). Both sorted. */
export function overlap(a: FoldedWords, b: FoldedWords): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      common++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return common / (a.length + b.length - common);
}
