import { areaY, rect, text } from '@observablehq/plot';
import type { Alignment } from '../../src/protocol/comparison';
import { integer, shorten } from '../format';
import { typeColour } from '../theme';
import { draw } from './plot';

/** Room between the types of one run, as a share of all annotators. */
const GAP = 0.06;

interface Node {
  readonly name: string;
  readonly annotators: number;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
}

interface Edge {
  readonly key: string;
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly colour: string;
}

/**
 * Who went where: bands from the types of the baseline, at the left, to those of another run, as wide as the number of
 * annotators. Bands between types that correspond are faint.
 */
export function flowChart(
  alignment: Alignment,
  names: { readonly baseline: readonly string[]; readonly run: readonly string[] },
  label: string,
  width: number,
): SVGSVGElement {
  const { flow, annotators } = alignment;
  const total = Math.max(1, annotators);
  const order = columnOrder(alignment);
  const colourOf = (column: number) => {
    const row = alignment.types.findIndex(({ type }) => type === column + 1);
    return row < 0 ? 'var(--line-strong)' : typeColour(row);
  };
  const rows = flow.map((_, k) => k);
  const sums = (column: number) => flow.reduce((sum, row) => sum + row[column], 0);
  const left = stack(rows, (k) => flow[k].reduce((a, b) => a + b, 0), names.baseline, typeColour, total);
  const right = stack(order, sums, names.run, colourOf, total);
  const leftAt = left.map(({ to }) => to);
  const rightAt = right.map(({ to }) => to);
  const edges = rows.flatMap((k) =>
    order.flatMap((column, place): Edge[] => {
      const part = flow[k][column] / total;
      if (part === 0) return [];
      const [a, b] = [leftAt[k], rightAt[place]];
      leftAt[k] -= part;
      rightAt[place] -= part;
      const stays = alignment.types[k].type === column + 1;
      const edge = { key: `${stays ? 'stay' : 'move'} ${k} ${column}`, colour: typeColour(k) };
      return [
        { ...edge, x: 0, low: a - part, high: a },
        { ...edge, x: 1, low: b - part, high: b },
      ];
    }),
  );
  const band = { x: 'x', y1: 'low', y2: 'high', z: 'key', curve: 'bump-x', fill: 'colour' } as const;
  const stays = ({ key }: Edge) => key.startsWith('stay');
  const narrow = width < 480;
  const side = narrow ? 96 : 170;
  const said = ({ name, annotators: n }: Node) =>
    `${isolated(shorten(name, narrow ? 9 : 18))} · ${integer(n)}`;
  return draw(label, {
    width,
    height: flowHeight(Math.max(left.length, right.length)),
    marginLeft: side,
    marginRight: side,
    marginTop: 6,
    marginBottom: 6,
    x: { axis: null, domain: [-0.02, 1.02] },
    y: { axis: null, domain: [Math.min(0, ...[...left, ...right].map(({ from }) => from)), 1] },
    color: { type: 'identity' },
    marks: [
      areaY(edges.filter(stays), { ...band, fillOpacity: 0.28 }),
      areaY(
        edges.filter((edge) => !stays(edge)),
        { ...band, fillOpacity: 0.8 },
      ),
      rect(left, { x1: -0.02, x2: 0, y1: 'from', y2: 'to', fill: 'colour' }),
      rect(right, { x1: 1, x2: 1.02, y1: 'from', y2: 'to', fill: 'colour' }),
      text(left, { x: -0.02, y: middle, dx: -6, textAnchor: 'end', text: said }),
      text(right, { x: 1.02, y: middle, dx: 6, textAnchor: 'start', text: said }),
    ],
  });
}

/** A name written from right to left does not turn the number around. */
const isolated = (name: string) => `\u2068${name}\u2069`;

const middle = ({ from, to }: Node) => (from + to) / 2;

/** Types of the run, 0-based, in the order of the types that they correspond to, then the others. */
export function columnOrder({ types, extra }: Alignment): number[] {
  return [
    ...types.flatMap(({ type }) => (type === null ? [] : [type - 1])),
    ...extra.map(({ type }) => type - 1),
  ];
}

/** From the top down, with room between. */
function stack(
  order: readonly number[],
  annotators: (type: number) => number,
  names: readonly string[],
  colour: (type: number) => string,
  total: number,
): Node[] {
  let at = 1;
  return order.map((type) => {
    const [to, from] = [at, at - annotators(type) / total];
    at = from - GAP;
    return { name: names[type], annotators: annotators(type), from, to, colour: colour(type) };
  });
}

export const flowHeight = (types: number) => 150 + types * 26;
