import type { Crowd } from '../annotators/crowd';
import { dominant } from '../annotators/crowd';
import type { Pointer } from '../annotators/pointer';
import { steer } from '../annotators/pointer';
import type { Point, Spot } from '../annotators/ternary';
import { HEIGHT, pointOf, spots } from '../annotators/ternary';
import { svgElement } from '../dom';
import { percent, shorten } from '../format';
import { typeColour } from '../theme';

/** Annotators within this fraction of the side are one dot. */
const STEPS = 36;

/** Of the biggest dot and the smallest, in pixels; between them its area is the number of annotators. */
const LARGEST = 17;
const SMALLEST = 2.5;

/** How far from a dot the pointer may be. */
const REACH = 14;

/** Posteriors at least so high count as surely placed. */
const SURE = 0.9;

const MARGIN = { x: 30, top: 40, bottom: 44 };

export const ternaryHeight = (width: number) => sideFor(width) * HEIGHT + MARGIN.top + MARGIN.bottom;
const sideFor = (width: number) => Math.min(width - 2 * MARGIN.x, 420);

/**
 * The posteriors of annotators over three types, each a place in a triangle. Nearby annotators are one dot, whose area
 * is their number; a click goes through them one after the other.
 *
 * @param shares of the types, marked by a cross
 * @returns the picture, and what moves its marks to where the pointer is now
 */
export function ternaryChart(
  crowd: Crowd,
  shares: readonly number[],
  pointer: Pointer,
  label: string,
  width: number,
): { readonly svg: SVGSVGElement; readonly follow: () => void } {
  const side = sideFor(width);
  const left = (width - side) / 2;
  const at = (p: readonly number[]): Point => {
    const { x, y } = pointOf(p);
    return { x: left + x * side, y: MARGIN.top + (HEIGHT - y) * side };
  };
  const height = ternaryHeight(width);
  const svg = svgElement('svg', {
    class: 'chart ternary',
    role: 'img',
    'aria-label': label,
    tabindex: 0,
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  });
  svg.append(...frame(at), ...corners(crowd.names, shares, at, width));
  const found = spots(crowd.gamma, crowd.order, STEPS);
  const most = found.at(0)?.members.length ?? 1;
  const radius = ({ members }: Spot) => Math.max(SMALLEST, LARGEST * Math.sqrt(members.length / most));
  // a cloud of single annotators would be a cloud of big dots
  const scale = most < 8 ? 4.5 / LARGEST : 1;
  const drawn = found.map((spot) => ({ spot, ...at(spot.p), r: Math.max(SMALLEST, radius(spot) * scale) }));
  for (const { spot, x, y, r } of drawn) {
    const fill = typeColour(dominant(spot.p, 3, 0));
    svg.append(svgElement('circle', { cx: x, cy: y, r, fill, 'fill-opacity': 0.75, stroke: 'var(--bg)' }));
  }
  const centre = at(shares);
  svg.append(cross(centre, 'var(--bg)', 5), cross(centre, 'var(--fg)', 2));
  const [chosen, read] = [1.5, 2.5].map((stroke) =>
    svgElement('circle', { r: 6, fill: 'none', stroke: 'var(--fg)', 'stroke-width': stroke, class: 'ring' }),
  );
  svg.append(chosen, read);
  const spotOf = new Map(drawn.flatMap((each) => each.spot.members.map((h) => [h, each] as const)));
  const move = (ring: SVGCircleElement, annotator: number | undefined) => {
    const spot = annotator === undefined ? undefined : spotOf.get(annotator);
    ring.style.display = spot ? '' : 'none';
    if (!spot) return;
    ring.setAttribute('cx', String(spot.x));
    ring.setAttribute('cy', String(spot.y));
    ring.setAttribute('r', String(spot.r + 3));
  };
  const follow = () => {
    move(chosen, pointer.chosen);
    move(read, pointer.at);
  };
  follow();

  const nearest = (event: MouseEvent): Spot | undefined => {
    const box = svg.getBoundingClientRect();
    const zoom = width / (box.width || width);
    const [x, y] = [(event.clientX - box.left) * zoom, (event.clientY - box.top) * zoom];
    let best: Spot | undefined;
    let distance = REACH;
    for (const each of drawn) {
      const away = Math.hypot(each.x - x, each.y - y) - each.r;
      if (away <= distance) [best, distance] = [each.spot, away];
    }
    return best;
  };
  svg.addEventListener('pointermove', (event) => {
    const spot = nearest(event);
    if (spot && !spot.members.includes(pointer.at ?? -1)) pointer.read(spot.members[0]);
  });
  svg.addEventListener('click', (event) => {
    const members = nearest(event)?.members;
    if (members) pointer.choose(members[(members.indexOf(pointer.chosen ?? -1) + 1) % members.length], svg);
  });
  steer(svg, pointer, crowd);
  return { svg, follow };
}

/** The triangle, where the most probable type changes, and from where on somebody is surely placed. */
function frame(at: (p: readonly number[]) => Point): SVGElement[] {
  const path = (points: readonly (readonly number[])[], closed: boolean) =>
    points.map((p, i) => `${i === 0 ? 'M' : 'L'}${at(p).x},${at(p).y}`).join('') + (closed ? 'Z' : '');
  const middle = [1 / 3, 1 / 3, 1 / 3];
  const turned = (p: readonly number[], by: number) => [0, 1, 2].map((k) => p[(k + 3 - by) % 3]);
  const three = [0, 1, 2];
  const changes = three.map((k) => path([middle, turned([0.5, 0.5, 0], k)], false)).join('');
  const sure = three
    .map((k) => path([turned([SURE, 1 - SURE, 0], k), turned([SURE, 0, 1 - SURE], k)], false))
    .join('');
  const corner = three.map((k) => turned([1, 0, 0], k));
  return [
    svgElement('path', { d: path(corner, true), fill: 'none', stroke: 'var(--line-strong)' }),
    svgElement('path', { d: changes, fill: 'none', stroke: 'var(--line)' }),
    svgElement('path', { d: sure, fill: 'none', stroke: 'var(--line-strong)', 'stroke-dasharray': '3 3' }),
  ];
}

function corners(
  names: readonly string[],
  shares: readonly number[],
  at: (p: readonly number[]) => Point,
  width: number,
): SVGElement[] {
  return names.slice(0, 3).map((name, k) => {
    const { x, y } = at([0, 1, 2].map((j) => (j === k ? 1 : 0)));
    const top = k === 2;
    const text = svgElement('text', {
      x: top ? x : x + (k === 0 ? -MARGIN.x : MARGIN.x),
      y: y + (top ? -LARGEST - 8 : LARGEST + 16),
      'text-anchor': top ? 'middle' : k === 0 ? 'start' : 'end',
      fill: 'var(--fg)',
    });
    const long = Math.max(10, Math.floor(width / 18));
    text.append(
      svgElement('tspan', { 'font-weight': 600, fill: typeColour(k) }, shorten(name, long)),
      svgElement('tspan', { fill: 'var(--muted)', dx: 6 }, percent(shares[k])),
    );
    return text;
  });
}

function cross({ x, y }: Point, stroke: string, width: number): SVGElement {
  const d = `M${x - 6},${y}H${x + 6}M${x},${y - 6}V${y + 6}`;
  return svgElement('path', { d, stroke, 'stroke-width': width, fill: 'none' });
}
