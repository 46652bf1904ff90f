import type { Finding } from '../../protocol/finding';
import { placeOf, short } from '../words';
import type { DataView } from './data-view';
import { listPlaces, unfinished, type Kind } from './places';
import { locate } from './response-pairs';
import { MOST_TEXT } from './text-pairs';

const KIND: Kind = {
  code: 'data/near-identical-responses',
  severity: 'information',
  fix: 'If they are the same answer, give them the same text, so that their records count for one response; or leave out records that compare them.',
};

/** Two responses to one prompt that are equal but for case, spaces and punctuation, or share nearly all their words. */
export function nearIdenticalResponses({ table, texts }: DataView): Finding[] {
  const { near, prompts } = texts();
  const share = new Map(
    near.filter(({ common }) => common < 1).map(({ a, b, common }) => [`${a} ${b}`, common]),
  );
  const pairs = near.map(({ a, b }) => [a, b] as const);
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
  if (prompts === table.prompts.size) return findings;
  const message =
    `The responses hold more than ${MOST_TEXT / 1e6} million characters: the first ${prompts} of ${table.prompts.size} prompts were ` +
    `searched for near-identical responses, the others were not.`;
  return [...findings, unfinished(KIND, message)];
}
