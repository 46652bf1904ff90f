import { listResponses } from '../../policy/response-policy';
import type { Finding } from '../../protocol/finding';
import { placeOf, short } from '../words';
import type { DataView } from './data-view';
import { listPlaces, unfinished, type Kind } from './places';
import { locate, MOST_TEXT } from './response-pairs';

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
  let read = 0;
  let x = 0;
  for (; x < list.prompts && read <= MOST_TEXT; x++) {
    const ids = list.response.subarray(list.start[x], list.start[x + 1]);
    const texts = Array.from(ids, (y) => table.responses.text(y));
    for (const text of texts) read += text.length;
    for (const [i, j] of alike(texts)) pairs.push([ids[i], ids[j]]);
  }
  const findings = listPlaces(KIND, locate(table, pairs), ({ a, b, record, recordOfA }) => {
    const [one, other] = [a, b].map((y) => table.responses.text(y));
    return {
      message:
        `Two responses to the same prompt are equal in their first ${commonPrefix(one, other)} characters: “${short(one)}” ` +
        `(${one.length} and ${other.length} characters long). Cut to ${TRUNCATED_AT} characters, about 512 tokens, they are ` +
        `the same text, and a language model learns nothing from their comparison.`,
      positions: [placeOf(table, record)],
      related:
        recordOfA === record
          ? []
          : [{ message: 'The other response stands here first.', position: placeOf(table, recordOfA) }],
    };
  });
  if (x === list.prompts) return findings;
  const message =
    `The responses hold more than ${MOST_TEXT / 1e6} million characters: those of the first ${x} of ${list.prompts} prompts ` +
    `were compared after truncation, the others were not.`;
  return [...findings, unfinished(KIND, message)];
}

/** Pairs each long text with the first one that begins like it. Texts that are equal to the end are no matter of length. */
function alike(texts: readonly string[]): [number, number][] {
  const pairs: [number, number][] = [];
  const byKey = new Map<string, number[]>();
  texts.forEach((text, j) => {
    if (text.length < TRUNCATED_AT) return;
    const key = text.slice(TRUNCATED_AT - KEY, TRUNCATED_AT);
    const others = byKey.get(key) ?? [];
    const cut = text.slice(0, TRUNCATED_AT);
    const twin = others.find((i) => texts[i].startsWith(cut));
    if (twin === undefined) byKey.set(key, [...others, j]);
    else if (texts[twin] !== text) pairs.push([twin, j]);
  });
  return pairs;
}

function commonPrefix(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
