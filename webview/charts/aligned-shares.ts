import { dot, ruleY, text } from '@observablehq/plot';
import type { RunComparison } from '../../src/protocol/comparison';
import { letter } from '../compared';
import { percent, shorten } from '../format';
import { typeColour } from '../theme';
import { draw } from './plot';

interface Row {
  readonly type: number;
  readonly run: string;
  /** null where the run has no such type. */
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The share of every type of the baseline in every run, with the intervals that the runs have. */
export function alignedSharesChart(comparison: RunComparison, width: number): SVGSVGElement {
  const rows = alignedShares(comparison);
  const names = comparison.runs[comparison.baseline].types;
  const present = rows.filter(({ share }) => share !== null);
  const largest = Math.max(...present.map(({ share, high }) => Math.max(share ?? 0, high ?? 0)));
  return draw('Share of each type in each run', {
    width,
    height: alignedSharesHeight(names.length, comparison.runs.length),
    marginLeft: 30,
    marginRight: width < 420 ? 60 : 150,
    marginTop: 4,
    marginBottom: 4,
    x: { axis: null, domain: [0, largest] },
    fy: { axis: null, domain: names.map((_, k) => k), padding: 0.18 },
    y: {
      label: null,
      tickSize: 0,
      domain: ['', ...comparison.runs.map((_, i) => letter(i))],
      padding: 0.2,
    },
    color: { type: 'identity' },
    marks: [
      text(names, {
        fy: (_: string, k: number) => k,
        y: () => '',
        frameAnchor: 'left',
        dx: -26,
        textAnchor: 'start',
        fontWeight: '600',
        text: (name: string) => shorten(name, 40),
      }),
      ruleY(present, {
        fy: 'type',
        y: 'run',
        x1: 0,
        // not under the interval, whose colour lets it through
        x2: (d: Row) => d.low ?? d.share,
        stroke: 'var(--line)',
        strokeWidth: 1,
      }),
      ruleY(present, {
        fy: 'type',
        y: 'run',
        x1: 'low',
        x2: 'high',
        stroke: (d: Row) => typeColour(d.type),
        strokeWidth: 3,
        strokeOpacity: 0.55,
      }),
      dot(present, {
        fy: 'type',
        y: 'run',
        x: 'share',
        r: 4.5,
        fill: (d: Row) => typeColour(d.type),
        stroke: 'var(--bg)',
      }),
      text(rows, {
        fy: 'type',
        y: 'run',
        x: (d: Row) => (d.share === null ? 0 : Math.max(d.share, d.high ?? 0)),
        dx: 9,
        textAnchor: 'start',
        fill: (d: Row) => (d.share === null ? 'var(--muted)' : 'var(--fg)'),
        text: (d: Row) =>
          d.share === null
            ? 'no such type'
            : d.low === null || d.high === null || width < 420
              ? percent(d.share)
              : `${percent(d.share)} (${percent(d.low, 0)} to ${percent(d.high, 0)})`,
      }),
    ],
  });
}

/** By type of the baseline, then by run. */
function alignedShares({ runs, baseline, alignments }: RunComparison): Row[] {
  const reference = alignments.find((each) => each !== null);
  return runs[baseline].types.flatMap((_, k) =>
    runs.map((__, i): Row => {
      const aligned = (alignments[i] ?? reference)?.types[k];
      const own = i === baseline;
      const share = (own ? aligned?.baselineShare : aligned?.share) ?? null;
      const [low, high] = (own ? aligned?.baselineShareInterval : aligned?.shareInterval) ?? [null, null];
      return { type: k, run: letter(i), share, low, high };
    }),
  );
}

export const alignedSharesHeight = (types: number, runs: number) => types * ((runs + 1) * 19 + 18) + 8;
