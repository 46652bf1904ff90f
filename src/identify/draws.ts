import type { RankingTable } from '../dataset/table';
import { recordsByAnnotator, type Questions } from './questions';

/** Repeats that must be expected before their absence says anything. */
const ENOUGH = 5;

/**
 * Whether the questions of one annotator may have been drawn at random, each independently of the others. They were not
 * where people almost never meet the same question twice although chance would have it so: then questions were dealt
 * without repetition, or everybody was asked the same list.
 */
export function maybeDrawnIndependently(table: RankingTable, { count, of, asked }: Questions): boolean {
  const { start, record } = recordsByAnnotator(table);
  const last = new Int32Array(count).fill(-1); // annotator who met the question last
  let total = 0;
  for (const n of asked) total += n;
  let chance = 0; // that two random records ask the same
  for (const n of asked) chance += (n / total) ** 2;
  let expected = 0;
  let repeats = 0;
  for (let a = 0; a + 1 < start.length; a++) {
    let own = 0;
    for (let i = start[a]; i < start[a + 1]; i++) {
      const q = of[record[i]];
      if (q < 0) continue;
      expected += own * chance;
      own++;
      if (last[q] === a) repeats++;
      last[q] = a;
    }
  }
  return expected < ENOUGH || repeats > expected / 2;
}
