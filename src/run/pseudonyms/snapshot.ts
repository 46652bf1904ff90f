import path from 'node:path';
import type { RunComparison } from '../../protocol/comparison';
import type { PanelSnapshot } from '../../protocol/panel';
import { readManifest } from '../manifest';
import { readPosterior } from '../posterior';
import { trainedTable } from '../trained-table';
import { projectPseudonyms } from './key';
import { withoutNames, type Hidden } from './without-names';

/**
 * What must not be seen of a run, and what stands instead.
 *
 * @throws RunError when the run cannot be read, or the key not be read or made
 */
export async function hiddenOf(directory: string): Promise<Hidden> {
  const manifest = await readManifest(directory);
  const names = new Set((await readPosterior(directory))?.annotators);
  // findings may also name annotators of whom no record was used; records without an annotator are called by their lines
  const named = [...names].filter((name) => !/^line \d+$/.test(name)).length;
  if (manifest && named < manifest.dataset.annotators) {
    const { annotators } = await trainedTable(manifest);
    for (let h = 0; h < annotators.size; h++) names.add(annotators.text(h));
  }
  return { annotators: names, pseudonym: await projectPseudonyms(directory) };
}

/** A snapshot without names and folders; its own comparison with it. */
export function snapshotWithoutNames(snapshot: PanelSnapshot, hidden: Hidden): PanelSnapshot {
  const { directory } = snapshot;
  const file = snapshot.manifest.dataset.path;
  const paths = new Map([
    [file, path.basename(file)],
    [directory, '.'],
  ]);
  const cleaned = withoutNames(snapshot, { ...hidden, paths });
  return { ...cleaned, directory: path.basename(directory) };
}

/** Runs side by side, without the names of those who moved and the folders of the runs. */
export function comparisonWithoutNames(comparison: RunComparison, hidden: Hidden): RunComparison {
  const paths = new Map(comparison.runs.map(({ directory, label }) => [directory, label]));
  return withoutNames(comparison, { ...hidden, paths });
}
