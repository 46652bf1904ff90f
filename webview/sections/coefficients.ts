import type { TypeSummary } from '../../src/protocol/result';
import { coefficientRows, coefficientsChart, coefficientsHeight } from '../charts/coefficients';
import { el } from '../dom';
import { figure } from '../figure';
import { integer, nats } from '../format';
import type { View } from '../view';
import { section } from './parts';

const FIRST_COEFFICIENTS = 20;

/** What the types’ coefficients say, for those with the widest spread. */
export function coefficientsSection(view: View, types: readonly TypeSummary[]): HTMLElement {
  const rows = coefficientRows(types);
  const shown = rows.slice(0, FIRST_COEFFICIENTS);
  const chart = figure(view, {
    title: 'Coefficients by type',
    word: 'coefficient',
    note:
      rows.length > shown.length
        ? `The ${shown.length} of ${integer(rows.length)} on which the types differ most; all are in the numbers.`
        : 'Those on which the types differ most come first.',
    height: coefficientsHeight(shown.length),
    legend: types.map((t) => t.name),
    draw: (width) => coefficientsChart(shown, width),
    numbers: () => ({
      caption: 'Coefficients by type',
      columns: [
        { title: 'Name', heading: true },
        ...types.map((t, type) => ({ title: t.name, numeric: true, type })),
      ],
      rows: rows.map(({ name, values }) => [
        { value: name, show: el('bdi', { dir: 'auto' }, name) },
        ...values.map((v) => (v === undefined ? null : { value: v, show: nats(v) })),
      ]),
    }),
  });
  return section('What the coefficients say', chart.element);
}
