import { dot, lineY, ruleY } from '@observablehq/plot';
import type { HeldOutEvent } from '../../src/protocol/event';
import { draw, ticksFor } from './plot';

/** How far assignments moved from one round to the next: at 0 they have settled. */
export function movedChart(rounds: readonly HeldOutEvent[], width: number): SVGSVGElement {
  const moved = (event: HeldOutEvent) => event.moved * 100;
  const high = Math.max(...rounds.map(moved), 1);
  const marks = { x: 'round', y: moved, stroke: 'var(--accent)' } as const;
  return draw('Assignments that moved, by round', {
    width,
    height: 200,
    marginLeft: 46,
    marginRight: 12,
    marginTop: 22,
    x: { label: 'round', ticks: ticksFor(rounds.length, width), tickFormat: 'd' },
    y: { label: 'moved (%)', grid: true, ticks: 4, domain: [0, high * 1.06] },
    marks: [
      ruleY([0], { stroke: 'var(--line)' }),
      lineY(rounds, { ...marks, strokeWidth: 1.75 }),
      dot(rounds, { ...marks, fill: 'var(--accent)', r: 2.5 }),
    ],
  });
}
