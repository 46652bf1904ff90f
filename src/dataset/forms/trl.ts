import type { JsonObject } from '../json-lines';
import { isObject } from '../json-lines';
import { messages, promptText, textOf, type Message } from '../messages';
import { FIRST_BETTER } from '../ranking';
import { RecordFault } from '../record-fault';
import type { TableBuilder } from '../table-builder';
import { scoreOfFields } from '../column-finder';
import { missingOr, nameOrNone } from '../fields';
import { readNamedRows } from '../named-rows';
import type { ColumnNames, Form, FormInput } from './form';

const ANNOTATOR = ['annotator', 'annotator_id'];

/** One preferred and one rejected answer. */
export interface Pair {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  /** Field of the rejected answer; "rejected" where absent. */
  readonly rejectedField?: string;
}

/**
 * Pairs as TRL's DPOTrainer takes them: prompt, chosen, rejected, each a string or messages; or the columns of a table.
 * Without a prompt it is what chosen and rejected begin with alike.
 */
export const trl: Form = {
  name: 'trl',
  title: 'lines of {"prompt", "chosen", "rejected"}, strings or messages; or CSV with these columns',
  endings: ['.jsonl', '.ndjson'],
  roles: ['annotator', 'prompt', 'chosen', 'rejected'],

  fits: (sample, columns) => {
    const { chosen, rejected } = fieldNames(columns);
    return scoreOfFields(sample, (has) => (has(chosen) ? 0.5 : 0) + (has(rejected) ? 0.5 : 0));
  },

  found: (columns, named) => {
    const names = fieldNames(named);
    return {
      ...names,
      prompt: columns.includes(names.prompt) ? names.prompt : undefined,
      annotator: names.annotator ?? ANNOTATOR.find((name) => columns.includes(name)),
    };
  },

  read: async (input) => {
    const names = fieldNames(input.columns);
    await readNamedPairs(input, () => names);
  },
};

/** Reads each line as a pair under the names that it has: strings or messages, the prompt apart or inside of both. */
export async function readNamedPairs(
  input: FormInput,
  namesOf: (value: JsonObject) => Omit<Names, 'annotator'>,
): Promise<void> {
  await readPairs(input, input.columns.annotator, (value) => {
    const names = namesOf(value);
    return { ...pairOf(value, names, input.table), rejectedField: names.rejected };
  });
}

type Names = ReturnType<typeof fieldNames>;

const fieldNames = (columns: Readonly<Partial<Record<string, string>>>) => ({
  annotator: columns.annotator,
  prompt: columns.prompt ?? 'prompt',
  chosen: columns.chosen ?? 'chosen',
  rejected: columns.rejected ?? 'rejected',
});

/**
 * Reads each object, or row of a table, as a pair; a field named `annotator` or `annotator_id` is taken where no other is
 * named.
 */
export async function readPairs(
  input: FormInput,
  annotatorField: string | undefined,
  pair: (value: JsonObject) => Pair,
): Promise<void> {
  let field = annotatorField;
  await readNamedRows(input, {
    columns: (names, kind) => {
      field ??= ANNOTATOR.find((name) => names.includes(name));
      input.table.assume(
        field === undefined
          ? 'No field names the annotator; name one with the column "annotator" if there is one.'
          : `The field "${field}" names the annotator.`,
      );
      // objects may each have other fields
      return kind === 'object' ? [] : absent(input.columns, names);
    },
    row: (row) => {
      const value = row.all();
      const annotator = field === undefined ? undefined : nameOrNone(value, field);
      const { prompt, chosen, rejected, rejectedField = 'rejected' } = pair(value);
      if (chosen === rejected) throw sameText(rejectedField);
      const responses = [chosen, rejected];
      input.table.add({ annotator, prompt, responses, ...FIRST_BETTER }, row.place, () => row.position());
    },
  });
}

/** Columns that were named and are not there. */
function absent(named: ColumnNames, columns: readonly string[]): string[] {
  return Object.entries(named)
    .filter(([, name]) => name !== undefined && !columns.includes(name))
    .map(([role, name]) => `There is no column "${name}", which was named for ${role}.`);
}

function sameText(field: string): RecordFault {
  const message = 'The chosen and the rejected response are the same text.';
  return new RecordFault(
    'form/duplicate-response',
    [field],
    message,
    'Remove the record: it prefers nothing.',
  );
}

function pairOf(value: JsonObject, names: Omit<Names, 'annotator'>, table: TableBuilder): Pair {
  const chosen = answer(value, names.chosen);
  const rejected = answer(value, names.rejected);
  if (value[names.prompt] !== undefined && value[names.prompt] !== null) {
    const [own, other] = withoutPrompt(chosen, rejected, table);
    return {
      prompt: promptText(value[names.prompt], names.prompt),
      chosen: whole(own),
      rejected: whole(other),
    };
  }
  if (typeof chosen === 'string' && typeof rejected === 'string') {
    table.assume(
      'Records without a prompt: it is the words that the chosen and the rejected text begin with alike.',
    );
    const length = commonWords(chosen, rejected);
    const prompt = chosen.slice(0, length);
    return { prompt: prompt.trimEnd(), chosen: chosen.slice(length), rejected: rejected.slice(length) };
  }
  if (typeof chosen !== 'string' && typeof rejected !== 'string') {
    table.assume('Records without a prompt: it is the messages that chosen and rejected begin with alike.');
    const length = commonMessages(chosen, rejected);
    const [prompt, ...answers] = [chosen.slice(0, length), chosen.slice(length), rejected.slice(length)].map(
      textOf,
    );
    return { prompt, chosen: answers[0], rejected: answers[1] };
  }
  const message = 'One of the two answers is a string and the other an array of messages.';
  throw new RecordFault('form/wrong-type', [names.rejected], message, 'Write both in the same way.');
}

/** The answers without the user's messages that both begin with: some datasets repeat the prompt there. */
function withoutPrompt(chosen: Answer, rejected: Answer, table: TableBuilder): readonly [Answer, Answer] {
  if (typeof chosen === 'string' || typeof rejected === 'string') return [chosen, rejected];
  const length = commonMessages(chosen, rejected);
  if (length === 0 || chosen[length - 1].role !== 'user') return [chosen, rejected];
  table.assume(
    'Messages that chosen and rejected begin with alike, up to one of the user, repeat the prompt: they are left out.',
  );
  return [chosen.slice(length), rejected.slice(length)];
}

type Answer = string | readonly Message[];

function answer(value: JsonObject, field: string): Answer {
  const found = value[field];
  if (typeof found === 'string') return found;
  if (isObject(found)) return messages([found], [field]);
  if (Array.isArray(found)) return messages(found, [field]);
  throw missingOr(found, field, 'a string or an array of messages');
}

const whole = (found: Answer) => (typeof found === 'string' ? found : textOf(found));

/** How many characters two texts share at the beginning. */
export function commonLength(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let length = 0;
  while (length < shorter && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** The common beginning up to the end of a word: half a word is no prompt. */
function commonWords(a: string, b: string): number {
  let length = commonLength(a, b);
  while (length > 0 && !/\s/.test(a[length - 1])) length--;
  return length;
}

function commonMessages(a: readonly Message[], b: readonly Message[]): number {
  const equal = (i: number) => a[i].role === b[i].role && a[i].content === b[i].content;
  let length = 0;
  while (length < a.length && length < b.length && equal(length)) length++;
  return length;
}
