import type { AlignedType, Alignment, Move, RunComparison } from '../../src/protocol/comparison';
import { alignedSharesChart, alignedSharesHeight } from '../charts/aligned-shares';
import { columnOrder, flowChart, flowHeight } from '../charts/flow';
import { letter, others } from '../compared';
import { el } from '../dom';
import { figure } from '../figure';
import { counted, fixed, integer, percent } from '../format';
import type { Cell } from '../table';
import { swatch, table } from '../table';
import { term } from '../term';
import type { View } from '../view';
import { endsInWords } from './compare-measures';
import { section } from './parts';

/** Movers that are listed at first. */
const FIRST_MOVES = 10;

/** Which types correspond, how large they are, and who is in another one. */
export function typesSections(view: View, comparison: RunComparison): HTMLElement[] {
  return [
    sharesSection(view, comparison),
    ...others(comparison).flatMap((run) => {
      const alignment = comparison.alignments[run];
      return alignment ? [movedSection(view, comparison, run, alignment)] : [];
    }),
  ];
}

function sharesSection(view: View, comparison: RunComparison): HTMLElement {
  const { runs, baseline } = comparison;
  const chart = figure(view, {
    title: 'Share of each type in each run',
    word: 'share',
    note: `Types of the other runs stand with the type of ${letter(baseline)} that they correspond to: matched one to one so that annotators keep as much of their posterior as can be. Bars are intervals, where a run has them.`,
    height: alignedSharesHeight(runs[baseline].types.length, runs.length),
    draw: (width) => alignedSharesChart(comparison, width),
  });
  return section(
    'Which types correspond',
    chart.element,
    ...others(comparison).flatMap((run) => correspondence(view, comparison, run)),
  );
}

function correspondence(
  view: View,
  { runs, baseline, alignments }: RunComparison,
  run: number,
): HTMLElement[] {
  const alignment = alignments[run];
  if (!alignment) return [];
  const [here, there] = [letter(baseline), letter(run)];
  const share = (value: number | null, both: AlignedType['shareInterval']): Cell => {
    if (value === null) return null;
    const between = both ? ` (${endsInWords({ value, interval: both }, (end) => percent(end, 0))})` : '';
    return { value, show: percent(value) + between };
  };
  const rows = alignment.types.map((aligned): Cell[] => [
    named(runs[baseline].types[aligned.baseline - 1], aligned.baseline - 1),
    aligned.type === null
      ? { value: null, show: el('span', { class: 'muted' }, 'none') }
      : bdi(runs[run].types[aligned.type - 1]),
    share(aligned.baselineShare, aligned.baselineShareInterval),
    share(aligned.share, aligned.shareInterval),
    { value: aligned.kept, show: percent(aligned.kept) },
  ]);
  const extra = alignment.extra.map(({ type, share: part }): Cell[] => [
    { value: null, show: el('span', { class: 'muted' }, 'none') },
    bdi(runs[run].types[type - 1]),
    null,
    share(part, undefined),
    null,
  ]);
  return [
    table(view, {
      caption: `Types of ${here} and the types of ${there} that correspond to them`,
      columns: [
        { title: `Type of ${here}`, heading: true, word: 'typeName' },
        { title: `Type of ${there}`, word: 'typeName' },
        { title: `Share in ${here}`, numeric: true, word: 'share' },
        { title: `Share in ${there}`, numeric: true, word: 'share' },
        { title: 'Kept', numeric: true, word: 'kept' },
      ],
      rows: [...rows, ...extra],
    }),
  ];
}

function movedSection(
  view: View,
  { runs, baseline }: RunComparison,
  run: number,
  alignment: Alignment,
): HTMLElement {
  const names = { baseline: runs[baseline].types, run: runs[run].types };
  const [here, there] = [letter(baseline), letter(run)];
  const { flow, annotators, movedTotal, adjustedRand } = alignment;
  const columns = columnOrder(alignment);
  const title = `Who moved from ${here} to ${there}`;
  const chart = figure(view, {
    title: `Annotators by type, in ${here} and in ${there}`,
    note: 'A band is as wide as the number of annotators in it. Faint bands stay in the type that corresponds.',
    height: flowHeight(Math.max(names.baseline.length, names.run.length)),
    draw: (width) => flowChart(alignment, names, `${title}: annotators by type`, width),
    numbers: () => ({
      caption: `Annotators by type in ${here} (rows) and in ${there} (columns)`,
      columns: [
        { title: `Type of ${here}`, heading: true, word: 'typeName' },
        ...columns.map((column) => ({ title: names.run[column], numeric: true, word: 'flow' as const })),
      ],
      rows: flow.map((row, k) => [named(names.baseline[k], k), ...columns.map((column) => row[column])]),
    }),
  });
  return section(
    title,
    el(
      'p',
      { class: 'headline' },
      movedTotal === 0
        ? `Nobody: all ${counted(annotators, 'annotator')} are most probably of the type that corresponds.`
        : `${integer(movedTotal)} of ${counted(annotators, 'annotator')} (${percent(movedTotal / Math.max(annotators, 1))}) are most probably of another type.`,
      ' ',
      el('span', { class: 'muted' }, term('adjustedRand'), ` ${fixed(adjustedRand, 3)}`),
    ),
    chart.element,
    movedTotal > 0 ? movers(view, alignment, names, here, there) : null,
  );
}

function movers(
  view: View,
  { moved, movedTotal }: Alignment,
  names: { readonly baseline: readonly string[]; readonly run: readonly string[] },
  here: string,
  there: string,
): HTMLElement {
  const place = el('div', {});
  const show = (count: number) => {
    const shown = moved.slice(0, count);
    const rest = movedTotal - moved.length;
    const more = el('button', { type: 'button', class: 'plain more' }, `Show all ${integer(moved.length)}`);
    more.addEventListener('click', () => {
      show(moved.length);
    });
    place.replaceChildren(
      table(view, {
        caption:
          count < movedTotal
            ? `The ${integer(shown.length)} who moved furthest, of ${integer(movedTotal)}`
            : 'Those who moved, furthest first',
        columns: [
          { title: 'Annotator', heading: true, word: 'annotator' },
          { title: `In ${here}`, word: 'typeName' },
          { title: `In ${there}`, word: 'typeName' },
          { title: 'Distance', numeric: true, word: 'distance' },
        ],
        rows: shown.map(({ annotator, from, to, distance }: Move) => [
          bdi(annotator),
          named(names.baseline[from - 1], from - 1),
          bdi(names.run[to - 1]),
          { value: distance, show: fixed(distance, 2) },
        ]),
      }),
    );
    if (count < moved.length) place.append(more);
    else if (rest > 0)
      place.append(
        el(
          'p',
          { class: 'note' },
          `${integer(rest)} more moved less far: “emdpo compare --json” lists them.`,
        ),
      );
  };
  show(Math.min(FIRST_MOVES, moved.length));
  return place;
}

function named(name: string, type: number): Cell {
  return { value: name, show: el('span', {}, swatch(type), el('bdi', { dir: 'auto' }, name)) };
}

function bdi(text: string): Cell {
  return { value: text, show: el('bdi', { dir: 'auto' }, text) };
}
