import { lineY, ruleY, text } from '@observablehq/plot';
import type { EmEvent } from '../../src/protocol/event';
import { typeColour } from '../theme';
import { draw, ticksFor } from './plot';

/** Shares of the types by iteration of one start. `order[k]` is the place of type k among `names`. */
export function sharesOverTime(
  points: readonly EmEvent[],
  order: readonly number[],
  names: readonly string[],
  step: 'round' | 'iteration',
  width: number,
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
      lineY(rows, {
        x: 'iteration',
        y: 'share',
        z: 'type',
        stroke: (d: { type: number }) => typeColour(d.type),
        strokeWidth: 1.75,
      }),
      text(
        rows.filter((r) => r.iteration === last),
        {
          x: 'iteration',
          y: 'share',
          text: (d: { type: number }) => names[d.type] ?? `type ${d.type + 1}`,
          dx: 6,
          textAnchor: 'start',
          fill: (d: { type: number }) => typeColour(d.type),
        },
      ),
    ],
  });
}
