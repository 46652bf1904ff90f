import { dot, ruleX, ruleY } from '@observablehq/plot';
import type { TypeSummary } from '../../src/protocol/result';
import { shorten } from '../format';
import { typeColour } from '../theme';
import { draw } from './plot';

export interface CoefficientRow {
  readonly name: string;
  /** By type; undefined where a type does not list it. */
  readonly values: readonly (number | undefined)[];
  readonly spread: number;
}

/** Coefficients by name, those on which the types differ most first. */
export function coefficientRows(types: readonly TypeSummary[]): CoefficientRow[] {
  const byName = new Map<string, (number | undefined)[]>();
  types.forEach((type, k) => {
    for (const { name, value } of type.coefficients ?? []) {
      const values = byName.get(name) ?? types.map(() => undefined);
      values[k] = value;
      byName.set(name, values);
    }
  });
  return [...byName]
    .map(([name, values]) => {
      const given = values.filter((v) => v !== undefined);
      return { name, values, spread: Math.max(...given) - Math.min(...given) };
    })
    .sort((a, b) => b.spread - a.spread);
}

/** One line a coefficient, one dot a type. */
export function coefficientsChart(rows: readonly CoefficientRow[], width: number): SVGSVGElement {
  const dots = rows.flatMap((row, i) =>
    row.values.flatMap((value, type) => (value === undefined ? [] : [{ i, value, type }])),
  );
  const spans = rows.map((row, i) => {
    const given = row.values.filter((v) => v !== undefined);
    return { i, from: Math.min(...given), to: Math.max(...given) };
  });
  const labels = width < 420 ? 100 : 180;
  return draw('Coefficients by type', {
    width,
    height: coefficientsHeight(rows.length),
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
      dot(dots, {
        x: 'value',
        y: 'i',
        r: 4.5,
        fill: (d: { type: number }) => typeColour(d.type),
        stroke: 'var(--bg)',
      }),
    ],
  });
}

export const coefficientsHeight = (rows: number) => rows * 20 + 40;
