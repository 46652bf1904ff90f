import type { Rankings } from './kernels/rankings';

/** Alternatives that a chain of choice sets connects. */
export interface Components {
  readonly count: number;
  /** Component of each alternative. */
  readonly component: Int32Array;
  /** Index of each alternative within its component. */
  readonly index: Int32Array;
  readonly size: Int32Array;
}

/** Weakly connected components: two alternatives are linked when some choice set offers both (union–find). */
export function connectAlternatives(rankings: Rankings): Components {
  const n = rankings.alternatives;
  const parent = new Int32Array(n).map((_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
    return i;
  };
  for (let r = 0; r < rankings.count; r++) {
    const first = find(rankings.option[rankings.start[r]]);
    for (let o = rankings.start[r] + 1; o < rankings.start[r + 1]; o++) {
      parent[find(rankings.option[o])] = first;
    }
  }
  const component = new Int32Array(n).fill(-1);
  const index = new Int32Array(n);
  const sizes: number[] = [];
  for (let i = 0; i < n; i++) {
    const root = find(i);
    if (component[root] < 0) {
      component[root] = sizes.length;
      sizes.push(0);
    }
    component[i] = component[root];
    index[i] = sizes[component[i]]++;
  }
  return { count: sizes.length, component, index, size: Int32Array.from(sizes) };
}
