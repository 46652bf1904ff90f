import { columnsOf, textIn } from '../column-finder';
import { checkChoiceSet, missingOr } from '../fields';
import { textOf, type Message } from '../messages';
import { readNamedRows, type NamedRow } from '../named-rows';
import { RecordFault } from '../record-fault';
import { rowGroups, type GroupedRow } from '../row-groups';
import { numberOrNone, rankScores } from '../scores';
import type { Form, FormInput } from './form';

const COLUMNS = ['conversation_id', 'user_id', 'turn', 'user_prompt', 'model_response', 'score'];

/** PRISM's utterances: one row for each response to a turn of a conversation, scored from 1 to 100 by its user. */
export const prism: Form = {
  name: 'prism',
  title:
    'rows of {"conversation_id", "user_id", "turn", "user_prompt", "model_response", "model_name", "score"}',
  endings: ['.jsonl', '.csv'],
  roles: [],

  fits: (sample) => {
    const columns = new Set(columnsOf(sample));
    return COLUMNS.filter((name) => columns.has(name)).length === COLUMNS.length ? 1 : 0;
  },

  read: async (input) => {
    const { table } = input;
    table.assume(
      'Responses to the same turn of a conversation are one choice; a higher score is better, equal ones are tied.',
    );
    table.assume(
      'The prompt is the conversation up to the turn, with the responses that its user chose. Models are the items.',
    );
    const conversations = rowGroups(3);
    await readNamedRows(input, {
      columns: (names) =>
        COLUMNS.filter((name) => !names.includes(name)).map((name) => `There is no column "${name}".`),
      row: (row) => {
        const key = [required(row, 'user_id'), required(row, 'conversation_id')];
        const turn = numberOrNone(row.get('turn'), ['turn']);
        if (turn === undefined) throw missingOr(undefined, 'turn', 'a number');
        const score = numberOrNone(row.get('score'), ['score']);
        const texts = [key[0], required(row, 'user_prompt'), required(row, 'model_response'), textIn(row, 'model_name') ?? null]; // prettier-ignore
        conversations.add(key, { texts, numbers: [turn, score ?? NaN, isTrue(row.get('if_chosen')) ? 1 : 0], place: row.place }); // prettier-ignore
      },
    });
    await conversations.each(input, (rows) => {
      readConversation(rows, input);
    });
  },
};

function required(row: NamedRow, column: string): string {
  const text = textIn(row, column);
  if (text === undefined) throw missingOr(undefined, column, 'a text');
  return text;
}

const isTrue = (value: unknown) => value === true || value === 1 || /^(true|1)$/i.test(String(value));

function readConversation(rows: readonly GroupedRow[], { table, log }: FormInput): void {
  const turns = groupByTurn(rows);
  const before: Message[] = [];
  for (const turn of [...turns.keys()].sort((a, b) => a - b)) {
    const own = turns.get(turn)!;
    const asked = own[0].texts[1] ?? '';
    const scored = own.filter(({ numbers }) => !Number.isNaN(numbers[1]));
    if (scored.length < own.length) table.tally('prism', own.length - scored.length, (count) => `Responses without a score are left out of their choice sets: ${count}.`); // prettier-ignore
    if (scored.length < 2)
      table.tally('prism turns', 1, (count) => `Turns with fewer than two scored responses make no record: ${count}.`); // prettier-ignore
    else {
      const { place } = scored[0];
      try {
        addTurn(scored, textOf([...before, { role: 'user', content: asked }]), table);
      } catch (error) {
        if (!(error instanceof RecordFault)) throw error;
        log.unused(
          { code: error.code, message: error.message, fix: error.fix },
          { line: place.line, column: 1 },
        );
      }
    }
    const chosen = own.find(({ numbers }) => numbers[2] === 1);
    before.push({ role: 'user', content: asked });
    if (chosen) before.push({ role: 'assistant', content: chosen.texts[2] ?? '' });
  }
}

function groupByTurn(rows: readonly GroupedRow[]): Map<number, GroupedRow[]> {
  const turns = new Map<number, GroupedRow[]>();
  for (const row of rows) {
    const own = turns.get(row.numbers[0]);
    if (own) own.push(row);
    else turns.set(row.numbers[0], [row]);
  }
  return turns;
}

function addTurn(rows: readonly GroupedRow[], prompt: string, table: FormInput['table']): void {
  const responses = rows.map(({ texts }) => texts[2] ?? '');
  const items = rows.map(({ texts }) => texts[3] ?? 'unnamed model');
  checkChoiceSet(responses, items);
  const ranked = rankScores(rows.map(({ numbers }) => numbers[1]), 'higher'); // prettier-ignore
  const { place } = rows[0];
  const record = { annotator: rows[0].texts[0] ?? undefined, prompt, responses, items, ...ranked };
  table.add(record, place, () => ({ line: place.line, column: 1 }));
}
