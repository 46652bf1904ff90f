import { readDataset } from '../dataset/read';
import type { RankingTable } from '../dataset/table';
import type { RunManifest } from '../protocol/run';
import { hashDataset } from './hash';
import { RunError } from './run-error';

/**
 * The dataset of a run as the run read it.
 *
 * @throws RunError where it has changed since, DatasetError where it is gone
 */
export async function trainedTable(manifest: RunManifest, signal?: AbortSignal): Promise<RankingTable> {
  const { dataset, experiment } = manifest;
  const { sha256 } = await hashDataset({ ...dataset, split: experiment.dataset.split }, signal);
  if (sha256 !== dataset.sha256) {
    throw new RunError(
      `${dataset.path} has changed since the run, whose results are about what it held then. Put the file back, or train again.`,
    );
  }
  const { table } = await readDataset(dataset.path, { ...experiment.dataset, signal });
  return table;
}
