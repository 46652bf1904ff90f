import type { RankingTable } from '../dataset/table';

/**
 * 1 for each response that one record only shows: a choice set with such a response is like no other, which spares
 * comparing it. In datasets of free text nearly all are.
 */
export function shownOnce({ option, responses }: RankingTable): Uint8Array {
  const times = new Uint8Array(responses.size); // 0, 1 or 2 for more
  for (const y of option) if (times[y] < 2) times[y]++;
  for (let y = 0; y < times.length; y++) times[y] &= 1;
  return times;
}
