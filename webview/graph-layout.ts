import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';
import type { SimulationNodeDatum } from 'd3-force';

export interface LayoutNode {
  /** Nodes with the same key are laid out together; others beside them. */
  readonly cluster: string;
  readonly radius: number;
}

export interface LayoutLink {
  readonly from: number;
  readonly to: number;
}

export interface Layout {
  /** Centre of each node, in CSS pixels. */
  readonly at: readonly { readonly x: number; readonly y: number }[];
  readonly height: number;
}

/** Between two clusters, and around the whole. */
const GAP = 14;
/** Length of a link. */
const LENGTH = 34;
const TICKS = 240;
/** So few nodes stand on a ring, where each has its name beside it. */
export const RING = 16;
/** For a name beside a node of the ring, in CSS pixels and in characters; less of it where there is little. */
export const nameRoom = (width: number) =>
  width < 520 ? { pixels: 74, characters: 11 } : { pixels: 120, characters: 19 };

interface Box {
  readonly members: readonly number[];
  readonly width: number;
  readonly height: number;
  /** Centre of each member, from the upper left corner of the box. */
  readonly at: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Where to draw the nodes of a graph: a few on a ring, else each cluster by its forces (d3-force, whose chance is always the same), and the
 * clusters in rows, largest first. The same graph at the same width always looks the same.
 *
 * @param tallest no cluster becomes higher
 */
export function layoutGraph(
  nodes: readonly LayoutNode[],
  links: readonly LayoutLink[],
  width: number,
  tallest: number,
): Layout {
  const clusters = new Map<string, number[]>();
  nodes.forEach(({ cluster }, i) => {
    const known = clusters.get(cluster);
    if (known) known.push(i);
    else clusters.set(cluster, [i]);
  });
  const inside = width - 2 * GAP;
  const boxes = [...clusters.values()].map((members) =>
    place(members, nodes, links, inside, tallest, clusters.size),
  );
  boxes.sort((a, b) => b.members.length - a.members.length || a.members[0] - b.members[0]);
  const at = new Array<{ x: number; y: number }>(nodes.length);
  let top = GAP;
  for (const row of rows(boxes, inside)) {
    const height = Math.max(...row.map((box) => box.height));
    const used = row.reduce((sum, box) => sum + box.width + GAP, -GAP);
    let left = GAP + (inside - used) / 2;
    for (const box of row) {
      box.members.forEach((node, i) => {
        at[node] = { x: left + box.at[i].x, y: top + (height - box.height) / 2 + box.at[i].y };
      });
      left += box.width + GAP;
    }
    top += height + GAP;
  }
  return { at, height: top };
}

function rows(boxes: readonly Box[], width: number): Box[][] {
  const all: Box[][] = [];
  let used = Infinity;
  for (const box of boxes) {
    if (used + GAP + box.width > width) {
      all.push([]);
      used = -GAP;
    }
    all[all.length - 1].push(box);
    used += GAP + box.width;
  }
  return all;
}

/** A few nodes in the order given, on an ellipse with room for a name beside each. */
function ring(members: readonly number[], width: number, edge: number): Box {
  const room = nameRoom(width).pixels;
  const across = Math.max(40, Math.min(width / 2 - room - edge, 250));
  const down = members.length === 1 ? 0 : Math.min(150, 30 + 9 * members.length);
  return {
    members,
    width: 2 * (across + room + edge),
    height: 2 * (down + edge),
    at: members.map((_, i) => {
      const angle = (2 * Math.PI * (i + 0.5)) / members.length;
      const alone = members.length === 1;
      return {
        x: across + room + edge + (alone ? 0 : across * Math.sin(angle)),
        y: down + edge - down * Math.cos(angle),
      };
    }),
  };
}

function place(
  members: readonly number[],
  nodes: readonly LayoutNode[],
  links: readonly LayoutLink[],
  width: number,
  tallest: number,
  clusters: number,
): Box {
  const local = new Map(members.map((node, i) => [node, i]));
  const bodies: SimulationNodeDatum[] = members.map(() => ({}));
  const springs = links.flatMap(({ from, to }) => {
    const [a, b] = [local.get(from), local.get(to)];
    return a === undefined || b === undefined ? [] : [{ source: a, target: b }];
  });
  // a graph that stands alone may take the whole width
  const wide = clusters === 1 ? Math.max(1, width / tallest) : 1.2;
  forceSimulation(bodies)
    .force('link', forceLink(springs).distance(LENGTH))
    .force('charge', forceManyBody().strength(-70).distanceMax(260))
    .force('x', forceX().strength(0.06 / wide))
    .force('y', forceY().strength(0.06 * wide))
    .force(
      'apart',
      forceCollide<SimulationNodeDatum>((_, i) => nodes[members[i]].radius + 3),
    )
    .stop()
    .tick(TICKS);
  const edge = Math.max(...members.map((node) => nodes[node].radius)) + 2;
  if (clusters === 1 && members.length <= RING) return ring(members, width, edge);
  const xs = bodies.map(({ x = 0 }) => x);
  const ys = bodies.map(({ y = 0 }) => y);
  const [left, upper] = [Math.min(...xs), Math.min(...ys)];
  const across = Math.max(...xs) - left;
  const down = Math.max(...ys) - upper;
  const shrinkX = Math.min(1, (width - 2 * edge) / Math.max(across, 1));
  const shrinkY = Math.min(1, (tallest - 2 * edge) / Math.max(down, 1));
  return {
    members,
    width: across * shrinkX + 2 * edge,
    height: down * shrinkY + 2 * edge,
    at: bodies.map((_, i) => ({
      x: edge + (xs[i] - left) * shrinkX,
      y: edge + (ys[i] - upper) * shrinkY,
    })),
  };
}
