import type { ComparisonGraph, GraphLink, GraphNode } from '../../src/protocol/validation';
import { svgElement } from '../dom';
import { shorten } from '../format';
import { layoutGraph, RING, nameRoom } from '../graph-layout';
import { typeColour } from '../theme';

/** Of one drawing, in CSS pixels. */
const TALLEST = 380;
/** A pointer this near to a node is on it. */
const REACH = 14;

export interface GraphView {
  readonly label: string;
  /** Number of the colour of each node. */
  readonly colour: (node: GraphNode) => number;
  /** Told which node or link is read, or none. */
  readonly onRead: (what: GraphNode | GraphLink | undefined) => void;
  readonly onOpen: (line: number) => void;
}

/**
 * A graph as SVG. Pointing at a node or a link reads it and shows what it is joined to; a click, or Enter after the arrow
 * keys, opens its first record.
 */
export function comparisonGraph(
  { shown, links }: ComparisonGraph,
  { label, colour, onRead, onOpen }: GraphView,
  width: number,
): SVGSVGElement {
  const most = Math.max(1, ...shown.map(({ records }) => records));
  const nodes = shown.map((node) => ({
    cluster: `${node.prompt ?? ''} ${node.part}`,
    radius:
      shown.length > 60 ? 3.5 + 4 * Math.sqrt(node.records / most) : 5 + 6 * Math.sqrt(node.records / most),
  }));
  const { at, height } = layoutGraph(nodes, links, width, TALLEST);
  const svg = svgElement('svg', {
    class: links.length > 80 ? 'chart graph dense' : 'chart graph',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    tabindex: 0,
    'aria-label': label,
  });
  const thickest = Math.max(1, ...links.map(({ count }) => count));
  const lines = links.map((link) => {
    const [a, b] = [at[link.from], at[link.to]];
    const ends = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
    const line = svgElement('line', {
      ...ends,
      class: 'link',
      stroke: 'var(--fg)',
      'stroke-width': (0.6 + 2.6 * (link.count / thickest)).toFixed(2),
    });
    const target = svgElement('line', { ...ends, class: 'target', stroke: 'transparent', 'stroke-width': 8 });
    target.addEventListener('pointerenter', () => {
      read(undefined, link);
    });
    target.addEventListener('click', (event) => {
      event.stopPropagation();
      if (nearest(event) === undefined) onOpen(link.line);
    });
    svg.append(line);
    return { line, target };
  });
  svg.append(...lines.map(({ target }) => target));
  const circles = shown.map((node, i) => {
    const circle = svgElement('circle', {
      class: node.things > 1 ? 'node rest' : 'node',
      cx: at[i].x,
      cy: at[i].y,
      r: nodes[i].radius,
      fill: typeColour(colour(node)),
      stroke: 'var(--bg)',
      'stroke-width': 1.5,
    });
    svg.append(circle);
    return circle;
  });
  if (shown.length <= RING && new Set(nodes.map(({ cluster }) => cluster)).size === 1)
    svg.append(...names(shown, at, nodes, width));

  const joined = (i: number) =>
    new Set([i, ...links.flatMap(({ from, to }) => (from === i ? [to] : to === i ? [from] : []))]);
  let chosen: number | undefined;
  const read = (node: number | undefined, link?: GraphLink) => {
    chosen = node;
    const near = node === undefined ? (link ? new Set([link.from, link.to]) : undefined) : joined(node);
    svg.classList.toggle('reading', near !== undefined);
    circles.forEach((circle, i) => {
      circle.classList.toggle('near', near?.has(i) ?? false);
      circle.classList.toggle('read', i === node);
    });
    lines.forEach(({ line }, i) => {
      const own = links[i];
      line.classList.toggle('near', link ? own === link : own.from === node || own.to === node);
    });
    onRead(node === undefined ? link : shown[node]);
  };
  const nearest = (event: MouseEvent): number | undefined => {
    const box = svg.getBoundingClientRect();
    const scale = width / (box.width || width);
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    let best: number | undefined;
    let distance = Infinity;
    at.forEach((place, i) => {
      const away = Math.hypot(place.x - x, place.y - y) - nodes[i].radius;
      if (away < distance) [best, distance] = [i, away];
    });
    return distance < REACH - 6 ? best : undefined;
  };
  svg.addEventListener('pointermove', (event) => {
    const node = nearest(event);
    if (node !== undefined && node !== chosen) read(node);
  });
  svg.addEventListener('pointerleave', () => {
    read(undefined);
  });
  svg.addEventListener('click', (event) => {
    const node = nearest(event);
    if (node !== undefined) onOpen(shown[node].line);
  });
  // in reading order, so that an arrow key goes on to a neighbour
  const order = at.map((_, i) => i).sort((a, b) => cell(at[a]) - cell(at[b]) || at[a].x - at[b].x);
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && chosen !== undefined) {
      onOpen(shown[chosen].line);
      return;
    }
    const place = chosen === undefined ? -1 : order.indexOf(chosen);
    const next = {
      ArrowRight: place + 1,
      ArrowDown: place + 1,
      ArrowLeft: place - 1,
      ArrowUp: place - 1,
      Home: 0,
      End: order.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    read(order[Math.max(0, Math.min(order.length - 1, next))]);
  });
  svg.addEventListener('blur', () => {
    read(undefined);
  });
  return svg;
}

const BAND = 40;
const cell = ({ y }: { readonly y: number }) => Math.floor(y / BAND);

function names(
  shown: readonly GraphNode[],
  at: readonly { readonly x: number; readonly y: number }[],
  nodes: readonly { readonly radius: number }[],
  width: number,
): SVGElement[] {
  return shown.map(({ label }, i) => {
    const left = at[i].x < width / 2 - 1;
    const text = svgElement('text', {
      x: at[i].x + (left ? -1 : 1) * (nodes[i].radius + 4),
      y: at[i].y,
      dy: '0.35em',
      'text-anchor': left ? 'end' : 'start',
      fill: 'var(--fg)',
      stroke: 'var(--bg)',
      'stroke-width': 3,
      'paint-order': 'stroke',
    });
    text.textContent = shorten(label, nameRoom(width).characters);
    return text;
  });
}
