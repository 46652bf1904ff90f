import { checkChoiceSet, missingOr, nameOrNone, wrongType } from '../fields';
import { isObject, readJsonLines } from '../json-lines';
import { child, placeOf } from '../json-place';
import { numberOrNone, rankScores } from '../scores';
import { meanOverObjects } from '../sample';
import type { Form } from './form';

/** One prompt a line with answers of several models, ranked from 1, the best. */
export const nectar: Form = {
  name: 'nectar',
  title: 'lines of {"prompt", "answers": [{"answer", "model", "rank"}]}',
  endings: ['.jsonl', '.json'],
  roles: [],

  fits: (sample) =>
    meanOverObjects(sample, (object) => {
      const answers = child(object, 'answers');
      const first = answers && child(answers, 0);
      return first && child(first, 'answer') && child(first, 'rank') ? 1 : 0;
    }),

  read: async (input) => {
    const { table } = input;
    table.assume(
      'Rank 1 is the best; equal ranks are tied; an answer without a rank was offered, not ranked.',
    );
    table.assume('The model that wrote an answer is its item. No field names an annotator.');
    await readJsonLines(input, ({ prompt, answers }, line) => {
      if (typeof prompt !== 'string') throw missingOr(prompt, 'prompt', 'a string');
      if (!Array.isArray(answers)) throw missingOr(answers, 'answers', 'an array of answers');
      const read = answers.map((each: unknown, i) => {
        if (!isObject(each)) throw wrongType(['answers', i], 'an object', each);
        if (typeof each.answer !== 'string')
          throw wrongType(['answers', i, 'answer'], 'a string', each.answer);
        return {
          text: each.answer,
          item: nameOrNone(each, 'model') ?? 'unnamed model',
          rank: numberOrNone(each.rank, ['answers', i, 'rank']),
        };
      });
      const responses = read.map(({ text }) => text);
      const items = read.map(({ item }) => item);
      checkChoiceSet(responses, items, ['answers']);
      const ranked = rankScores(read.map(({ rank }) => rank), 'lower', ['answers']); // prettier-ignore
      const place = { line: line.number, offset: line.offset };
      table.add({ prompt, responses, items, ...ranked }, place, () => placeOf(line, []));
    });
  },
};
