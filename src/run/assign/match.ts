import type { RankingTable } from '../../dataset/table';

/**
 * The response of a run's dataset behind each response of other records: the same text to the same prompt, and of the
 * same item where there are items.
 *
 * @returns −1 where the run's dataset does not hold it
 */
export function matchResponses(records: RankingTable, trained: RankingTable): Int32Array {
  const of = new Int32Array(records.responses.size).fill(-1);
  const wanted = new Map<string, number[]>(); // responses by prompt
  for (let y = 0; y < of.length; y++) {
    const prompt = records.prompts.text(records.responsePrompt[y]);
    const own = wanted.get(prompt);
    if (own) own.push(y);
    else wanted.set(prompt, [y]);
  }
  // by prompt of the run's dataset: which of its texts are looked for
  const byPrompt = Array.from({ length: trained.prompts.size }, (_, x) => {
    const own = wanted.get(trained.prompts.text(x));
    return own && new Map(own.map((y) => [keyOf(records, y), y]));
  });
  for (let y = 0; y < trained.responses.size; y++) {
    const found = byPrompt[trained.responsePrompt[y]]?.get(keyOf(trained, y));
    if (found !== undefined) of[found] = y;
  }
  return of;
}

/** The item of a run's dataset behind each response of other records; −1 where the run does not know it. */
export function matchItems(records: RankingTable, trained: RankingTable): Int32Array {
  const { items, responseItem } = records;
  const of = new Int32Array(records.responses.size).fill(-1);
  if (!items || !responseItem || !trained.items) return of;
  const known = new Map<string, number>();
  for (let i = 0; i < trained.items.size; i++) known.set(trained.items.text(i), i);
  for (let y = 0; y < of.length; y++) {
    if (responseItem[y] >= 0) of[y] = known.get(items.text(responseItem[y])) ?? -1;
  }
  return of;
}

/** Text and item of a response, within its prompt. */
function keyOf({ responses, responseItem, items }: RankingTable, y: number): string {
  const item = items && responseItem && responseItem[y] >= 0 ? items.text(responseItem[y]) : '';
  return JSON.stringify([item, responses.text(y)]);
}
