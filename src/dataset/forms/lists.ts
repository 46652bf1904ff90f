import { columnFinder, columnsOf, USUAL } from '../column-finder';
import { checkChoiceSet, missingOr, nameOrNone, parallel, strings, wrongType } from '../fields';
import { readJsonLines, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import { promptText } from '../messages';
import { numberOrNone, rankScores } from '../scores';
import type { ColumnNames, Form } from './form';

/** One prompt a line with a list of responses and, parallel to it, a list of their scores or ranks. */
export const lists: Form = {
  name: 'lists',
  title: 'lines of {"prompt", "responses": ["…", "…"], "scores": [4, 2]}, or "ranks", 1 the best',
  endings: ['.jsonl', '.json'],
  roles: ['annotator', 'prompt', 'responses', 'scores', 'ranks', 'items'],

  fits: (sample, named) => {
    const [object] = sample.objects;
    if (!object) return 0;
    const { responses, scores, ranks } = fieldsOf(columnsOf(sample), named);
    const isList = (field: string | undefined) =>
      field !== undefined && child(object, field)?.type === 'array';
    return isList(responses) && isList(scores ?? ranks) ? 0.9 : 0;
  },

  read: async (input) => {
    const { table } = input;
    let fields: ReturnType<typeof fieldsOf> | undefined;
    await readJsonLines(input, (value, line) => {
      if (!fields) {
        fields = fieldsOf(Object.keys(value), input.columns);
        for (const sentence of assumptionsOf(fields)) table.assume(sentence);
      }
      const numbers = fields.scores ?? fields.ranks ?? 'scores';
      const better = fields.scores === undefined && fields.ranks !== undefined ? 'lower' : 'higher';
      const all = strings(value, fields.responses ?? 'responses');
      const scored = listOf(value, numbers).map((each, i) => numberOrNone(each, [numbers, i]));
      parallel(scored, all, numbers);
      const names = fields.items === undefined ? undefined : strings(value, fields.items);
      if (names) parallel(names, all, fields.items ?? '');
      // without a score a response was not judged; without a rank it was offered
      const kept = [...all.keys()].filter((i) => better === 'lower' || scored[i] !== undefined);
      const responses = kept.map((i) => all[i]);
      const items = names && kept.map((i) => names[i]);
      checkChoiceSet(responses, items, [fields.responses ?? 'responses'], kept);
      const record = {
        annotator: fields.annotator === undefined ? undefined : nameOrNone(value, fields.annotator),
        prompt: fields.prompt === undefined ? 'any prompt' : promptText(value[fields.prompt], fields.prompt),
        responses,
        items,
        ...rankScores(
          kept.map((i) => scored[i]),
          better,
          [numbers],
        ),
        asShown: kept.length === all.length,
      };
      table.add(record, { line: line.number, offset: line.offset }, () => placeOf(line, []));
      const left = all.length - kept.length;
      if (left > 0) table.tally('lists', left, withoutScore);
    });
  },
};

const withoutScore = (count: number) =>
  `Responses without a score are left out of their choice sets: ${count}.`;

const RESPONSES = ['responses', 'generations', 'completions', 'answers', 'candidates', 'outputs'];
const SCORES = ['scores', 'ratings', 'rating', 'score', 'rewards'];
const RANKS = ['ranks', 'rank'];
const ITEMS = ['items', 'models', 'model_names', 'generation_models', 'systems'];

/** Which field plays which role. */
function fieldsOf(names: readonly string[], named: ColumnNames) {
  const finder = columnFinder(names, named);
  const scores = named.ranks === undefined ? finder.find('scores', SCORES) : undefined;
  return {
    annotator: finder.find('annotator', USUAL.annotator),
    prompt: finder.find('prompt', [...USUAL.prompt, 'input']),
    responses: finder.find('responses', RESPONSES),
    scores,
    ranks: scores === undefined ? finder.find('ranks', RANKS) : undefined,
    items: finder.find('items', ITEMS),
  };
}

function assumptionsOf({ annotator, prompt, scores, ranks, items }: ReturnType<typeof fieldsOf>): string[] {
  const sentences = [
    scores === undefined
      ? `"${ranks ?? 'ranks'}" are ranks: 1 is better than 2, equal ones are tied, and null means offered and not ranked.`
      : `"${scores}" are scores: higher is better, equal ones are tied.`,
    annotator === undefined
      ? 'No field names the annotator.'
      : `The field "${annotator}" names the annotator.`,
  ];
  if (prompt === undefined)
    sentences.push('No field holds the prompt: all rankings are taken as answers to one.');
  if (items !== undefined) sentences.push(`"${items}" are the items, one for each response.`);
  return sentences;
}

function listOf(value: JsonObject, field: string): readonly unknown[] {
  const list = value[field];
  if (Array.isArray(list)) return list;
  throw list === undefined
    ? missingOr(list, field, 'an array of numbers')
    : wrongType([field], 'an array of numbers', list);
}
