/** What `foldedCode` says of characters that are no part of a word. The codes of those that are lie above. */
export const NOT_ALONE = 1;
export const BREAK = 2;
export const SPACE = 3;
export const HYPHEN = 4;

/**
 * What a character becomes without case, or that it is no letter, mark, number or symbol; NOT_ALONE where this depends
 * on the characters beside it or makes several: then the whole text is to be folded.
 */
export function foldedCode(unit: number): number {
  if (unit >= known.length) return NOT_ALONE;
  if (known[unit] === UNKNOWN) known[unit] = foldAlone(unit);
  return known[unit];
}

const UNKNOWN = 0;
const known = new Uint16Array(0xa000);
const FINAL_SIGMA = /\u03a3/; // its lower case depends on where in a word it stands

function foldAlone(unit: number): number {
  // letters of Hangul form syllables with their neighbours, and what lies between here and there is rare
  const joins = (unit >= 0x1100 && unit < 0x2000) || (unit >= 0x2070 && unit < 0x3000);
  if (joins || (unit >= 0x3130 && unit < 0x3400)) return NOT_ALONE;
  const normal = String.fromCharCode(unit).normalize('NFKC');
  if (FINAL_SIGMA.test(normal)) return NOT_ALONE;
  const folded = normal.toLowerCase();
  if (/^\s$/u.test(folded)) return SPACE;
  if (folded === '-') return HYPHEN;
  if (/^[^\p{L}\p{M}\p{N}\p{S}\s-]+$/u.test(folded)) return BREAK;
  return /^[\p{L}\p{N}\p{S}]$/u.test(folded) && folded.length === 1 ? folded.charCodeAt(0) : NOT_ALONE;
}

/** A whole text without case, its punctuation as spaces; the minus before a number is a symbol. */
export function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=^|\s)-(?=\d)/gu, '−')
    .replace(/[^\p{L}\p{M}\p{N}\p{S}]+/gu, ' ');
}

/** The same as `foldedCode`, for the characters of a text that is folded already. */
export function codeOfFolded(unit: number): number {
  return unit >= 0x80 ? unit : foldedCode(unit);
}
