import { crosshairX, dot, lineY, ruleX, ruleY, text } from '@observablehq/plot';
import type { StartSeries } from '../training-state';
import { draw, ticksFor } from './plot';

/** Log-likelihood by iteration: the best start strong, the others faint; `marked` is the iteration looked at. */
export function likelihoodChart(
  series: readonly StartSeries[],
  best: StartSeries | undefined,
  step: 'round' | 'iteration',
  width: number,
  marked?: number,
): SVGSVGElement {
  const others = series.filter((s) => s !== best).flatMap((s) => s.points);
  const strong = best?.points ?? [];
  const end = strong.slice(-1);
  const values = series.flatMap((s) => s.points.map((p) => p.logLikelihood));
  const last = Math.max(...series.map((s) => s.points[s.points.length - 1].iteration));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return draw(`Log-likelihood by ${step} for ${series.length} starts`, {
    width,
    height: 230,
    marginLeft: 62,
    marginRight: 56,
    marginTop: 22,
    x: { label: step, ticks: ticksFor(last, width), tickFormat: 'd', nice: false },
    y: { label: 'log-likelihood (nats)', grid: true, ticks: 5, domain: [low - pad, high + pad] },
    marks: [
      ruleY([low - pad], { stroke: 'var(--line)' }),
      marked === undefined ? null : ruleX([marked], { stroke: 'var(--fg)', strokeDasharray: '3 3' }),
      lineY(others, {
        x: 'iteration',
        y: 'logLikelihood',
        z: 'start',
        stroke: 'var(--muted)',
        strokeOpacity: 0.55,
      }),
      dot(
        series.filter((s) => s !== best && s.points.length === 1).flatMap((s) => s.points),
        { x: 'iteration', y: 'logLikelihood', fill: 'var(--muted)', r: 2.5 },
      ),
      lineY(strong, { x: 'iteration', y: 'logLikelihood', stroke: 'var(--accent)', strokeWidth: 2 }),
      text(end, {
        x: () => last,
        y: 'logLikelihood',
        text: () => `start ${(best?.start ?? 0) + 1}`,
        dx: 6,
        textAnchor: 'start',
        fill: 'var(--accent)',
      }),
      crosshairX(strong, { x: 'iteration', y: 'logLikelihood', color: 'var(--fg)' }),
    ],
  });
}
