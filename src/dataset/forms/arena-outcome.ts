import { BOTH_EQUAL, FIRST_BETTER, SECOND_BETTER } from '../ranking';
import type { Ranked } from '../scores';

const OUTCOMES = new Map<string, Ranked>(
  (
    [
      [FIRST_BETTER, ['model_a', 'model_x', 'left', 'a', 'x', 'response_a']],
      [SECOND_BETTER, ['model_b', 'model_y', 'right', 'b', 'y', 'response_b']],
      [BOTH_EQUAL, ['tie', 'tie (bothbad)', 'bothbad', 'both_bad', 'both bad', 'both', 'draw', 'equal']],
    ] as const
  ).flatMap(([outcome, words]) => words.map((word) => [word, outcome] as const)),
);

/** The ranking of two that a vote stands for, undefined where it is none. @param items what the two were */
export function outcomeOf(winner: string, items: readonly string[]): Ranked | undefined {
  if (items[0] !== items[1] && winner === items[0]) return FIRST_BETTER;
  if (items[0] !== items[1] && winner === items[1]) return SECOND_BETTER;
  return OUTCOMES.get(winner.trim().toLowerCase());
}
