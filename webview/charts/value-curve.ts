import { areaY, dot, lineY, ruleX, ruleY, text } from '@observablehq/plot';
import type { Matrix } from '../../src/regret/matrix';
import { multiply } from '../../src/regret/matrix';
import { nats, percent, shorten } from '../format';
import { typeColour } from '../theme';
import { draw } from './plot';

export const VALUE_CURVE_HEIGHT = 240;

/**
 * Regret of two types by how often the second one's policy answers. The area reaches up to the worst-off type's; its
 * lowest point is the fairest mixture.
 *
 * @param optimum weight of the second type's policy
 */
export function valueCurve(
  regret: Matrix,
  names: readonly string[],
  optimum: number,
  width: number,
): SVGSVGElement {
  const mix = (weight: number) => [1 - weight, weight];
  const worst = (weight: number) => Math.max(...multiply(regret, mix(weight)));
  const lines = [0, 1].flatMap((weight) =>
    multiply(regret, mix(weight)).map((value, type) => ({ weight: weight * 100, value, type })),
  );
  // linear between its ends and the point where the lines cross
  const crossing =
    (regret[1][0] - regret[0][0]) / (regret[0][1] - regret[0][0] - regret[1][1] + regret[1][0]);
  const bends = [0, crossing, optimum, 1].filter((w) => w >= 0 && w <= 1).sort((a, b) => a - b);
  const best = [{ weight: optimum * 100, value: worst(optimum) }];
  return draw(`Regret of ${names.join(' and ')} by how often the policy of ${names[1]} answers`, {
    width,
    height: VALUE_CURVE_HEIGHT,
    marginLeft: 56,
    marginRight: 84,
    marginTop: 22,
    marginBottom: 36,
    x: { label: `how often ${shorten(names[1], 24)}’s policy answers (%)`, domain: [0, 100] },
    y: { label: 'regret (nats)', grid: true, ticks: 5, zero: true },
    color: { type: 'identity' },
    marks: [
      areaY(bends, { x: (w: number) => w * 100, y1: 0, y2: worst, fill: 'var(--fg)', fillOpacity: 0.08 }),
      ruleY([0], { stroke: 'var(--line)' }),
      lineY(lines, {
        x: 'weight',
        y: 'value',
        z: 'type',
        stroke: (d: { type: number }) => typeColour(d.type),
        strokeWidth: 2,
      }),
      ruleX(best, { x: 'weight', y1: 0, y2: 'value', stroke: 'var(--fg)', strokeDasharray: '3 3' }),
      dot(best, { x: 'weight', y: 'value', r: 5, fill: 'var(--fg)', stroke: 'var(--bg)', strokeWidth: 2 }),
      text(best, {
        x: 'weight',
        y: 'value',
        dy: -14,
        fontWeight: '600',
        stroke: 'var(--bg)',
        strokeWidth: 3,
        fill: 'var(--fg)',
        text: (d: { value: number }) => `${percent(optimum, 0)}: ${nats(d.value)} nats`,
      }),
      text(
        lines.filter(({ weight, type }) => (weight === 100) === (type === 0)),
        {
          x: 'weight',
          y: 'value',
          dx: 6,
          textAnchor: 'start',
          text: (d: { type: number }) => shorten(names[d.type], 12),
          fill: (d: { type: number }) => typeColour(d.type),
        },
      ),
    ],
  });
}
