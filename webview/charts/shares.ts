import { barX, ruleX, ruleY, text } from '@observablehq/plot';
import type { TypeSummary } from '../../src/protocol/result';
import type { Interval } from '../../src/protocol/stability';
import { integer, percent, shorten } from '../format';
import { typeColour } from '../theme';
import { draw } from './plot';

interface Row extends TypeSummary {
  readonly index: number;
  /** Ends of its interval; the share itself where there is none. */
  readonly low: number;
  readonly high: number;
}

/** One bar a type: its share, its interval where there is one, and the number of annotators it holds. */
export function sharesChart(
  types: readonly TypeSummary[],
  width: number,
  intervals?: readonly Interval[],
): SVGSVGElement {
  const rows: Row[] = types.map((type, k) => {
    const [low, high] = intervals?.[k] ?? [type.share, type.share];
    return { ...type, index: k, low, high };
  });
  const largest = Math.max(...rows.map((row) => Math.max(row.share, row.high)));
  const about = ({ share, low, high }: Row) =>
    intervals ? `${percent(share)} (${percent(low, 0)} to ${percent(high, 0)})` : percent(share);
  const narrow = width < 420;
  return draw('Share of each type', {
    width,
    height: sharesHeight(types.length),
    marginLeft: 84,
    marginRight: intervals ? (narrow ? 150 : 250) : narrow ? 90 : 160, // the words after the longest bar
    marginTop: 4,
    marginBottom: 4,
    x: { axis: null, domain: [0, largest] },
    y: {
      label: null,
      tickSize: 0,
      domain: types.map((_, k) => k),
      tickFormat: (k: number) => shorten(types[k].name, 12),
      padding: 0.3,
    },
    color: { type: 'identity' },
    marks: [
      barX(rows, { x: 'share', y: 'index', fill: (d: { index: number }) => typeColour(d.index) }),
      intervals
        ? // in the background's colour around it, to stand out from the bar
          [
            { stroke: 'var(--bg)', strokeWidth: 4 },
            { stroke: 'var(--fg)', strokeWidth: 1.5 },
          ].map((line) => ruleY(rows, { y: 'index', x1: 'low', x2: 'high', ...line }))
        : null,
      text(rows, {
        x: (d: Row) => Math.max(d.share, d.high),
        y: 'index',
        dx: 6,
        textAnchor: 'start',
        text: (d: Row) =>
          narrow && intervals
            ? about(d)
            : `${about(d)}  ·  ${integer(d.annotators)}${narrow ? '' : ' annotators'}`,
      }),
      ruleX([0], { stroke: 'var(--line)' }),
    ],
  });
}

export const sharesHeight = (types: number) => types * 28 + 8;
