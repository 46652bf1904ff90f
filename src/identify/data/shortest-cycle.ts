import { digraph, strongComponents } from '../graph';
import type { Preferences } from './preferences';

/** Edges followed in one search before it settles for the shortest cycle found. */
const MOST_STEPS = 200_000;

export interface Cycle {
  /** Each is preferred to the next and the last to the first, at least three. Begins with the smallest id. */
  readonly nodes: readonly number[];
  /** The first record that states each of these preferences. */
  readonly records: readonly number[];
  /** Whether there surely is no shorter one. */
  readonly shortest: boolean;
}

/**
 * A shortest cycle of three or more among preferences that are not reversed themselves: breadth-first search from each
 * node of a strong component. Bounded work; deterministic.
 *
 * @returns undefined where there is none
 */
export function shortestCycle({ first, width }: Preferences): Cycle | undefined {
  const ids: number[] = [];
  const local = new Map<number, number>();
  const idOf = (node: number) => {
    const known = local.get(node);
    if (known !== undefined) return known;
    local.set(node, ids.length);
    return ids.push(node) - 1;
  };
  const from: number[] = [];
  const to: number[] = [];
  for (const key of first.keys()) {
    const winner = Math.floor(key / width);
    const loser = key % width;
    if (first.has(loser * width + winner)) continue; // a contradiction, and said so
    from.push(idOf(winner));
    to.push(idOf(loser));
  }
  const graph = digraph(ids.length, from, to);
  const { of, count } = strongComponents(graph);
  const size = new Uint32Array(count);
  for (const component of of) size[component]++;

  let best: number[] | undefined;
  let steps = 0;
  const parent = new Int32Array(ids.length);
  const depth = new Int32Array(ids.length);
  for (let source = 0; source < ids.length && best?.length !== 3 && steps < MOST_STEPS; source++) {
    if (size[of[source]] < 3) continue;
    parent.fill(-1);
    depth[source] = 1;
    parent[source] = source;
    const queue = [source];
    search: for (let head = 0; head < queue.length; head++) {
      const v = queue[head];
      if (best && depth[v] >= best.length) break;
      for (let e = graph.start[v]; e < graph.start[v + 1]; e++) {
        const w = graph.to[e];
        if (of[w] !== of[source]) continue;
        steps++;
        if (w === source) {
          best = pathTo(v, parent);
          break search;
        }
        if (parent[w] >= 0) continue;
        parent[w] = v;
        depth[w] = depth[v] + 1;
        queue.push(w);
      }
    }
  }
  if (!best) return undefined;
  const nodes = startingAtSmallest(best.map((v) => ids[v]));
  const records = nodes.map((node, i) => first.get(node * width + nodes[(i + 1) % nodes.length])!);
  return { nodes, records, shortest: best.length === 3 || steps < MOST_STEPS };
}

/** From the source of the search, which is its own parent, to v. */
function pathTo(v: number, parent: Int32Array): number[] {
  const path = [v];
  while (parent[path[0]] !== path[0]) path.unshift(parent[path[0]]);
  return path;
}

function startingAtSmallest(nodes: readonly number[]): number[] {
  const at = nodes.indexOf(Math.min(...nodes));
  return [...nodes.slice(at), ...nodes.slice(0, at)];
}
