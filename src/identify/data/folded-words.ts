/** A text as folding sees it: hashes of its words, in order. Texts that differ in more than case, spaces and punctuation differ here. */
export type FoldedWords = Int32Array;

const MINUS = 0x2212;

/**
 * Words of a text without case, spaces and punctuation. Symbols (+, <, 👍) stay: they carry meaning, and so does the
 * minus before a number.
 */
export function foldedWords(text: string): FoldedWords {
  // most text is ASCII, which needs no tables of characters
  const plain = isAscii(text) ? text : fold(text);
  let words = new Int32Array(16 + (plain.length >> 2));
  let count = 0;
  let hash = 0;
  let inWord = false;
  let before = 0x20;
  for (let i = 0; i <= plain.length; i++) {
    const code = i < plain.length ? plain.charCodeAt(i) : 0x20;
    const kept = keptCode(code, before, i + 1 < plain.length ? plain.charCodeAt(i + 1) : 0x20);
    before = code;
    if (kept > 0) {
      hash = Math.imul(hash ^ kept, 0x01000193);
      hash ^= hash >>> 15;
      inWord = true;
    } else if (inWord) {
      if (count === words.length) {
        const larger = new Int32Array(2 * count);
        larger.set(words);
        words = larger;
      }
      words[count++] = hash;
      hash = 0;
      inWord = false;
    }
  }
  return words.slice(0, count);
}

/** The character that stands for this one, or 0 where a word ends. */
function keptCode(code: number, before: number, after: number): number {
  if (code >= 0x80) return code;
  if (isDigit(code) || (code >= 0x61 && code <= 0x7a)) return code;
  if (code >= 0x41 && code <= 0x5a) return code | 0x20;
  if (code === 0x2d) return before <= 0x20 && isDigit(after) ? MINUS : 0;
  return '$+<=>^`|~'.includes(String.fromCharCode(code)) ? code : 0;
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=^|\s)-(?=\d)/gu, '−')
    .replace(/[^\p{L}\p{M}\p{N}\p{S}]+/gu, ' ');
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
