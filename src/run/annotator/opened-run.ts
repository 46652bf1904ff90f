import { stat } from 'node:fs/promises';
import type { RankingTable } from '../../dataset/table';
import { ModelError } from '../../policy/transformer/model-error';
import type { RunManifest } from '../../protocol/run';
import { logLinearRewards } from '../assign/response-rewards';
import { readManifest } from '../manifest';
import { RunError } from '../run-error';
import { trainedTable } from '../trained-table';
import { readTypeRewards } from '../type-rewards';

/** A run’s dataset and what its types think of every response. */
export interface OpenedRun {
  readonly manifest: RunManifest;
  readonly table: RankingTable;
  /** By type, by response of the table; up to a constant by prompt and type. A sentence where the run keeps none. */
  readonly rewards: readonly Float64Array[] | string;
  /** When the dataset's file was last written, in milliseconds. */
  readonly written: number;
}

/**
 * @throws RunError where there is no run, or its dataset has changed since; DatasetError where that is gone
 */
export async function openRun(directory: string, signal?: AbortSignal): Promise<OpenedRun> {
  const manifest = await readManifest(directory);
  if (manifest === undefined) throw new RunError(`${directory} has no run.json, so it holds no run.`);
  const written = await writtenAt(manifest);
  const table = await trainedTable(manifest, signal);
  return { manifest, table, rewards: await rewardsOf(directory, table), written };
}

/** Whether the dataset's file is untouched since it was read. */
export async function isCurrent({ manifest, written }: OpenedRun): Promise<boolean> {
  return (await writtenAt(manifest)) === written;
}

/** NaN, which equals nothing, where there is no such file: reading it says so. */
async function writtenAt({ dataset }: RunManifest): Promise<number> {
  return stat(dataset.path).then(
    ({ mtimeMs }) => mtimeMs,
    () => NaN,
  );
}

async function rewardsOf(directory: string, table: RankingTable): Promise<readonly Float64Array[] | string> {
  try {
    const kept = await readTypeRewards(directory);
    if (kept.over === 'given' || kept.over === 'ngrams') return logLinearRewards(table, kept);
    const of = kept.over === 'items' ? table.responseItem : undefined;
    const wanted = kept.over === 'items' ? (table.items?.size ?? 0) : table.responses.size;
    if (kept.values.some(({ length }) => length !== wanted)) {
      return 'The rewards that the run kept are not of this dataset’s responses. Train again.';
    }
    return of ? kept.values.map((values) => Float64Array.from(of, (item) => values[item])) : kept.values;
  } catch (error) {
    if (error instanceof ModelError || error instanceof RunError) return error.message;
    throw error;
  }
}
