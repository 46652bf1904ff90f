/** Directed edges `from[e] → to[e]` between nodes 0 … nodes − 1, by source: those of v are `to[start[v]] … to[start[v + 1] − 1]`. */
export interface Digraph {
  readonly nodes: number;
  readonly start: Uint32Array;
  readonly to: Int32Array;
}

/** Which component each node is in. */
export interface Components {
  readonly count: number;
  /** By node, 0 … count − 1, numbered in the order of their first nodes. */
  readonly of: Int32Array;
}

/** Builds a digraph from parallel lists of edge ends. */
export function digraph(
  nodes: number,
  from: readonly number[] | Int32Array,
  to: readonly number[] | Int32Array,
): Digraph {
  const start = new Uint32Array(nodes + 1);
  for (let e = 0; e < from.length; e++) start[from[e] + 1]++;
  for (let v = 0; v < nodes; v++) start[v + 1] += start[v];
  const next = start.slice(0, nodes);
  const target = new Int32Array(from.length);
  for (let e = 0; e < from.length; e++) target[next[from[e]]++] = to[e];
  return { nodes, start, to: target };
}

/**
 * Strong components, linear in nodes and edges: nodes that no circle leads to are components by themselves, and what is
 * left is searched by Tarjan's algorithm (1972), without recursion.
 */
export function strongComponents(graph: Digraph): Components {
  const { nodes, start, to } = graph;
  const alone = aheadOfCircles(graph);
  if (alone.length === nodes) return singles(nodes);
  const index = new Int32Array(nodes).fill(-1);
  const low = new Int32Array(nodes);
  const component = new Int32Array(nodes).fill(-1);
  const open: number[] = []; // visited nodes whose component is not complete
  const path: number[] = []; // from the root of the search to the node at hand
  const edge = start.slice(0, nodes); // next edge to follow, by node
  let visited = 0;
  let count = 0;
  for (const v of alone) {
    index[v] = visited++;
    component[v] = count++;
  }
  for (let root = 0; root < nodes; root++) {
    if (index[root] >= 0) continue;
    path.push(root);
    while (path.length > 0) {
      const v = path[path.length - 1];
      if (index[v] < 0) {
        index[v] = low[v] = visited++;
        open.push(v);
      }
      let deeper = false;
      while (edge[v] < start[v + 1] && !deeper) {
        const w = to[edge[v]++];
        if (index[w] < 0) {
          path.push(w);
          deeper = true;
        } else if (component[w] < 0) low[v] = Math.min(low[v], index[w]);
      }
      if (deeper) continue;
      path.pop();
      if (path.length > 0) {
        const parent = path[path.length - 1];
        low[parent] = Math.min(low[parent], low[v]);
      }
      if (low[v] === index[v]) {
        let w: number;
        do {
          w = open.pop()!;
          component[w] = count;
        } while (w !== v);
        count++;
      }
    }
  }
  return inOrder(count, component);
}

/** Every node by itself. */
function singles(nodes: number): Components {
  const of = new Int32Array(nodes);
  for (let v = 0; v < nodes; v++) of[v] = v;
  return { count: nodes, of };
}

/** Nodes that no circle leads to, each after all that lead to it (Kahn 1962). */
function aheadOfCircles({ nodes, start, to }: Digraph): Int32Array {
  const waiting = new Uint32Array(nodes); // edges from nodes that have not been taken
  for (let e = 0; e < to.length; e++) waiting[to[e]]++;
  const taken = new Int32Array(nodes);
  let count = 0;
  for (let v = 0; v < nodes; v++) if (waiting[v] === 0) taken[count++] = v;
  for (let i = 0; i < count; i++) {
    const v = taken[i];
    for (let e = start[v]; e < start[v + 1]; e++) if (--waiting[to[e]] === 0) taken[count++] = to[e];
  }
  return taken.subarray(0, count);
}

/** Components when directions are ignored. */
export function weakComponents({ nodes, start, to }: Digraph): Components {
  const joined = unions(nodes);
  for (let v = 0; v < nodes; v++) {
    for (let e = start[v]; e < start[v + 1]; e++) joined.join(v, to[e]);
  }
  return joined.components();
}

/** Components of edges without direction, which are taken one by one and not kept. */
export interface Unions {
  join(a: number, b: number): void;
  components(): Components;
}

/** Union–find (Tarjan 1975) with path halving; each root is the first node of its component. */
export function unions(nodes: number): Unions {
  const parent = new Int32Array(nodes);
  for (let v = 0; v < nodes; v++) parent[v] = v;
  const root = (node: number) => {
    let v = node;
    while (parent[v] !== v) {
      parent[v] = parent[parent[v]];
      v = parent[v];
    }
    return v;
  };
  return {
    join: (one, other) => {
      const a = root(one);
      const b = root(other);
      if (a < b) parent[b] = a;
      else parent[a] = b;
    },
    components: () => {
      const of = new Int32Array(nodes);
      let count = 0;
      // a parent stands before its node, so that its number is known
      for (let v = 0; v < nodes; v++) of[v] = parent[v] === v ? count++ : of[parent[v]];
      return { count, of };
    },
  };
}

/** The nodes of each component, components in order. */
export function members({ count, of }: Components): number[][] {
  const lists = Array.from({ length: count }, (): number[] => []);
  of.forEach((component, node) => lists[component].push(node));
  return lists;
}

/** Renumbers components by their first node, so that the same graph gives the same numbers however it was searched. */
function inOrder(count: number, labels: Int32Array): Components {
  const number = new Int32Array(count).fill(-1);
  const of = new Int32Array(labels.length);
  let next = 0;
  for (let v = 0; v < labels.length; v++) {
    if (number[labels[v]] < 0) number[labels[v]] = next++;
    of[v] = number[labels[v]];
  }
  return { count, of };
}
