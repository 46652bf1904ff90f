import type { Matrix } from '../../src/regret/matrix';
import { dot, multiply } from '../../src/regret/matrix';
import { svgElement } from '../dom';
import { shorten } from '../format';
import { typeColour } from '../theme';

/** Weights of three types' policies; they sum to 1. */
type Mix = readonly number[];

export interface MarkedMix {
  readonly name: string;
  readonly weights: Mix;
  readonly strong?: boolean;
}

const BANDS = 9;
const TOP = 24;
const BOTTOM = 40;
const SIDE = 62; // room for the names of the lower corners
const WIDEST = 460;

/** Height in CSS pixels at a width. */
export const simplexHeight = (width: number) => Math.round(sideLength(width) * 0.866) + TOP + BOTTOM;
const sideLength = (width: number) => Math.min(width, WIDEST) - 2 * SIDE;

/**
 * Every mixture of three policies as a point of a triangle, with one policy alone at each corner. The colour of a
 * point is that of the type which regrets the mixture most, and the stronger the more it regrets it. Regions and bands
 * are exact: where regrets are linear in the weights both are cut out by straight lines.
 *
 * @param regret 3 × 3, row: who regrets, column: whose policy answers
 */
export function simplexChart(
  regret: Matrix,
  names: readonly string[],
  marks: readonly MarkedMix[],
  width: number,
): SVGSVGElement {
  const side = sideLength(width);
  const height = simplexHeight(width);
  const corners = [
    [SIDE, height - BOTTOM],
    [SIDE + side, height - BOTTOM],
    [SIDE + side / 2, TOP],
  ];
  const at = (mix: Mix) =>
    [0, 1].map((axis) =>
      dot(
        mix,
        corners.map((corner) => corner[axis]),
      ),
    );
  const points = (polygon: readonly Mix[]) =>
    polygon
      .map((mix) =>
        at(mix)
          .map((v) => v.toFixed(2))
          .join(','),
      )
      .join(' ');
  const svg = svgElement('svg', {
    class: 'chart simplex',
    width: Math.min(width, WIDEST),
    height,
    viewBox: `0 0 ${Math.min(width, WIDEST)} ${height}`,
    role: 'img',
    'aria-label': `Worst-off type and its regret for every mixture of ${names.join(', ')}`,
  });
  for (const { type, strength, polygon } of areas(regret)) {
    const colour = `color-mix(in srgb, ${typeColour(type)} ${Math.round(10 + 62 * strength)}%, var(--bg))`;
    svg.append(
      svgElement('polygon', { points: points(polygon), fill: colour, stroke: colour, 'stroke-width': 0.6 }),
    );
  }
  svg.append(
    svgElement('polygon', { points: points(CORNERS), fill: 'none', stroke: 'var(--line-strong)' }),
    ...names.map((name, k) => {
      const [x, y] = at(CORNERS[k]);
      const anchor = k === 2 ? 'middle' : k === 0 ? 'start' : 'end';
      const dx = k === 2 ? 0 : k === 0 ? -SIDE + 2 : SIDE - 2;
      return svgElement(
        'text',
        { x: x + dx, y: k === 2 ? y - 9 : y + 18, 'text-anchor': anchor, fill: 'var(--fg)' },
        `only ${shorten(name, 16)}`,
      );
    }),
    ...marks.flatMap(({ name, weights, strong }) => {
      const [x, y] = at(weights);
      const left = x > SIDE + side * 0.72;
      return [
        svgElement('circle', {
          cx: x,
          cy: y,
          r: strong === true ? 6 : 4.5,
          fill: strong === true ? 'var(--fg)' : 'var(--bg)',
          stroke: strong === true ? 'var(--bg)' : 'var(--fg)',
          'stroke-width': 2,
        }),
        svgElement(
          'text',
          {
            x: x + (left ? -11 : 11),
            y: y + 4,
            'text-anchor': left ? 'end' : 'start',
            fill: 'var(--fg)',
            stroke: 'var(--bg)',
            'stroke-width': 3,
            'paint-order': 'stroke',
            'font-weight': strong === true ? 600 : 400,
          },
          name,
        ),
      ];
    }),
  );
  return svg;
}

const CORNERS: readonly Mix[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

interface Area {
  readonly type: number;
  /** 0 where the regret is smallest, 1 where it is largest. */
  readonly strength: number;
  readonly polygon: readonly Mix[];
}

/** The triangle in convex parts, each with one worst-off type and regrets within one band. */
function areas(regret: Matrix): Area[] {
  const regions = regret.map((own, type) =>
    regret.reduce<readonly Mix[]>(
      (polygon, other, i) => (i === type ? polygon : clip(polygon, (mix) => dot(own, mix) - dot(other, mix))),
      CORNERS,
    ),
  );
  const worst = regions.flat().map((mix) => Math.max(...multiply(regret, mix)));
  const [low, high] = [Math.min(...worst), Math.max(...worst)];
  const band = (high - low) / BANDS;
  return regions.flatMap((region, type) =>
    Array.from({ length: BANDS }, (_, n) => {
      const level = (mix: Mix) => dot(regret[type], mix);
      const above = n === 0 ? region : clip(region, (mix) => level(mix) - low - n * band);
      const polygon = n === BANDS - 1 ? above : clip(above, (mix) => low + (n + 1) * band - level(mix));
      return { type, strength: n / (BANDS - 1), polygon };
    }).filter(({ polygon }) => polygon.length > 2),
  );
}

/** The part of a convex polygon where a function that is linear in the weights is not below 0. */
function clip(polygon: readonly Mix[], f: (mix: Mix) => number): Mix[] {
  return polygon.flatMap((mix, n) => {
    const next = polygon[(n + 1) % polygon.length];
    const [here, there] = [f(mix), f(next)];
    const kept = here >= 0 ? [mix] : [];
    if (here * there >= 0) return kept;
    const part = here / (here - there);
    return [...kept, mix.map((w, k) => w + part * (next[k] - w))];
  });
}
