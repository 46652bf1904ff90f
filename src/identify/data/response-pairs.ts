import type { RankingTable } from '../../dataset/table';

/** Two responses to one prompt, by id, and the records where they first appear. */
export interface LocatedPair {
  readonly a: number;
  readonly b: number;
  /** The first record that shows both, or else the first that shows the later of the two. */
  readonly record: number;
  readonly together: boolean;
  /** The first record that shows `a`. */
  readonly recordOfA: number;
}

/** Finds the records of pairs of responses, in one pass, and puts the pairs in the order of these records. */
export function locate(table: RankingTable, pairs: readonly (readonly [number, number])[]): LocatedPair[] {
  if (pairs.length === 0) return [];
  const byPrompt = new Map<number, number[]>();
  pairs.forEach(([a], i) => {
    const x = table.responsePrompt[a];
    const known = byPrompt.get(x);
    if (known) known.push(i);
    else byPrompt.set(x, [i]);
  });
  const first = new Int32Array(table.responses.size).fill(-1);
  const together = new Int32Array(pairs.length).fill(-1);
  const mark = new Int32Array(table.responses.size).fill(-1); // last record seen with the response
  for (let r = 0; r < table.records; r++) {
    const waiting = byPrompt.get(table.prompt[r]);
    if (!waiting) continue;
    for (let i = table.start[r]; i < table.start[r + 1]; i++) {
      const y = table.option[i];
      mark[y] = r;
      if (first[y] < 0) first[y] = r;
    }
    const left = waiting.filter((i) => {
      const [a, b] = pairs[i];
      if (mark[a] !== r || mark[b] !== r) return true;
      together[i] = r;
      return false;
    });
    byPrompt.set(table.prompt[r], left);
  }
  return pairs
    .map(([a, b], i) => ({
      a,
      b,
      record: together[i] >= 0 ? together[i] : Math.max(first[a], first[b]),
      together: together[i] >= 0,
      recordOfA: first[a],
    }))
    .sort((p, q) => p.record - q.record || p.a - q.a || p.b - q.b);
}
