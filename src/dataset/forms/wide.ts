import { columnFinder, columnsOf, textIn, USUAL } from '../column-finder';
import { checkChoiceSet, missingOr } from '../fields';
import { readNamedRows } from '../named-rows';
import { numberOrNone, rankScores, type Better } from '../scores';
import type { ColumnNames, Form } from './form';

const TEXT = /^(?:response|answer|completion|output|option|candidate|text)[ _-]?([a-z]|\d+)$/i;
const ITEM = /^(?:model|item|system)[ _-]?([a-z]|\d+)$/i;
const RANK = /^(?:rank|ranking|place)[ _-]?([a-z]|\d+)$/i;
const SCORE = /^(?:score|rating)[ _-]?([a-z]|\d+)$/i;

/**
 * One row for each ranking: columns response_1, response_2, … with rank_1, rank_2, … or score_1, score_2, … beside them; or
 * a column for each item, named by the roles "ranks" or "scores", whose cells are its rank or score.
 */
export const wide: Form = {
  name: 'wide',
  title: 'CSV or JSON rows, one for each ranking, with columns such as response_1, response_2, rank_1, rank_2',
  endings: ['.csv', '.tsv'],
  roles: ['annotator', 'prompt', 'ranks', 'scores'],

  fits: (sample, named) => {
    const { options } = find(columnsOf(sample), named);
    return options.length < 2 ? 0 : 0.85;
  },

  found: (columns, named) => {
    const { annotator, prompt } = find(columns, named);
    return { ranks: named.ranks, scores: named.scores, annotator, prompt };
  },

  read: async (input) => {
    const { table, columns } = input;
    let at = find([], {});
    await readNamedRows(input, {
      columns: (names) => {
        at = find(names, columns);
        if (at.problems.length === 0 && at.options.length >= 2) for (const sentence of assumptionsOf(at)) table.assume(sentence);
        if (at.problems.length > 0 || at.options.length >= 2) return at.problems;
        return ['Fewer than two columns hold ranks or scores, such as rank_1 and rank_2 beside response_1 and response_2.'];
      },
      row: (row) => {
        const seen = at.options.flatMap((option) => {
          const text = option.text === undefined ? option.name : textIn(row, option.text);
          const item = option.item === undefined ? undefined : textIn(row, option.item);
          const number = numberOrNone(row.get(option.number), [option.number]);
          if (text !== undefined || item !== undefined) return [{ text: text ?? item ?? '', item, number }];
          if (number === undefined) return []; // a shorter list
          throw missingOr(undefined, option.text ?? option.item ?? option.name, 'a response, since it has a rank');
        });
        // without a score a response was not judged; without a rank it was offered
        const kept = at.better === 'lower' ? seen : seen.filter(({ number }) => number !== undefined);
        const left = seen.length - kept.length;
        const responses = kept.map(({ text }) => text);
        const items = at.options.some(({ item }) => item !== undefined)
          ? kept.map(({ item }) => item ?? 'unnamed item')
          : undefined;
        const first = at.options[0].number;
        checkChoiceSet(responses, items, [first], []);
        const ranked = rankScores(kept.map(({ number }) => number), at.better, [first]);
        const record = { annotator: textIn(row, at.annotator), prompt: textIn(row, at.prompt) ?? 'any prompt', responses, items, ...ranked, asShown: left === 0 };
        table.add(record, row.place, () => row.position());
        if (left > 0) table.tally('wide', left, (count) => `Responses without a score are left out of their choice sets: ${count}.`);
      },
    });
  },
}; // prettier-ignore

/** One response of every row: the columns that say what it is and how it was ranked. */
interface Option {
  readonly name: string;
  /** Undefined where the name stands for the text. */
  readonly text?: string;
  readonly item?: string;
  /** The column of its rank or score. */
  readonly number: string;
}

function find(columns: readonly string[], named: ColumnNames) {
  const finder = columnFinder(columns, named);
  const problems: string[] = [];
  const listed = named.ranks ?? named.scores;
  const names = listed?.split(',').map((name) => name.trim()) ?? [];
  for (const name of names)
    if (!columns.includes(name))
      problems.push(`There is no column "${name}", which was named for ranks or scores.`);
  const ranks = numbered(columns, RANK);
  const numbers = ranks.size >= 2 ? ranks : numbered(columns, SCORE);
  const texts = numbered(columns, TEXT);
  const items = numbered(columns, ITEM);
  const options: Option[] =
    listed === undefined
      ? Array.from(numbers, ([name, number]) => ({
          name,
          text: texts.get(name),
          item: items.get(name),
          number,
        })).filter(({ text, item }) => (text ?? item) !== undefined)
      : names.map((name) => ({ name, number: name }));
  const lower = listed === undefined ? numbers === ranks : named.ranks !== undefined;
  const better: Better = lower ? 'lower' : 'higher';
  return {
    options,
    better,
    annotator: finder.find('annotator', USUAL.annotator),
    prompt: finder.find('prompt', USUAL.prompt),
    problems: [...finder.problems, ...problems],
  };
}

/** Columns of one family by what tells them apart, such as 1 or a. */
function numbered(columns: readonly string[], family: RegExp): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of columns) {
    const key = family.exec(name.trim())?.[1].toLowerCase();
    if (key !== undefined && !found.has(key)) found.set(key, name);
  }
  return found;
}

function assumptionsOf({ options, better, annotator, prompt }: ReturnType<typeof find>): string[] {
  const numbers = options.map(({ number }) => `"${number}"`).join(', ');
  return [
    better === 'lower'
      ? `${numbers} are ranks: 1 is better than 2, equal ones are tied, and an empty one means offered and not ranked.`
      : `${numbers} are scores: higher is better, equal ones are tied.`,
    annotator === undefined
      ? 'No column names the annotator.'
      : `The column "${annotator}" names the annotator.`,
    ...(prompt === undefined
      ? ['No column holds the prompt: all rankings are taken as answers to one.']
      : []),
  ];
}
