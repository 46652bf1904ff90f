import type { AnnotatorRecord, AnnotatorRecords } from '../../src/protocol/annotator';
import { evidence, timesLikelier, together } from '../annotators/evidence';
import type { Evidence } from '../annotators/evidence';
import type { Child } from '../dom';
import { append, el } from '../dom';
import { counted, integer } from '../format';
import { lineLink } from '../place-link';
import type { Cell, TableOptions } from '../table';
import { exportTools, table } from '../table';
import { dataText } from '../text';
import { typeColour } from '../theme';
import type { View } from '../view';

const FIRST = 6;

/** The records of an annotator as rankings, each beside those of the types. */
export function annotatorRecords(view: View, found: AnnotatorRecords, names: readonly string[]): HTMLElement {
  const { records, total, withoutTypes } = found;
  const list = el('div', {});
  const add = (some: readonly AnnotatorRecord[]) => {
    list.append(...some.map((record) => oneRecord(view, record, names)));
  };
  add(records.slice(0, FIRST));
  const rest = records.slice(FIRST);
  const more = el(
    'button',
    { type: 'button', class: 'plain more' },
    `Show ${counted(rest.length, 'more record')}`,
  );
  more.addEventListener('click', () => {
    add(rest);
    more.remove();
  });
  const sum = total === records.length ? together(records) : undefined;
  const all = sum && evidence(sum);
  return el(
    'div',
    {},
    withoutTypes === undefined ? null : el('p', { class: 'note' }, withoutTypes),
    total > records.length
      ? el('p', { class: 'note' }, `The first ${integer(records.length)}; the dataset has all.`)
      : null,
    all ? el('p', { class: 'note' }, ...inWords('All together are', all, names)) : null,
    list,
    rest.length > 0 ? more : null,
    exportTools(view, allRecords(found, names)),
  );
}

/** Every response of every record on a row of its own, to be taken elsewhere. */
function allRecords(
  { annotator, records }: AnnotatorRecords,
  names: readonly string[],
): Pick<TableOptions, 'caption' | 'columns' | 'rows'> {
  const typed = records.some(({ types }) => types !== undefined);
  return {
    caption: `Records of ${annotator}`,
    columns: [
      { title: 'Line', numeric: true, word: 'line' },
      { title: 'Prompt', word: 'prompt' },
      { title: 'Response', word: 'response' },
      { title: 'Place', numeric: true, word: 'place' },
      ...(typed ? names.map((title) => ({ title, numeric: true, word: 'typePlace' as const })) : []),
      { title: 'Counts', numeric: true, word: 'recordWeight' },
    ],
    rows: records.flatMap(({ line, prompt, options, types, weight }) =>
      options.map(({ text, place }, i): Cell[] => [
        line,
        prompt,
        text,
        place,
        ...(typed ? names.map((_, k) => types?.[k].places[i] ?? null) : []),
        weight,
      ]),
    ),
  };
}

function oneRecord(view: View, record: AnnotatorRecord, names: readonly string[]): HTMLElement {
  const { line, prompt, options, types, weight } = record;
  const likelihoods = types?.map(({ logLikelihood }) => logLikelihood) ?? [];
  const known = likelihoods.filter((each) => each !== null);
  const leftOut = types !== undefined && known.length < types.length;
  const found = leftOut ? undefined : evidence(known);
  return el(
    'article',
    { class: 'divide' },
    el('h4', { class: 'prompt' }, dataText(prompt, 140), ' ', lineLink(view, line)),
    table(view, {
      caption: `Line ${line}: places by the annotator and by each type; 1 is best`,
      captionHidden: true,
      csv: false,
      columns: [
        { title: 'Response', heading: true, word: 'response' },
        { title: 'Their place', numeric: true, word: 'place' },
        ...(types
          ? names.map((title, type) => ({ title, numeric: true, type, word: 'typePlace' as const }))
          : []),
      ],
      rows: options.map(({ text, place }, i) => [
        { value: text, show: dataText(text, 120) },
        {
          value: place,
          show: place === null ? el('span', { class: 'muted' }, 'not ranked') : integer(place),
        },
        ...(types ?? []).map(({ places }, k) => placeCell(places[i], place, k)),
      ]),
    }),
    el(
      'p',
      { class: 'note' },
      ...(leftOut ? ['The run left this record out, because of its tie.'] : []),
      ...(found ? inWords('This ranking is', found, names) : []),
      weight === 1 ? null : ` It counts ${weight} times.`,
    ),
  );
}

/** The type's place; its colour where the annotator gave the same. */
function placeCell(place: number, theirs: number | null, type: number): Cell {
  const show = el('span', { class: place === 1 && 'strong' }, integer(place));
  if (place !== theirs) return { value: place, show };
  return { value: place, show, tint: `color-mix(in srgb, ${typeColour(type)} 28%, transparent)` };
}

function inWords(what: string, { best, next, ahead }: Evidence, names: readonly string[]): Child[] {
  const name = (k: number) => el('bdi', { class: 'strong', dir: 'auto' }, names[k]);
  const times = timesLikelier(ahead);
  const words = el('span', {});
  append(
    words,
    times === undefined
      ? [`${what} about as likely under `, name(best), ' as under ', name(next), '.']
      : [`${what} ${times} under `, name(best), ' than under ', name(next), ', the next.'],
  );
  return [words];
}
