import { BREAK, codeOfFolded, foldedCode, foldText, HYPHEN, NOT_ALONE, SPACE } from './fold-characters';

/** A text as folding sees it: hashes of its words, in order. Texts that differ in more than case, spaces and punctuation differ here. */
export type FoldedWords = Int32Array;

const MINUS = 0x2212;

let words = new Int32Array(256); // of the text at hand; kept between texts

/**
 * Words of a text without case, spaces and punctuation. Symbols (+, <, 👍) stay: they carry meaning, and so does the
 * minus before a number.
 */
export function foldedWords(text: string): FoldedWords {
  const count = readWords(text, foldedCode);
  // characters that change their neighbours need tables, which take longer
  return words.slice(0, count < 0 ? readWords(foldText(text), codeOfFolded) : count);
}

/** Fills `words`. @returns their number; −1 where a character cannot be folded by itself */
function readWords(text: string, codeOf: (unit: number) => number): number {
  if (words.length <= text.length) words = new Int32Array(2 * text.length);
  let count = 0;
  let hash = 0;
  let inWord = false;
  let before = SPACE;
  let code = text.length > 0 ? codeOf(text.charCodeAt(0)) : SPACE;
  for (let i = 0; i < text.length; i++) {
    if (code === NOT_ALONE) return -1;
    const after = i + 1 < text.length ? codeOf(text.charCodeAt(i + 1)) : SPACE;
    const kept = code !== HYPHEN ? code : before === SPACE && isDigit(after) ? MINUS : BREAK;
    if (kept > HYPHEN) {
      hash = Math.imul(hash ^ kept, 0x01000193);
      hash ^= hash >>> 15;
      inWord = true;
    } else if (inWord) {
      words[count++] = hash;
      hash = 0;
      inWord = false;
    }
    before = code;
    code = after;
  }
  if (inWord) words[count++] = hash;
  return count;
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

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
