import type { ColumnNames } from './form';

export const ROLES = ['annotator', 'prompt', 'a', 'b', 'winner', 'response_a', 'response_b'] as const;
export type Role = (typeof ROLES)[number];

/** Which column of a CSV file plays which role. */
export interface ArenaColumns {
  /** By role, −1 where there is none. */
  readonly at: Readonly<Record<Role, number>>;
  /** Number of columns. */
  readonly count: number;
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

/** Finds the columns in a header: those that are named, and otherwise the usual ones, in any case. */
export function arenaColumns(header: readonly string[], named: ColumnNames): ArenaColumns {
  const lower = header.map((name) => name.trim().toLowerCase());
  const problems: string[] = [];
  const find = (role: Role, usual: readonly string[]): number => {
    const asked = named[role];
    if (asked === undefined)
      return usual.map((name) => lower.indexOf(name)).find((index) => index >= 0) ?? -1;
    const exact = header.findIndex((name) => name.trim() === asked);
    const index = exact >= 0 ? exact : lower.indexOf(asked.toLowerCase());
    if (index < 0) problems.push(`There is no column "${asked}", which was named for ${role}.`);
    return index;
  };
  const pair = USUAL_PAIRS.find((names) => names.every((name) => lower.includes(name)));
  const at = {
    annotator: find('annotator', USUAL.annotator),
    prompt: find('prompt', USUAL.prompt),
    a: find('a', pair ? [pair[0]] : USUAL_PAIRS.map(([a]) => a)),
    b: find('b', pair ? [pair[1]] : USUAL_PAIRS.map(([, b]) => b)),
    winner: find('winner', USUAL.winner),
    response_a: find('response_a', [RESPONSES[0]]),
    response_b: find('response_b', [RESPONSES[1]]),
  };
  for (const role of ['a', 'b', 'winner'] as const) {
    if (at[role] < 0 && !(role in named)) problems.push(`No column says ${MEANING[role]} (role "${role}").`);
  }
  if (at.response_a < 0 !== at.response_b < 0) {
    problems.push('There is a column with the text of one response and none with the other.');
  }
  return { at, count: header.length, problems, assumptions: assumptionsOf(at, header) };
}

const MEANING = {
  a: 'what the first of the two was',
  b: 'what the second of the two was',
  winner: 'which won',
};

function assumptionsOf(at: Readonly<Record<Role, number>>, header: readonly string[]): string[] {
  const column = (role: Role) => `"${header[at[role]]}"`;
  const sentences: string[] = [];
  if (at.a >= 0 && at.b >= 0 && at.winner >= 0) {
    sentences.push(
      `The items compared are the columns ${column('a')} and ${column('b')}; ${column('winner')} says which won, ` +
        `where a, left, model_a and model_x mean the first.`,
    );
  }
  sentences.push(
    at.annotator < 0
      ? 'No column names the annotator.'
      : `The column ${column('annotator')} names the annotator.`,
    at.prompt < 0
      ? 'No column holds the prompt: all votes are taken as answers to one.'
      : `The column ${column('prompt')} holds the prompt.`,
  );
  if (at.response_a < 0)
    sentences.push('There are no texts of the responses: the name of the item stands for them.');
  sentences.push('Votes such as "both bad" are ties.');
  return sentences;
}
