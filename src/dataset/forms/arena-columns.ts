import { columnFinder } from '../column-finder';
import { OUTCOME_FIELDS } from './arena-outcome';
import type { ColumnNames } from './form';

export const ROLES = ['annotator', 'prompt', 'a', 'b', 'winner', 'response_a', 'response_b'] as const;
export type Role = (typeof ROLES)[number];

/** Which column of a table of votes plays which role. */
export interface ArenaColumns {
  /** By role; undefined where there is none. */
  readonly at: Readonly<Record<Role, string | undefined>>;
  /** Whether there is a column of 0 and 1 for each outcome, instead of one that names the winner. */
  readonly byOutcome: boolean;
  /** What makes the file unreadable, in sentences. */
  readonly problems: readonly string[];
  readonly assumptions: readonly string[];
}

const USUAL: Readonly<Record<'annotator' | 'prompt' | 'winner', readonly string[]>> = {
  annotator: [
    'annotator',
    'annotator_id',
    'judge',
    'judge_id',
    'worker',
    'worker_id',
    'rater',
    'rater_id',
    'user',
    'user_id',
  ],
  prompt: ['prompt', 'prompt_id', 'question', 'question_id'],
  winner: ['winner', 'preference', 'vote'],
};
// where a file has several, the earlier is the more telling: LLMFAO names models in left/right, numbers in model_x/model_y
const USUAL_PAIRS = [
  ['model_a', 'model_b'],
  ['left', 'right'],
  ['model_x', 'model_y'],
  ['a', 'b'],
] as const;
const RESPONSES = ['response_a', 'response_b'] as const;

/** Finds the columns: those that are named, and otherwise the usual ones, in any case. */
export function arenaColumns(columns: readonly string[], named: ColumnNames): ArenaColumns {
  const lower = columns.map((name) => name.trim().toLowerCase());
  const finder = columnFinder(columns, named);
  const pair = USUAL_PAIRS.find((names) => names.every((name) => lower.includes(name)));
  const at = {
    annotator: finder.find('annotator', USUAL.annotator),
    prompt: finder.find('prompt', USUAL.prompt),
    a: finder.find('a', pair ? [pair[0]] : USUAL_PAIRS.map(([a]) => a)),
    b: finder.find('b', pair ? [pair[1]] : USUAL_PAIRS.map(([, b]) => b)),
    winner: finder.find('winner', USUAL.winner),
    response_a: finder.find('response_a', [RESPONSES[0]]),
    response_b: finder.find('response_b', [RESPONSES[1]]),
  };
  const byOutcome =
    at.winner === undefined &&
    !('winner' in named) &&
    [OUTCOME_FIELDS.a, OUTCOME_FIELDS.b].every((name) => columns.includes(name));
  const problems = [...finder.problems];
  for (const role of ['a', 'b', 'winner'] as const) {
    if (at[role] === undefined && !(role in named) && !(role === 'winner' && byOutcome))
      problems.push(`No column says ${MEANING[role]} (role "${role}").`);
  }
  if ((at.response_a === undefined) !== (at.response_b === undefined)) {
    problems.push('There is a column with the text of one response and none with the other.');
  }
  return { at, byOutcome, problems, assumptions: assumptionsOf(at, byOutcome) };
}

const MEANING = {
  a: 'what the first of the two was',
  b: 'what the second of the two was',
  winner: 'which won',
};

function assumptionsOf(at: ArenaColumns['at'], byOutcome: boolean): string[] {
  const sentences: string[] = [];
  if (byOutcome) {
    const columns = `"${OUTCOME_FIELDS.a}", "${OUTCOME_FIELDS.b}" and "${OUTCOME_FIELDS.tie}"`;
    sentences.push(
      `The items compared are the columns "${at.a}" and "${at.b}"; a 1 in one of ${columns} says which won.`,
    );
  }
  if (at.a !== undefined && at.b !== undefined && at.winner !== undefined) {
    sentences.push(
      `The items compared are the columns "${at.a}" and "${at.b}"; "${at.winner}" says which won, ` +
        `where a, left, model_a and model_x mean the first.`,
    );
  }
  sentences.push(
    at.annotator === undefined
      ? 'No column names the annotator.'
      : `The column "${at.annotator}" names the annotator.`,
    at.prompt === undefined
      ? 'No column holds the prompt: all votes are taken as answers to one.'
      : `The column "${at.prompt}" holds the prompt.`,
  );
  if (at.response_a === undefined)
    sentences.push('There are no texts of the responses: the name of the item stands for them.');
  sentences.push('Votes such as "both bad" are ties.');
  return sentences;
}
