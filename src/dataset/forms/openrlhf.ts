import { scoreOfFields } from '../column-finder';
import type { ColumnNames, Form } from './form';
import { readNamedPairs } from './trl';

/** The keys that OpenRLHF's flags and its datasets use, by role. */
const KEYS = {
  prompt: ['prompt', 'question', 'query', 'instruction', 'context_messages', 'input'],
  chosen: ['chosen', 'response_chosen', 'chosen_response', 'response_j'],
  rejected: ['rejected', 'response_rejected', 'rejected_response', 'response_k'],
} as const;

/**
 * Pairs under configurable keys, as OpenRLHF reads them (--prompt_key, --chosen_key, --rejected_key): strings or messages,
 * the prompt apart or inside of both. The keys are named as columns or found among the usual ones.
 */
export const openRlhf: Form = {
  name: 'openrlhf',
  title: 'lines of pairs under other keys, such as {"question", "response_chosen", "response_rejected"}',
  endings: ['.jsonl', '.json'],
  roles: ['annotator', 'prompt', 'chosen', 'rejected'],

  fits: (sample, columns) =>
    scoreOfFields(sample, (has) => {
      const { prompt, chosen, rejected } = keysIn(has, columns);
      if (chosen === undefined || rejected === undefined) return 0;
      // pairs that TRL's own form reads as well: that is the more common name for them
      const plain = chosen === 'chosen' && rejected === 'rejected';
      return plain && (prompt === undefined || prompt === 'prompt') ? 0 : 1;
    }),

  read: async (input) => {
    const { columns, table } = input;
    await readNamedPairs(input, (value) => {
      const { prompt, chosen, rejected } = keysIn(
        (key) => value[key] !== undefined && value[key] !== null,
        columns,
      );
      const names = {
        prompt: prompt ?? 'prompt',
        chosen: chosen ?? 'chosen',
        rejected: rejected ?? 'rejected',
      };
      table.assume(
        `"${names.chosen}" is preferred to "${names.rejected}"; ` +
          (prompt === undefined ? 'no field holds the prompt.' : `"${prompt}" holds the prompt.`),
      );
      return names;
    });
  },
};

function keysIn(has: (key: string) => boolean, columns: ColumnNames) {
  const find = (role: keyof typeof KEYS) => {
    const asked = columns[role];
    return asked === undefined ? KEYS[role].find(has) : has(asked) ? asked : undefined;
  };
  return { prompt: find('prompt'), chosen: find('chosen'), rejected: find('rejected') };
}
