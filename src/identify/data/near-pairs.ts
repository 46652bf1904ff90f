import { overlap, sameWords, type FoldedWords, type WordLists } from './folded-words';

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
export function nearPairs(texts: WordLists): NearPair[] {
  const pairs: NearPair[] = [];
  const alike = new Map<number, number[]>(); // by hash: texts that are equal to none before them
  const long: number[] = []; // those of them that are compared word by word
  for (let i = 0; i < texts.size; i++) {
    if (texts.count(i) === 0) continue; // nothing but punctuation: there is no telling
    const bucket = alike.get(texts.hash(i));
    const twin = bucket?.find((j) => sameWords(texts.words(i), texts.words(j)));
    if (twin !== undefined) {
      pairs.push({ a: twin, b: i, common: 1 });
      continue;
    }
    if (bucket) bucket.push(i);
    else alike.set(texts.hash(i), [i]);
    if (texts.count(i) >= FEWEST_WORDS && long.length < MOST_COMPARED) long.push(i);
  }
  const sorted: FoldedWords[] = []; // by text, where it was needed
  const sortedWords = (i: number) => (sorted[i] ??= texts.words(i).slice().sort());
  for (let j = 1; j < long.length; j++) {
    const b = long[j];
    for (let i = 0; i < j; i++) {
      const a = long[i];
      if (!closeInLength(texts.count(a), texts.count(b))) continue;
      const common = overlap(sortedWords(a), sortedWords(b));
      if (common < OVERLAP) continue;
      pairs.push({ a, b, common });
      break;
    }
  }
  return pairs;
}

function closeInLength(a: number, b: number): boolean {
  return Math.min(a, b) >= OVERLAP * Math.max(a, b);
}
