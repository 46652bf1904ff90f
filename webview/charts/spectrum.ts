import { dot, ruleY, text } from '@observablehq/plot';
import { scientific } from '../format';
import { draw } from './plot';

/** An eigenvalue of the information matrix, of all annotators together. */
export interface SpectrumPoint {
  /** 1 is the smallest. */
  readonly place: number;
  readonly value: number;
  /** Counts as 0: the design says nothing about this direction. */
  readonly open: boolean;
}

const HEIGHT = 250;
const ROOM = 22;

/** Powers of ten in a range, at most six; 1, 2 and 5 times them where there are few. */
function powers(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const step = Math.max(1, Math.ceil((last - first) / 6));
  const all: number[] = [];
  for (let power = first; power <= last; power += step)
    for (const times of last - first <= 2 ? [1, 2, 5] : [1]) all.push(times * 10 ** power);
  return all.filter((value) => value >= low && value <= high);
}

/** Eigenvalues on a logarithmic scale, smallest first. Directions without information stand on a line of their own. */
export function spectrumChart(
  points: readonly SpectrumPoint[],
  parameters: number,
  width: number,
): SVGSVGElement {
  const known = points.filter(({ open }) => !open);
  const values = known.map(({ value }) => value);
  const low = Math.min(...values, ...(values.length === 0 ? [0.1] : []));
  const high = Math.max(...values, ...(values.length === 0 ? [10] : []));
  const spread = Math.max(1, Math.log10(high / low));
  const bottom = low / 10 ** (spread * 0.12);
  const nothing = low / 10 ** (spread * 0.28);
  const open = points.filter((point) => point.open);
  const domain = [open.length > 0 ? nothing / 10 ** (spread * 0.06) : bottom, high * 10 ** (spread * 0.06)];
  return draw(
    `Eigenvalues of the information matrix: ${parameters - open.length} of ${parameters} directions have information`,
    {
      width,
      height: HEIGHT,
      marginLeft: 62,
      marginRight: 12,
      marginTop: ROOM,
      x: {
        label: 'direction, least known first',
        domain: [0.5, Math.max(parameters, 2) + 0.5],
        ticks: Math.max(2, Math.min(parameters, Math.floor(width / 70))),
        tickFormat: 'd',
        insetLeft: 6,
        insetRight: 6,
      },
      y: {
        label: 'eigenvalue × N',
        type: 'log',
        domain,
        grid: true,
        ticks: powers(bottom, domain[1]),
        tickFormat: scientific,
      },
      marks: [
        open.length > 0
          ? ruleY([nothing], { stroke: 'var(--bad)', strokeOpacity: 0.5, strokeDasharray: '4 3' })
          : null,
        dot(known, {
          x: 'place',
          y: 'value',
          fill: 'var(--accent)',
          r: points.length > 80 ? 2 : 3.5,
        }),
        dot(open, {
          x: 'place',
          y: () => nothing,
          symbol: 'times',
          stroke: 'var(--bad)',
          strokeWidth: 2,
          r: 4,
        }),
        open.length > 0
          ? text([open[open.length - 1]], {
              x: 'place',
              y: () => nothing,
              text: () => 'no information',
              dx: 10,
              dy: -9,
              textAnchor: 'start',
              fill: 'var(--bad)',
            })
          : null,
      ],
    },
  );
}
