import { lineY, text } from '@observablehq/plot';
import type { PretrainingEvent } from '../../src/protocol/event';
import { draw, ticksFor } from './plot';

/** The reference model's loss on what it was trained on, and on responses kept out. */
export function pretrainingChart(passes: readonly PretrainingEvent[], width: number): SVGSVGElement {
  const kept = passes.filter((pass) => pass.heldOut !== undefined);
  const [end, keptEnd] = [passes.slice(-1), kept.slice(-1)];
  const name = { x: 'pass', dx: 6, textAnchor: 'start' } as const;
  const close = end.length > 0 && keptEnd.length > 0 && tooClose(passes, end[0], keptEnd[0]);
  return draw('Loss of the reference model by pass of pretraining', {
    width,
    height: 200,
    marginLeft: 46,
    marginRight: 70,
    marginTop: 22,
    x: { label: 'pass', ticks: ticksFor(passes.length, width), tickFormat: 'd' },
    y: { label: 'nats per token', grid: true, ticks: 5, zero: true },
    marks: [
      lineY(passes, { x: 'pass', y: 'loss', stroke: 'var(--muted)', strokeWidth: 1.5 }),
      lineY(kept, { x: 'pass', y: 'heldOut', stroke: 'var(--accent)', strokeWidth: 1.75 }),
      text(end, { ...name, y: 'loss', dy: close ? 7 : 0, text: () => 'seen', fill: 'var(--muted)' }),
      text(keptEnd, {
        ...name,
        y: 'heldOut',
        dy: close ? -7 : 0,
        text: () => 'kept out',
        fill: 'var(--accent)',
      }),
    ],
  });
}

/** Whether the names at the ends of the lines would cover each other. */
function tooClose(passes: readonly PretrainingEvent[], a: PretrainingEvent, b: PretrainingEvent): boolean {
  const high = Math.max(...passes.flatMap(({ loss, heldOut }) => [loss, heldOut ?? loss]));
  return Math.abs(a.loss - (b.heldOut ?? 0)) < 0.09 * high;
}
