import { barX, ruleX, ruleY, text } from '@observablehq/plot';
import type { Estimate, RunComparison } from '../../src/protocol/comparison';
import { letter, policies } from '../compared';
import { interval, natsAlike, shorten } from '../format';
import { draw } from './plot';

interface Row {
  readonly policy: string;
  readonly run: number;
  readonly worst: number;
  readonly ends?: readonly [number, number];
}

/** The worst-off type's regret under every policy, run below run. */
export function worstRegretsChart(comparison: RunComparison, width: number): SVGSVGElement {
  const all = policies(comparison);
  const rows = all.flatMap(({ key, of }) =>
    of.flatMap((candidate, run): Row[] => {
      const { value, interval: ends }: Estimate = candidate?.worst ?? { value: null };
      return value === null ? [] : [{ policy: key, run, worst: value, ends }];
    }),
  );
  const missing = all.flatMap(({ key, of }) =>
    of.flatMap((candidate, run) => (candidate ? [] : [{ policy: key, run: letter(run) }])),
  );
  const nats = natsAlike(rows.map(({ worst }) => worst));
  const right = ({ worst, ends }: Row) => Math.max(worst, ends?.[1] ?? 0, 0);
  const high = Math.max(...rows.map(right), 0.001);
  const low = Math.min(...rows.map(({ worst, ends }) => Math.min(worst, ends?.[0] ?? 0)), 0);
  const narrow = width < 420;
  const words = narrow || rows.every(({ ends }) => ends === undefined) ? 60 : 170;
  return draw('Regret of the worst-off type under each policy, by run', {
    width,
    height: worstRegretsHeight(all.length, comparison.runs.length),
    marginLeft: 30,
    marginRight: words,
    marginTop: 4,
    marginBottom: 4,
    x: { axis: null, domain: [low, high] },
    fy: { axis: null, domain: all.map(({ key }) => key), padding: 0.12 },
    y: {
      label: null,
      tickSize: 0,
      domain: ['', ...comparison.runs.map((_, i) => letter(i))],
      padding: 0.18,
    },
    color: { type: 'identity' },
    marks: [
      text(all, {
        fy: 'key',
        y: () => '',
        frameAnchor: 'left',
        dx: -26,
        textAnchor: 'start',
        fontWeight: '600',
        text: ({ name }: { name: string }) => shorten(name, 60),
      }),
      barX(rows, {
        fy: 'policy',
        y: (d: Row) => letter(d.run),
        x: 'worst',
        fill: (d: Row) => (d.run === comparison.baseline ? 'var(--line-strong)' : 'var(--accent)'),
      }),
      ruleY(
        rows.filter(({ ends }) => ends !== undefined),
        {
          fy: 'policy',
          y: (d: Row) => letter(d.run),
          x1: (d: Row) => d.ends?.[0],
          x2: (d: Row) => d.ends?.[1],
          stroke: 'var(--fg)',
          strokeWidth: 1.25,
        },
      ),
      ruleX([0], { stroke: 'var(--line)' }),
      text(missing, {
        fy: 'policy',
        y: 'run',
        x: 0,
        dx: 6,
        textAnchor: 'start',
        fill: 'var(--muted)',
        text: () => 'none',
      }),
      text(rows, {
        fy: 'policy',
        y: (d: Row) => letter(d.run),
        x: right,
        dx: 6,
        textAnchor: 'start',
        text: (d: Row) =>
          d.ends && !narrow ? `${nats(d.worst)} (${interval(d.ends, nats)})` : nats(d.worst),
      }),
    ],
  });
}

export const worstRegretsHeight = (candidates: number, runs: number) =>
  candidates * ((runs + 1) * 18 + 10) + 8;
