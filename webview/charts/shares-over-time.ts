import { lineY, ruleY, text } from '@observablehq/plot';
import type { EmEvent } from '../../src/protocol/event';
import { typeColour } from '../theme';
import { draw } from './plot';

/** Shares of the types by iteration of one start. `order[k]` is the rank of type k by its last share. */
export function sharesOverTime(
  points: readonly EmEvent[],
  names: readonly string[],
  width: number,
): SVGSVGElement {
  const order = rankByLastShare(points);
  const rows = points.flatMap((p) =>
    p.shares.map((share, k) => ({ iteration: p.iteration, share: share * 100, type: order[k] })),
  );
  const last = points[points.length - 1]?.iteration;
  return draw('Shares of the types by iteration', {
    width,
    height: 200,
    marginLeft: 62,
    marginRight: 56,
    marginTop: 22,
    x: { label: 'iteration', ticks: Math.max(2, Math.floor(width / 90)), tickFormat: 'd' },
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

/** Types are named by size, largest first, but a start lists them in an order of its own. */
export function rankByLastShare(points: readonly EmEvent[]): number[] {
  const shares = points[points.length - 1]?.shares ?? [];
  const bySize = shares.map((_, k) => k).sort((a, b) => shares[b] - shares[a]);
  return shares.map((_, k) => bySize.indexOf(k));
}
