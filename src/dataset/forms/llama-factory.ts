import { scoreOfFields } from '../column-finder';
import { missingOr, wrongType } from '../fields';
import { isObject, type JsonObject } from '../json-lines';
import { textOf, type Message } from '../messages';
import type { Form } from './form';
import { instructionOf } from './pandalm';
import { readPairs } from './trl';

/**
 * LLaMA-Factory's preference data: the alpaca layout (instruction, input, chosen, rejected, and system and history where
 * there are any) and the sharegpt layout (conversations, and chosen and rejected as {from, value}).
 */
export const llamaFactory: Form = {
  name: 'llama-factory',
  title:
    'a JSON array or lines of {"instruction", "input", "chosen", "rejected"}, or of {"conversations", …}',
  endings: ['.json', '.jsonl'],
  roles: ['annotator', 'prompt', 'query', 'chosen', 'rejected', 'messages', 'system', 'history'],

  fits: (sample, columns) => {
    const names = namesOf(columns);
    return scoreOfFields(sample, (has) => {
      if (!(has(names.prompt) || has(names.messages)) || has('response1')) return 0;
      return (has(names.chosen) ? 0.5 : 0) + (has(names.rejected) ? 0.5 : 0);
    });
  },

  read: async (input) => {
    const names = namesOf(input.columns);
    input.table.assume(
      `The prompt is "${names.system}" and "${names.history}" where there are any, then "${names.prompt}" and, below it, ` +
        `"${names.query}"; or all of "${names.messages}".`,
    );
    await readPairs(input, input.columns.annotator, (value) => ({
      prompt: promptOf(value, names),
      chosen: answerOf(value, names.chosen),
      rejected: answerOf(value, names.rejected),
      rejectedField: names.rejected,
    }));
  },
};

const namesOf = (columns: Readonly<Partial<Record<string, string>>>) => ({
  prompt: columns.prompt ?? 'instruction',
  query: columns.query ?? 'input',
  chosen: columns.chosen ?? 'chosen',
  rejected: columns.rejected ?? 'rejected',
  messages: columns.messages ?? 'conversations',
  system: columns.system ?? 'system',
  history: columns.history ?? 'history',
});
type Names = ReturnType<typeof namesOf>;

function promptOf(value: JsonObject, names: Names): string {
  const turns: Message[] = [];
  const system = value[names.system];
  if (typeof system === 'string' && system.trim() !== '') turns.push({ role: 'system', content: system });
  const said = value[names.messages];
  if (said !== undefined && said !== null) {
    if (!Array.isArray(said)) throw wrongType([names.messages], 'an array of messages', said);
    turns.push(...said.map((each: unknown, i) => turnOf(each, [names.messages, i])));
    return textOf(turns);
  }
  const history = value[names.history] ?? [];
  if (!Array.isArray(history)) throw wrongType([names.history], 'an array of pairs of strings', history);
  history.forEach((pair: unknown, i) => {
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((each) => typeof each === 'string'))
      throw wrongType([names.history, i], 'a question and its answer, two strings', pair);
    const [question, answer] = pair as [string, string];
    turns.push({ role: 'user', content: question }, { role: 'assistant', content: answer });
  });
  turns.push({ role: 'user', content: instructionOf(value, names.prompt, names.query) });
  return textOf(turns);
}

const ROLES = new Map([
  ['human', 'user'],
  ['gpt', 'assistant'],
]);

/** A message as {from, value} or {role, content}. */
function turnOf(message: unknown, path: readonly (string | number)[]): Message {
  if (isObject(message)) {
    const role = message.from ?? message.role;
    const content = message.value ?? message.content;
    if (typeof role === 'string' && typeof content === 'string')
      return { role: ROLES.get(role) ?? role, content };
  }
  throw wrongType(path, 'a message {"from", "value"}', message);
}

function answerOf(value: JsonObject, field: string): string {
  const answer = value[field];
  if (typeof answer === 'string') return answer;
  if (isObject(answer)) return turnOf(answer, [field]).content;
  throw missingOr(answer, field, 'a string or a message {"from", "value"}');
}
