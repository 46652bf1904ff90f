import { columnFinder, columnsOf, textIn, USUAL } from '../column-finder';
import { checkChoiceSet, missingOr } from '../fields';
import { readNamedRows } from '../named-rows';
import { rowGroups } from '../row-groups';
import { numberOrNone, rankScores } from '../scores';
import type { ColumnNames, Form } from './form';

/** One row for each response of a ranking, with its rank or score: rows of one annotator and prompt are one record. */
export const long: Form = {
  name: 'long',
  title:
    'CSV or JSON rows, one for each response, with columns such as annotator, prompt, response, rank or score',
  endings: ['.csv', '.tsv'],
  roles: ['annotator', 'prompt', 'response', 'item', 'group', 'rank', 'score'],

  fits: (sample, named) => {
    const { response, rank, score, prompt, group, annotator } = find(columnsOf(sample), named);
    if (response === undefined || (rank ?? score) === undefined) return 0;
    return 0.4 + (prompt || group ? 0.3 : 0) + (annotator ? 0.1 : 0);
  },

  found: (columns, named) => {
    const { response, rank, score, ...others } = find(columns, named);
    const { item, annotator, prompt, group } = others;
    return { response, rank, score: rank === undefined ? score : undefined, item, annotator, prompt, group };
  },

  read: async (input) => {
    const { table } = input;
    const groups = rowGroups(1);
    let at = find([], {});
    let better: 'higher' | 'lower' = 'lower';
    await readNamedRows(input, {
      columns: (names) => {
        at = find(names, input.columns);
        better = at.rank === undefined ? 'higher' : 'lower';
        for (const sentence of assumptionsOf(at)) table.assume(sentence);
        return problemsOf(at);
      },
      row: (row) => {
        const column = at.rank ?? at.score ?? '';
        const response = textIn(row, at.response);
        if (response === undefined) throw missingOr(undefined, at.response ?? '', 'a response');
        const number = numberOrNone(row.get(column), [column]);
        const [annotator, prompt, group, item] = [at.annotator, at.prompt, at.group, at.item].map((name) => textIn(row, name)); // prettier-ignore
        const texts = [annotator ?? null, prompt ?? null, response, item ?? null];
        groups.add([group, annotator, prompt], { texts, numbers: [number ?? NaN], place: row.place });
      },
    });
    await groups.each(input, (rows) => {
      const [annotator, prompt] = rows[0].texts;
      // a response without a score was not judged; one without a rank was offered
      const kept = at.rank === undefined ? rows.filter(({ numbers }) => !Number.isNaN(numbers[0])) : rows;
      const left = rows.length - kept.length;
      const responses = kept.map(({ texts }) => texts[2] ?? '');
      const items = at.item === undefined ? undefined : kept.map(({ texts }) => texts[3] ?? 'unnamed item');
      checkChoiceSet(responses, items);
      const scores = kept.map(({ numbers: [number] }) => (Number.isNaN(number) ? undefined : number));
      const record = { annotator: annotator ?? undefined, prompt: prompt ?? 'any prompt', responses, items, ...rankScores(scores, better) }; // prettier-ignore
      const { place } = rows[0];
      table.add(record, place, () => ({ line: place.line, column: 1 }));
      if (left > 0) table.tally('long', left, (count) => `Rows without a score are left out of their choice sets: ${count}.`); // prettier-ignore
    });
  },
};

type Found = ReturnType<typeof find>;

function find(columns: readonly string[], named: ColumnNames) {
  const finder = columnFinder(columns, named);
  const item = finder.find('item', USUAL.item);
  // the name of an item stands for its text where there is none
  const response = finder.find('response', USUAL.response) ?? item;
  // a rank that was named goes before a score that was found, and the other way round
  const score = 'rank' in named && !('score' in named) ? undefined : finder.find('score', USUAL.score);
  const rank = 'score' in named && !('rank' in named) ? undefined : finder.find('rank', USUAL.rank);
  return {
    response,
    item,
    rank,
    score,
    annotator: finder.find('annotator', USUAL.annotator),
    prompt: finder.find('prompt', USUAL.prompt),
    group: finder.find('group', USUAL.group),
    problems: finder.problems,
  };
}

function problemsOf({ response, rank, score, problems }: Found): string[] {
  const missing = [...problems];
  if (response === undefined) missing.push('No column holds the responses (role "response").');
  if ((rank ?? score) === undefined)
    missing.push('No column holds ranks or scores (roles "rank" and "score").');
  return missing;
}

function assumptionsOf({ annotator, prompt, group, response, item, rank, score }: Found): string[] {
  const shared = [group, annotator, prompt].filter((name) => name !== undefined).map((name) => `"${name}"`);
  return [
    shared.length === 0 ? 'All rows are one ranking: no column tells several apart.' : `Rows with the same ${shared.join(', ')} are one ranking.`,
    rank !== undefined
      ? `"${rank}" is a rank: 1 is better than 2, equal ones are tied, and an empty one means offered and not ranked.`
      : `"${score}" is a score: higher is better, equal ones are tied.`,
    ...(annotator === undefined ? ['No column names the annotator.'] : [`The column "${annotator}" names the annotator.`]),
    ...(prompt === undefined ? ['No column holds the prompt: all rankings are taken as answers to one.'] : []),
    ...(response !== undefined && response === item ? [`There are no texts of the responses: "${item}" stands for them.`] : []),
  ]; // prettier-ignore
}
