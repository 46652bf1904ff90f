import { checkChoiceSet, missingOr, nameOrNone, wrongType } from '../fields';
import { isObject, readJsonLines, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import { numberOrNone, rankScores } from '../scores';
import { meanOverObjects } from '../sample';
import type { Form } from './form';

/** One instruction a line with completions of several models, each with an overall score. */
export const ultraFeedback: Form = {
  name: 'ultrafeedback',
  title: 'lines of {"instruction", "completions": [{"model", "response", "overall_score"}]}',
  endings: ['.jsonl', '.json'],
  roles: ['score'],

  fits: (sample, columns) =>
    meanOverObjects(sample, (object) => {
      const completions = child(object, 'completions');
      const first = completions && child(completions, 0);
      if (!first || !child(object, 'instruction')) return 0;
      return (child(first, 'response') ? 0.5 : 0) + (child(first, columns.score ?? SCORE) ? 0.5 : 0);
    }),

  read: async (input) => {
    const { table } = input;
    const score = input.columns.score ?? SCORE;
    table.assume(`A completion with a higher "${score}" is better; equal ones are tied.`);
    table.assume('The model that wrote a completion is its item. No field names an annotator.');
    await readJsonLines(input, (value, line) => {
      const { completions, prompt } = completionsOf(value);
      const scores = completions.map((each, i) => numberOrNone(each[score], ['completions', i, score]));
      const kept = [...completions.keys()].filter((i) => scores[i] !== undefined);
      const responses = kept.map((i) => text(completions[i], i));
      const items = kept.map((i) => nameOrNone(completions[i], 'model') ?? 'unnamed model');
      checkChoiceSet(responses, items, ['completions'], kept);
      const ranked = rankScores(kept.map((i) => scores[i]), 'higher', ['completions']); // prettier-ignore
      const place = { line: line.number, offset: line.offset };
      table.add({ prompt, responses, items, ...ranked }, place, () => placeOf(line, []));
      if (kept.length < completions.length) {
        table.tally('completions', completions.length - kept.length, withoutScore);
      }
    });
  },
};

const SCORE = 'overall_score';

const withoutScore = (count: number) =>
  `Completions without a score are left out of their choice sets: ${count}.`;

function completionsOf(value: JsonObject): { prompt: string; completions: readonly JsonObject[] } {
  const { instruction, completions } = value;
  if (typeof instruction !== 'string') throw missingOr(instruction, 'instruction', 'a string');
  if (!Array.isArray(completions)) throw missingOr(completions, 'completions', 'an array of completions');
  completions.forEach((each, i) => {
    if (!isObject(each)) throw wrongType(['completions', i], 'an object', each);
  });
  return { prompt: instruction, completions: completions as readonly JsonObject[] };
}

function text(completion: JsonObject, i: number): string {
  if (typeof completion.response === 'string') return completion.response;
  throw wrongType(['completions', i, 'response'], 'a string', completion.response);
}
