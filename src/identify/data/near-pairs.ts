import { foldedWords, overlap, sameWords, type FoldedWords } from './folded-words';

/** Responses of one prompt compared pair by pair; the others are compared for equality only. */
const MOST_COMPARED = 32;
/** Shorter responses may differ in the one word that matters. */
const FEWEST_WORDS = 20;
/** Share of words in common from which two responses are all but the same. */
const OVERLAP = 0.95;

/** Two of several texts, by index, the first of them earlier. */
export interface NearPair {
  readonly a: number;
  readonly b: number;
  /** The share of words in common, 1 where the folded texts are equal. */
  readonly common: number;
}

/** Texts that are equal but for case, spaces and punctuation, or share nearly all their words: each with one like it. */
export function nearPairs(texts: readonly string[]): NearPair[] {
  const pairs: NearPair[] = [];
  const words = texts.map(foldedWords);
  const alike = new Map<number, number[]>(); // hash of the folded text → places
  const different: number[] = [];
  words.forEach((each, i) => {
    if (each.length === 0) return; // nothing but punctuation: there is no telling
    const key = hashOf(each);
    const bucket = alike.get(key);
    const twin = bucket?.find((j) => sameWords(each, words[j]));
    if (twin !== undefined) {
      pairs.push({ a: twin, b: i, common: 1 });
      return;
    }
    if (bucket) bucket.push(i);
    else alike.set(key, [i]);
    if (each.length >= FEWEST_WORDS && different.length < MOST_COMPARED) different.push(i);
  });
  const sorted: FoldedWords[] = []; // by text, where it was needed
  const sortedWords = (i: number) => (sorted[i] ??= words[i].slice().sort());
  for (let j = 1; j < different.length; j++) {
    const b = different[j];
    for (let i = 0; i < j; i++) {
      const a = different[i];
      if (!closeInLength(words[a], words[b])) continue;
      const common = overlap(sortedWords(a), sortedWords(b));
      if (common < OVERLAP) continue;
      pairs.push({ a, b, common });
      break;
    }
  }
  return pairs;
}

function closeInLength(a: FoldedWords, b: FoldedWords): boolean {
  return Math.min(a.length, b.length) >= OVERLAP * Math.max(a.length, b.length);
}

function hashOf(words: FoldedWords): number {
  let hash = words.length;
  for (const word of words) hash = Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 13);
  return hash;
}
