import { lineY, ruleX, ruleY, text, windowY } from '@observablehq/plot';
import type { LossCurves, LossPoint, Stage } from '../loss-curves';
import { draw } from './plot';

export interface LossChart {
  readonly label: string;
  readonly axis: string;
  readonly value: (point: LossPoint) => number;
  /** A value worth a line of its own: what chance or the reference would give. */
  readonly baseline?: number;
}

const SMOOTH = 5;

/** One measure of every policy's training by step: as it came, faint, and its running mean. Rounds are marked. */
export function lossChart(
  { points, stages }: LossCurves,
  { label, axis, value, baseline }: LossChart,
  colour: (policy: string) => string,
  width: number,
): SVGSVGElement {
  const values = points.map(value);
  if (baseline !== undefined) values.push(baseline);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || 1) * 0.06;
  const end = stages.at(-1)?.to ?? 1;
  const line = {
    x: 'at',
    y: value,
    z: (point: LossPoint) => `${point.policy} ${point.line}`,
    stroke: (point: LossPoint) => colour(point.policy),
  } as const;
  const titled = stages.filter(({ from, to }) => ((to - from) / end) * (width - 70) > 44);
  return draw(label, {
    width,
    height: 220,
    marginLeft: 46,
    marginRight: 12,
    marginTop: 34,
    x: { label: 'steps', domain: [0, end], ticks: Math.max(2, Math.floor(width / 90)), tickFormat: 'd' },
    y: { label: axis, grid: true, ticks: 5, domain: [low - pad, high + pad] },
    color: { type: 'identity' },
    marks: [
      ruleY([low - pad], { stroke: 'var(--line)' }),
      baseline === undefined
        ? null
        : ruleY([baseline], { stroke: 'var(--line-strong)', strokeDasharray: '4 3' }),
      ruleX(stages.slice(1), { x: 'from', stroke: 'var(--line-strong)', strokeOpacity: 0.6 }),
      text(titled, {
        x: 'from',
        frameAnchor: 'top',
        dy: -8,
        dx: 2,
        textAnchor: 'start',
        lineAnchor: 'bottom',
        text: (stage: Stage) => stage.title,
        fill: 'var(--muted)',
      }),
      lineY(points, { ...line, strokeWidth: 1, strokeOpacity: 0.28 }),
      lineY(points, windowY({ k: SMOOTH, anchor: 'middle', reduce: 'mean' }, { ...line, strokeWidth: 1.75 })),
    ],
  });
}
