import { cell, text } from '@observablehq/plot';
import type { Interval } from '../../src/protocol/stability';
import { interval, natsAlike, shorten } from '../format';
import { heatColour } from '../theme';
import { draw } from './plot';

/** R_ij as a heat map: rows are the types that lose, columns the policies that answer. */
export function regretHeat(
  matrix: readonly (readonly number[])[],
  names: readonly string[],
  width: number,
  standardError: readonly (readonly number[])[] | null = null,
  intervals?: readonly (readonly Interval[])[],
): SVGSVGElement {
  const entries = matrix.flatMap((row, i) =>
    row.map((value, j) => ({ i, j, value, error: standardError?.[i][j] ?? 0, ends: intervals?.[i][j] })),
  );
  const nats = natsAlike(entries.map((e) => e.value));
  const largest = Math.max(...entries.map((e) => Math.abs(e.value)), Number.MIN_VALUE);
  const name = (k: number) => shorten(names[k], 12);
  const wide = Math.min(width, 92 + names.length * 110);
  /** Not enough for both ends of an interval side by side. */
  const tight = (wide - 92) / names.length < 96;
  return draw('Regret of each type under each type’s policy', {
    width: wide,
    height: regretHeatHeight(names.length),
    marginLeft: 88,
    marginTop: 40,
    marginBottom: 6,
    marginRight: 4,
    x: {
      axis: 'top',
      label: 'policy of',
      labelAnchor: 'left',
      labelArrow: 'none',
      tickSize: 0,
      domain: names.map((_, k) => k),
      tickFormat: name,
      padding: 0.04,
    },
    y: {
      label: 'regret of',
      labelArrow: 'none',
      tickSize: 0,
      domain: names.map((_, k) => k),
      tickFormat: name,
      padding: 0.04,
    },
    color: { type: 'identity' },
    marks: [
      cell(entries, {
        x: 'j',
        y: 'i',
        fill: (e: { value: number }) => heatColour(e.value / largest),
        stroke: 'var(--line)',
      }),
      text(entries, {
        x: 'j',
        y: 'i',
        text: ({ i, j, value, error, ends }: (typeof entries)[number]) => {
          if (ends && i !== j)
            return `${nats(value)}\n${tight ? `${nats(ends[0])}–${nats(ends[1])}` : interval(ends, nats)}`;
          return error > 0 ? `${nats(value)}\n± ${nats(error)}` : nats(value);
        },
        fill: 'var(--fg)',
      }),
    ],
  });
}

export const regretHeatHeight = (types: number) => types * 40 + 46;
