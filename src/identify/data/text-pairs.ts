import type { RankingTable } from '../../dataset/table';
import { equalBeginnings } from './equal-beginnings';
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
  let read = 0;
  let x = 0;
  for (; x < table.prompts.size && read <= MOST_TEXT; x++) {
    const texts: string[] = [];
    for (let i = start[x]; i < start[x + 1]; i++) {
      const text = table.responses.text(response[i]);
      read += text.length;
      texts.push(text);
    }
    const id = (i: number) => response[start[x] + i];
    for (const { a, b, common } of nearPairs(texts)) near.push({ a: id(a), b: id(b), common });
    for (const [i, j] of equalBeginnings(texts)) equal.push([id(i), id(j)]);
  }
  return { near, equalBeginnings: equal, prompts: x };
}

/** The responses of prompt x are `response[start[x]] … response[start[x + 1] − 1]`, in order of first appearance. */
function byPrompt({ prompts, responses, responsePrompt }: RankingTable) {
  const start = new Uint32Array(prompts.size + 1);
  for (let y = 0; y < responses.size; y++) start[responsePrompt[y] + 1]++;
  for (let x = 0; x < prompts.size; x++) start[x + 1] += start[x];
  const next = start.slice(0, prompts.size);
  const response = new Int32Array(responses.size);
  for (let y = 0; y < responses.size; y++) response[next[responsePrompt[y]]++] = y;
  return { start, response };
}
