import { checkChoiceSet, missingOr, nameOrNone, wrongType } from '../fields';
import { isObject, readJsonLines, useRecord, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import type { Line } from '../lines';
import { messages, promptText, textOf } from '../messages';
import { rankGroups, tieTooLarge, LARGEST_TIE } from '../ranking';
import { RecordFault, type JsonPath } from '../record-fault';
import { meanOverObjects } from '../sample';
import type { Form, FormInput } from './form';

/** Which of an assessment's rankings is read where none is named. */
const BLOCK = 'world';

/**
 * One prompt a line with lettered responses and the assessments of several annotators, each with rankings such as
 * "B>A=C>D" under `ranking_blocks`. An assessment has rankings of several kinds: one kind is read.
 */
export const coval: Form = {
  name: 'coval',
  title:
    'lines of {"prompt", "responses", "metadata": {"assessments": [{"annotator_id", "ranking_blocks"}]}}',
  endings: ['.jsonl', '.json'],
  roles: ['block'],

  fits: (sample) =>
    meanOverObjects(sample, (object) => {
      const metadata = child(object, 'metadata') ?? object;
      const list = child(metadata, 'assessments');
      const first = list && child(list, 0);
      if (!first) return 0;
      return (child(first, 'ranking_blocks') ? 0.5 : 0) + (child(object, 'responses') ? 0.5 : 0);
    }),

  read: async (input) => {
    const block = input.columns.block ?? BLOCK;
    input.table.assume(
      `The rankings "${block}" of each assessment are read; name others with the column "block".`,
    );
    input.table.assume(
      'In a ranking, > means better than and = means tied; responses it leaves out were offered, not ranked.',
    );
    await readJsonLines(input, (value, line) => {
      const responses = responsesOf(value);
      checkChoiceSet(responses.map(({ text }) => text));
      const prompt = promptOf(value.prompt);
      const [list, path] = assessmentsOf(value);
      list.forEach((assessment, i) => {
        useRecord(line, input.log, [...path, i], () => {
          readAssessment(assessment, block, { prompt, responses, line, path: [...path, i] }, input);
        });
      });
    });
  },
};

interface Response {
  readonly name: string;
  readonly text: string;
}

interface Compared {
  readonly prompt: string;
  readonly responses: readonly Response[];
  readonly line: Line;
  readonly path: JsonPath;
}

function promptOf(prompt: unknown): string {
  if (isObject(prompt) && Array.isArray(prompt.messages)) return textOf(messages(prompt.messages, ['prompt', 'messages'])); // prettier-ignore
  return promptText(prompt, 'prompt');
}

/** Responses by letter: named by a field, or A, B, … in the order of the file. */
function responsesOf({ responses }: JsonObject): readonly Response[] {
  if (!Array.isArray(responses)) throw missingOr(responses, 'responses', 'an array of responses');
  return responses.map((each: unknown, i) => {
    const letter = String.fromCharCode(65 + (i % 26));
    if (typeof each === 'string') return { name: letter, text: each };
    if (!isObject(each)) throw wrongType(['responses', i], 'a string or an object', each);
    const name = ['response_index', 'index', 'label', 'id'].map((field) => each[field]).find((it) => typeof it === 'string'); // prettier-ignore
    return { name: typeof name === 'string' ? name : letter, text: responseText(each, i) };
  });
}

function responseText(response: JsonObject, i: number): string {
  const content = response.messages ?? response.content ?? response.text ?? response.response;
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return textOf(messages(content, ['responses', i, 'messages']));
  throw new RecordFault('form/missing-field', ['responses', i], 'This response has neither "messages" nor "content".'); // prettier-ignore
}

function assessmentsOf(value: JsonObject): [readonly unknown[], JsonPath] {
  const inside = isObject(value.metadata) && value.metadata.assessments !== undefined;
  const list = inside ? (value.metadata as JsonObject).assessments : value.assessments;
  const path = inside ? ['metadata', 'assessments'] : ['assessments'];
  if (Array.isArray(list)) return [list, path];
  if (list === undefined) throw missingOr(list, 'assessments', 'an array of assessments');
  throw wrongType(path, 'an array of assessments', list);
}

function readAssessment(assessment: unknown, block: string, compared: Compared, { table }: FormInput): void {
  if (!isObject(assessment)) throw wrongType([], 'an object', assessment);
  const blocks = assessment.ranking_blocks;
  const found: unknown = isObject(blocks) ? blocks[block] : undefined;
  const list = Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
  if (list.length === 0) {
    table.tally('coval', 1, (count) => `Assessments without a ranking "${block}" make no record: ${count}.`);
    return;
  }
  const { prompt, responses, line } = compared;
  const path = ['ranking_blocks', block, ...(Array.isArray(found) ? [0] : [])];
  const entry: unknown = list[0];
  const text = isObject(entry) ? entry.ranking : entry;
  const at = isObject(entry) ? [...path, 'ranking'] : path;
  if (typeof text !== 'string') throw wrongType(at, 'a string such as "B>A=C>D"', text);
  if (list.length > 1) table.tally('coval more', list.length - 1, (count) => `Further rankings "${block}" of the same assessment are not read: ${count}.`); // prettier-ignore
  const groups = groupsOf(text, responses, at);
  const order: number[] = [];
  const level: number[] = [];
  rankGroups(groups, responses.length, order, level);
  const annotator = nameOrNone(assessment, 'annotator_id') ?? nameOrNone(assessment, 'assessor_id');
  const record = { annotator, prompt, responses: responses.map((each) => each.text), order, level };
  table.add(record, { line: line.number, offset: line.offset }, () =>
    placeOf(line, [...compared.path, ...at]),
  );
}

/** "B>A=C" as groups of indices, best first. */
function groupsOf(text: string, responses: readonly Response[], path: JsonPath): number[][] {
  if (text.trim() === '') throw new RecordFault('form/empty-ranking', path, 'This ranking is empty.');
  const seen = new Set<number>();
  return text.split('>').map((tier) => {
    const group = tier.split('=').map((name) => {
      const index = responses.findIndex((each) => each.name === name.trim());
      if (index < 0) {
        const known = responses.map((each) => each.name).join(', ');
        const message = `"${name.trim().slice(0, 40)}" names no response; there are ${known}.`;
        throw new RecordFault('form/bad-order', path, message, 'Write rankings as "B>A=C>D".');
      }
      if (seen.has(index)) throw new RecordFault('form/duplicate-index', path, `Response ${name.trim()} is ranked twice.`); // prettier-ignore
      seen.add(index);
      return index;
    });
    if (group.length > LARGEST_TIE) throw tieTooLarge(path, group.length);
    return group;
  });
}
