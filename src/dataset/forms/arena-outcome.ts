import { BOTH_EQUAL, FIRST_BETTER, SECOND_BETTER } from '../ranking';
import type { Ranked } from '../scores';

const OUTCOMES = new Map<string, Ranked>(
  (
    [
      [FIRST_BETTER, ['model_a', 'model_x', 'left', 'a', 'x', 'response_a']],
      [SECOND_BETTER, ['model_b', 'model_y', 'right', 'b', 'y', 'response_b']],
      [BOTH_EQUAL, ['tie', 'bothbad', 'both_bad', 'both bad', 'both', 'draw', 'equal']],
    ] as const
  ).flatMap(([outcome, words]) => words.map((word) => [word, outcome] as const)),
);

/** The ranking of two that a vote stands for, undefined where it is none. @param items what the two were */
export function outcomeOf(winner: string, items: readonly string[]): Ranked | undefined {
  if (items[0] !== items[1] && winner === items[0]) return FIRST_BETTER;
  if (items[0] !== items[1] && winner === items[1]) return SECOND_BETTER;
  const word = winner.trim().toLowerCase();
  // such as "tie (bothbad)" and "tie (inconsistent)"
  return word.startsWith('tie (') ? BOTH_EQUAL : OUTCOMES.get(word);
}

/** Fields of 0 and 1, one for each outcome of a vote, as the Chatbot Arena's competition has them. */
export const OUTCOME_FIELDS = { a: 'winner_model_a', b: 'winner_model_b', tie: 'winner_tie' } as const;

/** The ranking of two that such fields stand for, undefined unless exactly one model won or it is a tie. */
export function outcomeOfFields(get: (field: string) => unknown): Ranked | undefined {
  const holds = (field: string) => [1, '1', true, 'true', 'True'].includes(get(field) as string);
  const [a, b, tie] = [OUTCOME_FIELDS.a, OUTCOME_FIELDS.b, OUTCOME_FIELDS.tie].map(holds);
  if (Number(a) + Number(b) + Number(tie) !== 1) return undefined;
  if (tie) return BOTH_EQUAL;
  return a ? FIRST_BETTER : SECOND_BETTER;
}
