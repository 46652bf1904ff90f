import type { TypeSummary } from '../../src/protocol/result';
import type { BootstrapSummary } from '../../src/protocol/stability';
import { coefficientRows, coefficientsChart, coefficientsHeight } from '../charts/coefficients';
import { el } from '../dom';
import { figure } from '../figure';
import { integer, nats } from '../format';
import type { View } from '../view';
import { section } from './parts';
import { intervalCell, intervalTitle } from './stability';

const FIRST_COEFFICIENTS = 20;

/** What the types’ coefficients say, for those with the widest spread. */
export function coefficientsSection(
  view: View,
  types: readonly TypeSummary[],
  bootstrap?: BootstrapSummary,
): HTMLElement {
  const rows = coefficientRows(types, bootstrap?.coefficients);
  const withIntervals = bootstrap?.coefficients !== undefined;
  const shown = rows.slice(0, FIRST_COEFFICIENTS);
  const chart = figure(view, {
    title: 'Coefficients by type',
    word: 'coefficient',
    note: [
      rows.length > shown.length
        ? `The ${shown.length} of ${integer(rows.length)} on which the types differ most; all are in the numbers.`
        : 'Those on which the types differ most come first.',
      withIntervals
        ? `Lines through the dots are ${intervalTitle(bootstrap)}s, by bootstrap over annotators.`
        : '',
    ].join(' '),
    height: coefficientsHeight(shown),
    legend: types.map((t) => t.name),
    draw: (width) => coefficientsChart(shown, width),
    numbers: () => ({
      caption: 'Coefficients by type',
      columns: [
        { title: 'Name', heading: true, word: 'coefficient' },
        ...types.flatMap((t, type) => [
          { title: t.name, numeric: true, type, word: 'coefficient' as const },
          ...(withIntervals
            ? [{ title: intervalTitle(bootstrap), numeric: true, word: 'bootstrap' as const }]
            : []),
        ]),
      ],
      rows: rows.map(({ name, values, intervals }) => [
        { value: name, show: el('bdi', { dir: 'auto' }, name) },
        ...values.flatMap((v, k) => {
          const ends = intervals[k];
          return [
            v === undefined ? null : { value: v, show: nats(v) },
            ...(withIntervals ? [ends ? intervalCell(ends, nats) : null] : []),
          ];
        }),
      ]),
    }),
  });
  return section('What the coefficients say', chart.element);
}
