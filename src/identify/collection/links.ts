import type { GraphLink } from '../../protocol/validation';
import { unions } from '../graph';

/** Links that a graph is drawn with. */
export const MOST_LINKS = 300;

/** Counts of links between a few nodes. */
export interface LinkCounts {
  /** `a` above `b`, or both judged, in the record of this line. */
  add(a: number, b: number, line: number): void;
  /**
   * The links, strongest first: those that hold the parts together, and then the strongest of the others.
   *
   * @param directed whether it matters which of both came first
   */
  links(directed: boolean): GraphLink[];
}

export function linkCounts(nodes: number): LinkCounts {
  const counts = new Int32Array(nodes * nodes);
  const lines = new Int32Array(nodes * nodes);
  return {
    add: (a, b, line) => {
      const at = a * nodes + b;
      counts[at]++;
      if (lines[at] === 0 || line < lines[at]) lines[at] = line;
    },
    links: (directed) => {
      const all: GraphLink[] = [];
      for (let a = 0; a < nodes; a++) {
        for (let b = a + 1; b < nodes; b++) {
          const [there, back] = [a * nodes + b, b * nodes + a];
          const count = counts[there] + counts[back];
          if (count === 0) continue;
          const line = Math.min(lines[there] || Infinity, lines[back] || Infinity);
          all.push({ from: a, to: b, count, ...(directed && { wins: counts[there] }), line });
        }
      }
      return strongest(all, nodes);
    },
  };
}

/** A spanning forest of the strongest links (Kruskal 1956), filled up with the strongest of the rest. */
function strongest(all: GraphLink[], nodes: number): GraphLink[] {
  all.sort((a, b) => b.count - a.count || a.from - b.from || a.to - b.to);
  const joined = unions(nodes);
  const spanning = new Set(
    all.filter(({ from, to }) => {
      const { of } = joined.components();
      if (of[from] === of[to]) return false;
      joined.join(from, to);
      return true;
    }),
  );
  const others = all.filter((link) => !spanning.has(link)).slice(0, MOST_LINKS - spanning.size);
  const kept = new Set([...spanning, ...others]);
  return all.filter((link) => kept.has(link));
}
