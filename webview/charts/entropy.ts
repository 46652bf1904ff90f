import type { RectYOptions } from '@observablehq/plot';
import { binX, rectY, ruleY } from '@observablehq/plot';
import { draw } from './plot';

/** How many annotators have which entropy of γ, from certainty (0) to log K. */
export function entropyHistogram(entropy: readonly number[], types: number, width: number): SVGSVGElement {
  const top = Math.log(Math.max(types, 2));
  return draw('Annotators by entropy of their posterior', {
    width,
    height: 170,
    marginLeft: 46,
    marginTop: 22,
    x: { label: 'entropy (nats)', domain: [0, top], ticks: Math.max(2, Math.floor(width / 100)) },
    y: { label: 'annotators', grid: true, ticks: 4, tickFormat: 'd' },
    marks: [
      rectY(entropy, {
        ...binX<RectYOptions>({ y: 'count' }, { x: (d: number) => d, thresholds: 24, domain: [0, top] }),
        fill: 'var(--accent)',
        inset: 0.5,
      }),
      ruleY([0], { stroke: 'var(--line)' }),
    ],
  });
}
