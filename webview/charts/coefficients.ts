import { dot, ruleX, ruleY } from '@observablehq/plot';
import type { TypeSummary } from '../../src/protocol/result';
import { shorten } from '../format';
import type { BootstrapSummary, Interval } from '../../src/protocol/stability';
import { typeColour } from '../theme';
import { draw } from './plot';

export interface CoefficientRow {
  readonly name: string;
  /** By type; undefined where a type does not list it. */
  readonly values: readonly (number | undefined)[];
  /** By type; undefined where the run has none. */
  readonly intervals: readonly (Interval | undefined)[];
  readonly spread: number;
}

/** Coefficients by name, those on which the types differ most first. */
export function coefficientRows(
  types: readonly TypeSummary[],
  ends?: BootstrapSummary['coefficients'],
): CoefficientRow[] {
  const none = () => types.map(() => undefined);
  const byName = new Map<string, { values: (number | undefined)[]; intervals: (Interval | undefined)[] }>();
  types.forEach((type, k) => {
    type.coefficients?.forEach(({ name, value }, j) => {
      const row = byName.get(name) ?? { values: none(), intervals: none() };
      row.values[k] = value;
      row.intervals[k] = ends?.at(k)?.at(j)?.interval;
      byName.set(name, row);
    });
  });
  return [...byName]
    .map(([name, row]) => {
      const given = row.values.filter((v) => v !== undefined);
      return { name, ...row, spread: Math.max(...given) - Math.min(...given) };
    })
    .sort((a, b) => b.spread - a.spread);
}

/** One line a coefficient, one dot a type, with its interval where there is one. */
export function coefficientsChart(rows: readonly CoefficientRow[], width: number): SVGSVGElement {
  const dots = rows.flatMap((row, i) =>
    row.values.flatMap((value, type) => {
      const [low, high] = row.intervals[type] ?? [];
      return value === undefined ? [] : [{ i, value, type, low, high }];
    }),
  );
  const types = Math.max(1, ...rows.map(({ values }) => values.length));
  // intervals of one coefficient would lie upon each other
  const apart = rows.some(({ intervals }) => intervals.some((ends) => ends !== undefined)) ? 4 : 0;
  const byType = Array.from({ length: types }, (_, type) => dots.filter((each) => each.type === type));
  const spans = rows.map((row, i) => {
    const given = row.values.filter((v) => v !== undefined);
    return { i, from: Math.min(...given), to: Math.max(...given) };
  });
  const labels = width < 420 ? 100 : 180;
  return draw('Coefficients by type', {
    width,
    height: coefficientsHeight(rows),
    marginLeft: labels,
    marginTop: 24,
    marginBottom: 4,
    x: { axis: 'top', label: null, grid: true, ticks: Math.max(2, Math.floor(width / 110)) },
    y: {
      type: 'point',
      label: null,
      tickSize: 0,
      domain: rows.map((_, i) => i),
      tickFormat: (i: number) => shorten(rows[i].name, Math.floor(labels / 7)),
      padding: 0.6,
    },
    color: { type: 'identity' },
    marks: [
      ruleX([0], { stroke: 'var(--muted)' }),
      ruleY(spans, { y: 'i', x1: 'from', x2: 'to', stroke: 'var(--line-strong)' }),
      ...byType.flatMap((own, type) => {
        const dy = apart * (type - (types - 1) / 2);
        const known = own.filter(({ low }) => low !== undefined);
        return [
          ruleY(known, { y: 'i', x1: 'low', x2: 'high', dy, stroke: typeColour(type), strokeWidth: 1.5 }),
          dot(own, {
            x: 'value',
            y: 'i',
            dy,
            r: apart > 0 ? 3.5 : 4.5,
            fill: typeColour(type),
            stroke: 'var(--bg)',
          }),
        ];
      }),
    ],
  });
}

/** Of the chart, in CSS pixels. */
export function coefficientsHeight(rows: readonly CoefficientRow[]): number {
  const types = rows.at(0)?.values.length ?? 1;
  const withIntervals = rows.some(({ intervals }) => intervals.some((ends) => ends !== undefined));
  return rows.length * (withIntervals ? 14 + 4 * types : 20) + 40;
}
