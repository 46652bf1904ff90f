import { listResponses } from '../../policy/response-policy';
import type { Finding } from '../../protocol/finding';
import { placeOf, short } from '../words';
import type { DataView } from './data-view';
import { foldedWords, overlap, sameWords, type FoldedWords } from './folded-words';
import { listPlaces, unfinished, type Kind } from './places';
import { locate, MOST_TEXT } from './response-pairs';

/** Responses of one prompt compared pair by pair; the others are compared for equality only. */
const MOST_COMPARED = 32;
/** Shorter responses may differ in the one word that matters. */
const FEWEST_WORDS = 20;
/** Share of words in common from which two responses are all but the same. */
const OVERLAP = 0.95;

const KIND: Kind = {
  code: 'data/near-identical-responses',
  severity: 'information',
  fix: 'If they are the same answer, give them the same text, so that their records count for one response; or leave out records that compare them.',
};

/** Two responses to one prompt that are equal but for case, spaces and punctuation, or share nearly all their words. */
export function nearIdenticalResponses({ table }: DataView): Finding[] {
  const list = listResponses(table);
  const share = new Map<string, number>();
  const pairs: [number, number][] = [];
  let text = 0;
  let x = 0;
  for (; x < list.prompts && text <= MOST_TEXT; x++) {
    const ids = list.response.subarray(list.start[x], list.start[x + 1]);
    const words = Array.from(ids, (y) => {
      const each = table.responses.text(y);
      text += each.length;
      return foldedWords(each);
    });
    for (const { a, b, common } of nearPairs(ids, words)) {
      pairs.push([a, b]);
      if (common < 1) share.set(`${a} ${b}`, common);
    }
  }
  const findings = listPlaces(KIND, locate(table, pairs), ({ a, b, record, together, recordOfA }) => {
    const common = share.get(`${a} ${b}`);
    const [one, other] = [a, b].map((y) => `“${short(table.responses.text(y))}”`);
    const how =
      common === undefined
        ? 'differ in nothing but case, spaces or punctuation'
        : `have ${Math.floor(100 * common)} % of their words in common`;
    const effect = together
      ? 'Which of them was preferred says little.'
      : 'The likelihood takes them for different answers.';
    return {
      message: `Two responses to the same prompt ${how}: ${one} and ${other}. ${effect}`,
      positions: [placeOf(table, record)],
      related:
        recordOfA === record
          ? []
          : [{ message: `${one} stands here first.`, position: placeOf(table, recordOfA) }],
    };
  });
  if (x === list.prompts) return findings;
  const message =
    `The responses hold more than ${MOST_TEXT / 1e6} million characters: the first ${x} of ${list.prompts} prompts were ` +
    `searched for near-identical responses, the others were not.`;
  return [...findings, unfinished(KIND, message)];
}

/** `common`: the share of words in common, 1 where the folded texts are equal. A response is paired with one like it. */
function nearPairs(ids: Int32Array, words: readonly FoldedWords[]) {
  const pairs: { a: number; b: number; common: number }[] = [];
  const alike = new Map<number, number[]>(); // hash of the folded text → places
  const different: number[] = [];
  words.forEach((each, i) => {
    if (each.length === 0) return; // nothing but punctuation: there is no telling
    const key = hashOf(each);
    const bucket = alike.get(key) ?? [];
    const twin = bucket.find((j) => sameWords(each, words[j]));
    if (twin !== undefined) {
      pairs.push({ a: ids[twin], b: ids[i], common: 1 });
      return;
    }
    alike.set(key, [...bucket, i]);
    if (each.length >= FEWEST_WORDS && different.length < MOST_COMPARED) different.push(i);
  });
  if (different.length < 2) return pairs;
  const sorted = different.map((i) => words[i].slice().sort());
  for (let j = 1; j < different.length; j++) {
    const k = sorted.findIndex(
      (each, i) => i < j && closeInLength(each, sorted[j]) && overlap(each, sorted[j]) >= OVERLAP,
    );
    if (k >= 0)
      pairs.push({ a: ids[different[k]], b: ids[different[j]], common: overlap(sorted[k], sorted[j]) });
  }
  return pairs;
}

function closeInLength(a: FoldedWords, b: FoldedWords): boolean {
  return Math.min(a.length, b.length) >= OVERLAP * Math.max(a.length, b.length);
}

function hashOf(words: FoldedWords): number {
  return words.reduce((hash, word) => Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 13), words.length);
}
