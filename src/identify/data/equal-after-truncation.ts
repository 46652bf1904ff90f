import type { Finding } from '../../protocol/finding';
import { placeOf, short } from '../words';
import type { DataView } from './data-view';
import { TRUNCATED_AT } from './equal-beginnings';
import { listPlaces, unfinished, type Kind } from './places';
import { locate } from './response-pairs';
import { MOST_TEXT } from './text-pairs';

const KIND: Kind = {
  code: 'data/equal-after-truncation',
  severity: 'information',
  fix: 'Train with a longer maximum length, or shorten what the responses have in common.',
};

/** Two long responses to one prompt that begin alike: cut to a maximum length they are equal, and their loss is zero. */
export function equalAfterTruncation({ table, texts }: DataView): Finding[] {
  const { equalBeginnings: pairs, prompts } = texts();
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
  if (prompts === table.prompts.size) return findings;
  const message =
    `The responses hold more than ${MOST_TEXT / 1e6} million characters: those of the first ${prompts} of ${table.prompts.size} prompts ` +
    `were compared after truncation, the others were not.`;
  return [...findings, unfinished(KIND, message)];
}

function commonPrefix(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
