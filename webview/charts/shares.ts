import { barX, ruleX, text } from '@observablehq/plot';
import type { TypeSummary } from '../../src/protocol/result';
import { integer, percent, shorten } from '../format';
import { typeColour } from '../theme';
import { draw } from './plot';

/** One bar a type: its share, with the number of annotators it holds. */
export function sharesChart(types: readonly TypeSummary[], width: number): SVGSVGElement {
  const rows = types.map((type, k) => ({ ...type, index: k }));
  const largest = Math.max(...types.map((t) => t.share));
  const narrow = width < 420;
  return draw('Share of each type', {
    width,
    height: sharesHeight(types.length),
    marginLeft: 84,
    marginRight: narrow ? 90 : 160, // the words after the longest bar
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
      text(rows, {
        x: 'share',
        y: 'index',
        dx: 6,
        textAnchor: 'start',
        text: (d: TypeSummary) =>
          `${percent(d.share)}  ·  ${integer(d.annotators)}${narrow ? '' : ' annotators'}`,
      }),
      ruleX([0], { stroke: 'var(--line)' }),
    ],
  });
}

export const sharesHeight = (types: number) => types * 28 + 8;
