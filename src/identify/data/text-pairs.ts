import type { Pool, RankingTable } from '../../dataset/table';
import { equalBeginnings, TRUNCATED_AT } from './equal-beginnings';
import { wordLists, type WordLists } from './folded-words';
import { nearPairs, type NearPair } from './near-pairs';

/** UTF-16 units of responses that are read; prompts beyond are not looked at, and the rules say so. */
export const MOST_TEXT = 20_000_000;

/** What the rules about texts found in one reading of the responses, which may lie on disk: pairs of response ids. */
export interface TextPairs {
  readonly near: readonly NearPair[];
  readonly equalBeginnings: readonly (readonly [number, number])[];
  /** Prompts whose responses were read, from the first on. */
  readonly prompts: number;
}

export function textPairs(table: RankingTable): TextPairs {
  const { start, response } = byPrompt(table);
  const near: NearPair[] = [];
  const equal: [number, number][] = [];
  const words = wordLists();
  let read = 0;
  let x = 0;
  for (; x < table.prompts.size && read <= MOST_TEXT; x++) {
    const own = response.subarray(start[x], start[x + 1]);
    words.clear();
    const long: number[] = []; // by id
    for (const y of own) {
      const length = addResponse(words, table.responses, y);
      read += length;
      if (length >= TRUNCATED_AT) long.push(y);
    }
    if (own.length < 2) continue;
    for (const { a, b, common } of nearPairs(words)) near.push({ a: own[a], b: own[b], common });
    if (long.length < 2) continue;
    for (const [i, j] of equalBeginnings(long.map((y) => table.responses.text(y))))
      equal.push([long[i], long[j]]);
  }
  return { near, equalBeginnings: equal, prompts: x };
}

/** Adds the words of response y. @returns its length in UTF-16 units */
function addResponse(words: WordLists, responses: Pool, y: number): number {
  const kept = responses.bytes?.(y);
  return (kept && words.addKept(kept)) ?? words.addText(responses.text(y));
}

/** The responses of prompt x are `response[start[x]] … response[start[x + 1] − 1]`, in order of first appearance. */
function byPrompt({ prompts, responsePrompt }: RankingTable) {
  const start = new Uint32Array(prompts.size + 1);
  for (const x of responsePrompt) start[x + 1]++;
  for (let x = 1; x < start.length; x++) start[x] += start[x - 1];
  const next = start.slice(0, -1);
  const response = new Int32Array(responsePrompt.length);
  for (let y = 0; y < responsePrompt.length; y++) response[next[responsePrompt[y]]++] = y;
  return { start, response };
}
