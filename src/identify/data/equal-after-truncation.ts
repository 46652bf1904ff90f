import type { RankingTable } from '../../dataset/table';
import { listResponses, type ResponseList } from '../../policy/response-policy';
import type { Finding } from '../../protocol/finding';
import { placeOf, short } from '../words';
import type { DataView } from './data-view';
import { listPlaces, type Kind } from './places';
import { locate } from './response-pairs';

/** UTF-16 units that a training stack is likely to keep of a response: about 512 tokens of English. */
export const TRUNCATED_AT = 2000;
/** Characters by which responses are told apart before the rest of them is compared. */
const KEY = 64;

const KIND: Kind = {
  code: 'data/equal-after-truncation',
  severity: 'information',
  fix: 'Train with a longer maximum length, or shorten what the responses have in common.',
};

/** Two long responses to one prompt that begin alike: cut to a maximum length they are equal, and their loss is zero. */
export function equalAfterTruncation({ table }: DataView): Finding[] {
  const list = listResponses(table);
  const pairs: [number, number][] = [];
  for (let x = 0; x < list.prompts; x++) pairs.push(...pairsOf(table, list, x));
  return listPlaces(KIND, locate(table, pairs), ({ a, b, record, recordOfA }) => {
    const [one, other] = [a, b].map((y) => table.responses.text(y));
    const same = commonPrefix(one, other);
    return {
      message:
        `Two responses to the same prompt are equal in their first ${same} characters: “${short(one)}” (${one.length} and ` +
        `${other.length} characters long). Cut to ${TRUNCATED_AT} characters, about 512 tokens, they are the same text, and ` +
        `a language model learns nothing from their comparison.`,
      positions: [placeOf(table, record)],
      related:
        recordOfA === record
          ? []
          : [{ message: 'The other response stands here first.', position: placeOf(table, recordOfA) }],
    };
  });
}

/** Pairs each long response with the first one that begins like it. Texts that are equal to the end are no matter of length. */
function pairsOf(table: RankingTable, { start, response }: ResponseList, x: number): [number, number][] {
  const pairs: [number, number][] = [];
  const byBeginning = new Map<string, number[]>();
  for (let i = start[x]; i < start[x + 1]; i++) {
    const text = table.responses.text(response[i]);
    if (text.length < TRUNCATED_AT) continue;
    const beginning = text.slice(TRUNCATED_AT - KEY, TRUNCATED_AT);
    const others = byBeginning.get(beginning) ?? [];
    const cut = text.slice(0, TRUNCATED_AT);
    const twin = others.find((y) => table.responses.text(y).startsWith(cut));
    if (twin === undefined) byBeginning.set(beginning, [...others, response[i]]);
    else if (table.responses.text(twin) !== text) pairs.push([twin, response[i]]);
  }
  return pairs;
}

function commonPrefix(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
