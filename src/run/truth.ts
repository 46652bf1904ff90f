import path from 'node:path';
import * as v from 'valibot';
import type { RankingTable } from '../dataset/table';
import { readChecked } from './checked';

/** Types as a dataset was simulated from: what `emdpo simulate` writes beside it. */
export interface TrueTypes {
  readonly names: readonly string[];
  readonly shares: readonly number[];
  /** By type: reward of each response of the table; absent where the truth does not list every response. */
  readonly rewards?: readonly Float64Array[];
  /** By annotator of the table; −1 where the truth does not name one. */
  readonly annotatorType: Int32Array;
}

const shape = v.looseObject({
  types: v.array(v.looseObject({ name: v.string(), share: v.number() })),
  prompts: v.optional(
    v.array(
      v.looseObject({
        prompt: v.string(),
        responses: v.array(v.string()),
        rewards: v.array(v.array(v.number())),
      }),
    ),
  ),
  annotators: v.array(v.looseObject({ annotator: v.string(), type: v.string() })),
});

/**
 * Reads `<dataset without its extension>.truth.json`. For evaluation only: training never sees it.
 *
 * @returns undefined where there is no such file
 * @throws RunError where it is damaged
 */
export async function readTrueTypes(
  datasetPath: string,
  table: RankingTable,
): Promise<TrueTypes | undefined> {
  const { dir, name } = path.parse(datasetPath);
  const truth = await readChecked(path.join(dir, `${name}.truth.json`), shape);
  if (!truth) return undefined;
  const names = truth.types.map((type) => type.name);
  const typeOf = new Map(truth.annotators.map(({ annotator, type }) => [annotator, names.indexOf(type)]));
  return {
    names,
    shares: truth.types.map((type) => type.share),
    rewards: truth.prompts && rewardsOf(truth.prompts, names.length, table),
    annotatorType: Int32Array.from(
      { length: table.annotators.size },
      (_, h) => typeOf.get(table.annotators.text(h)) ?? -1,
    ),
  };
}

function rewardsOf(
  prompts: readonly {
    readonly prompt: string;
    readonly responses: readonly string[];
    readonly rewards: readonly (readonly number[])[];
  }[],
  types: number,
  table: RankingTable,
): Float64Array[] | undefined {
  const known = new Map(
    prompts.map(({ prompt, responses, rewards }) => [
      prompt,
      new Map(responses.map((text, y) => [text, rewards.map((byResponse) => byResponse[y])])),
    ]),
  );
  const rewards = Array.from({ length: types }, () => new Float64Array(table.responses.size));
  for (let y = 0; y < table.responses.size; y++) {
    const found = known.get(table.prompts.text(table.responsePrompt[y]))?.get(table.responses.text(y));
    if (found?.length !== types || !found.every(Number.isFinite)) return undefined;
    found.forEach((reward, k) => (rewards[k][y] = reward));
  }
  return rewards;
}
