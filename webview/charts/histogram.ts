import { barY, rectY, ruleY } from '@observablehq/plot';
import type { CountBar } from '../../src/protocol/validation';
import { counted, integer } from '../format';
import { draw } from './plot';

export interface HistogramWords {
  /** The name of the chart. */
  readonly label: string;
  /** What is counted along the axis, such as “records”. */
  readonly value: string;
  /** What stands on the other axis, such as “annotators”. */
  readonly count: string;
}

const HEIGHT = 150;

/** How many have each value. Bars of equal width stand on an axis of numbers, others each under its own range. */
export function histogram(bars: readonly CountBar[], words: HistogramWords, width: number): SVGSVGElement {
  // the last one ends with the largest value there is
  const even = bars.slice(0, -1).every(({ from, to }) => to - from === bars[0].to - bars[0].from);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const axes = {
    width,
    height: HEIGHT,
    marginLeft: 46,
    marginRight: 10,
    marginTop: 22,
    y: { label: words.count, grid: true, ticks: Math.min(4, most), tickFormat: 'd' },
  } as const;
  const colour = { fill: 'var(--accent)', inset: 0.5 } as const;
  if (!even) {
    const title = (bar: CountBar) => range(bar);
    const every = Math.max(1, Math.ceil((bars.length * 64) / width));
    return draw(words.label, {
      ...axes,
      x: {
        label: words.value,
        type: 'band',
        domain: bars.map(title),
        ticks: bars.filter((_, i) => i % every === 0).map(title),
      },
      marks: [barY(bars, { x: title, y: 'count', ...colour }), ruleY([0], { stroke: 'var(--line)' })],
    });
  }
  const low = bars[0].from - 0.5;
  const high = bars[bars.length - 1].from + bars[0].to - bars[0].from + 0.5;
  // one bar alone is not to look like a wall
  const room = Math.max(0, 6 - (high - low)) / 2;
  const whole = Math.ceil(low - room + 0.5);
  const last = Math.floor(high + room - 0.5);
  const step = Math.max(1, Math.ceil((last - whole + 1) / Math.max(2, Math.floor(width / 44))));
  return draw(words.label, {
    ...axes,
    x: {
      label: words.value,
      domain: [low - room, high + room],
      ticks: Array.from({ length: Math.floor((last - whole) / step) + 1 }, (_, i) => whole + i * step).filter(
        (tick) => tick >= 0,
      ),
      tickFormat: 'd',
      insetLeft: 2,
    },
    marks: [
      rectY(bars, {
        x1: (bar: CountBar) => bar.from - 0.5,
        x2: (bar: CountBar) => bar.from + bars[0].to - bars[0].from + 0.5,
        y: 'count',
        ...colour,
      }),
      ruleY([0], { stroke: 'var(--line)' }),
    ],
  });
}

export function range({ from, to }: CountBar): string {
  return from === to ? integer(from) : `${integer(from)}–${integer(to)}`;
}

/** What a histogram shows, in a sentence: “192 annotators gave 1 to 12 records each; half of them at least 8.” */
export function histogramSentence(
  bars: readonly CountBar[],
  who: string,
  does: string,
  what: string,
  whats = `${what}s`,
): string {
  const all = bars.reduce((sum, { count }) => sum + count, 0);
  const [first, last] = [bars[0], bars[bars.length - 1]];
  if (first.from === last.to) return `${counted(all, who)} ${does} ${counted(first.from, what, whats)} each.`;
  let above = 0;
  const middle = [...bars].reverse().find(({ count }) => (above += count) >= all / 2) ?? first;
  const least = middle.from === middle.to ? `; half of them at least ${integer(middle.from)}` : '';
  return `${counted(all, who)} ${does} ${integer(first.from)} to ${integer(last.to)} ${whats} each${least}.`;
}
