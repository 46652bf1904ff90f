import { lineY, ruleX, ruleY, text } from '@observablehq/plot';
import type { EmEvent } from '../../src/protocol/event';
import { typeColour } from '../theme';
import { draw, ticksFor } from './plot';

/** Shares of the types by iteration of one start. `order[k]` is the place of type k among `names`; `marked` is the iteration looked at. */
export function sharesOverTime(
  points: readonly EmEvent[],
  order: readonly number[],
  names: readonly string[],
  step: 'round' | 'iteration',
  width: number,
  marked?: number,
): SVGSVGElement {
  const rows = points.flatMap((p) =>
    p.shares.map((share, k) => ({ iteration: p.iteration, share: share * 100, type: order[k] })),
  );
  const last = points.at(-1)?.iteration ?? 1;
  return draw(`Shares of the types by ${step}`, {
    width,
    height: 200,
    marginLeft: 62,
    marginRight: 56,
    marginTop: 22,
    x: { label: step, ticks: ticksFor(last, width), tickFormat: 'd' },
    y: { label: 'share (%)', grid: true, ticks: 5, domain: [0, 100] },
    color: { type: 'identity' },
    marks: [
      ruleY([0], { stroke: 'var(--line)' }),
      marked === undefined ? null : ruleX([marked], { stroke: 'var(--fg)', strokeDasharray: '3 3' }),
      lineY(rows, {
        x: 'iteration',
        y: 'share',
        z: 'type',
        stroke: (d: { type: number }) => typeColour(d.type),
        strokeWidth: 1.75,
      }),
      text(apart(rows.filter((r) => r.iteration === last)), {
        x: 'iteration',
        y: 'at',
        text: (d: { type: number }) => names[d.type] ?? `type ${d.type + 1}`,
        dx: 6,
        textAnchor: 'start',
        fill: (d: { type: number }) => typeColour(d.type),
      }),
    ],
  });
}

const LINE = 10; // of text, in per cent of the chart’s height

/** The rows with a height for each name at which no two cover each other, from the top down. */
function apart<T extends { readonly share: number }>(rows: readonly T[]): (T & { readonly at: number })[] {
  let above = Infinity;
  const down = [...rows]
    .sort((a, b) => b.share - a.share)
    .map((row) => {
      above = Math.min(row.share, above - LINE);
      return { ...row, at: above };
    });
  // and up again, where they would sink below the axis
  let below = -LINE;
  return down.reverse().map((row) => {
    below = Math.max(row.at, below + LINE);
    return { ...row, at: below };
  });
}
