import type { CountBar } from '../../protocol/validation';

/** Bars of one histogram. */
const MOST = 24;
const FEWEST = 8;

/**
 * A histogram of whole numbers with at most 24 bars: one a value where they lie close together; bars of equal width, as many as
 * Rice’s rule gives, where they do not; and where they span orders of magnitude, bars each twice as wide as the one before.
 *
 * @param counts [value, how many have it], in any order; values of at least 0
 */
export function bars(counts: Iterable<readonly [number, number]>): CountBar[] {
  const sorted = [...counts].filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);
  if (sorted.length === 0) return [];
  const lowest = sorted[0][0];
  const highest = sorted[sorted.length - 1][0];
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const most = Math.min(MOST, Math.max(FEWEST, Math.ceil(2 * Math.cbrt(total))));
  if (highest - lowest < most) return sorted.map(([value, count]) => ({ from: value, to: value, count }));
  const wide = highest > 50 * Math.max(1, middle(sorted, total));
  const width = Math.ceil((highest - lowest + 1) / most);
  const binOf = wide
    ? (value: number) => Math.floor(Math.log2(value + 1))
    : (value: number) => Math.floor((value - lowest) / width);
  const ends = wide
    ? (bin: number) => ({ from: 2 ** bin - 1, to: 2 ** (bin + 1) - 2 })
    : (bin: number) => ({ from: lowest + bin * width, to: lowest + (bin + 1) * width - 1 });
  const bins = new Map<number, number>();
  for (const [value, count] of sorted) bins.set(binOf(value), (bins.get(binOf(value)) ?? 0) + count);
  return [...bins].map(([bin, count]) => {
    const { from, to } = ends(bin);
    return { from, to: Math.min(to, highest), count };
  });
}

/** The value of who stands in the middle. */
function middle(sorted: readonly (readonly [number, number])[], total: number): number {
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (2 * seen >= total) return value;
  }
  return 0;
}

/** How many have each value. */
export function tally(values: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
