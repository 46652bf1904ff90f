import { checkChoiceSet, missingOr, nameOrNone, wrongType } from '../fields';
import { isObject, readJsonLines, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import { FIRST_BETTER, SECOND_BETTER } from '../ranking';
import { RecordFault } from '../record-fault';
import { meanOverObjects } from '../sample';
import type { Ranked } from '../scores';
import type { Form } from './form';

/** OpenAI's comparisons of summaries, one a line: who judged, what was summarised, two summaries and the choice. */
export const openAiSummaries: Form = {
  name: 'openai-summaries',
  title: 'lines of {"info": {"post"}, "summaries": [{"text", "policy"}, {…}], "choice": 0, "worker"}',
  endings: ['.jsonl', '.json'],
  roles: ['annotator'],

  fits: (sample) =>
    meanOverObjects(sample, (object) =>
      child(object, 'summaries')?.type === 'array' && child(object, 'choice') && child(object, 'info')
        ? 1
        : 0,
    ),

  read: async (input) => {
    const { table } = input;
    const worker = input.columns.annotator ?? 'worker';
    table.assume(`"${worker}" names the annotator; "choice" is the better summary, counted from 0.`);
    table.assume(
      'The policy that wrote a summary is its item. The prompt is the title and the text below it.',
    );
    await readJsonLines(input, (value, line) => {
      const { texts, items } = summariesOf(value);
      checkChoiceSet(texts, items, ['summaries']);
      const record = {
        annotator: nameOrNone(value, worker),
        prompt: promptOf(value),
        responses: texts,
        items,
        ...choiceOf(value),
        asShown: true,
      };
      table.add(record, { line: line.number, offset: line.offset }, () => placeOf(line, []));
    });
  },
};

function summariesOf({ summaries }: JsonObject): { texts: string[]; items: string[] } {
  if (!Array.isArray(summaries)) throw missingOr(summaries, 'summaries', 'an array of two summaries');
  if (summaries.length !== 2) {
    const message = `There are ${summaries.length} summaries; a choice is between two.`;
    throw new RecordFault('form/length-mismatch', ['summaries'], message);
  }
  const each = summaries.map((summary: unknown, i) => {
    if (!isObject(summary)) throw wrongType(['summaries', i], 'an object', summary);
    if (typeof summary.text !== 'string') throw wrongType(['summaries', i, 'text'], 'a string', summary.text);
    return { text: summary.text, item: nameOrNone(summary, 'policy') ?? 'unnamed policy' };
  });
  return { texts: each.map(({ text }) => text), items: each.map(({ item }) => item) };
}

/** A post, or an article where there is none. */
function promptOf({ info }: JsonObject): string {
  if (!isObject(info)) throw missingOr(info, 'info', 'what was summarised');
  const text = info.post ?? info.article;
  if (typeof text !== 'string') throw missingOr(undefined, 'post', 'the text that was summarised');
  return typeof info.title === 'string' && info.title.trim() !== '' ? `${info.title}\n\n${text}` : text;
}

function choiceOf({ choice }: JsonObject): Ranked {
  if (choice === 0) return FIRST_BETTER;
  if (choice === 1) return SECOND_BETTER;
  const message =
    choice === undefined || choice === null
      ? 'This line makes no choice.'
      : 'A choice is 0 or 1, the better summary.';
  throw new RecordFault(
    'form/unknown-winner',
    ['choice'],
    message,
    'Write 0 for the first summary, 1 for the second.',
  );
}
