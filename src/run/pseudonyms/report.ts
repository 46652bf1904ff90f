import { writeAtomic } from '../atomic';
import { readPosterior } from '../posterior';
import { renderReport, type ReportAssets } from '../report';
import { readSnapshot } from '../snapshot';
import { trainedTable } from '../trained-table';
import { pseudonymKey } from './key';
import { pseudonyms } from './pseudonyms';
import { withoutNames } from './snapshot';

/**
 * Writes the report of a run with pseudonyms instead of the names of annotators.
 *
 * @throws RunError when the run cannot be read or the report not be written
 */
export async function writePseudonymousReport(
  directory: string,
  assets: ReportAssets,
  out: string,
): Promise<void> {
  const snapshot = await readSnapshot(directory);
  const names = new Set((await readPosterior(directory))?.annotators);
  // findings may also name annotators of whom no record was used; records without an annotator are called by their lines
  const named = [...names].filter((name) => !/^line \d+$/.test(name)).length;
  if (named < snapshot.manifest.dataset.annotators) {
    const { annotators } = await trainedTable(snapshot.manifest);
    for (let h = 0; h < annotators.size; h++) names.add(annotators.text(h));
  }
  const pseudonym = pseudonyms(await pseudonymKey(directory));
  await writeAtomic(out, renderReport(withoutNames(snapshot, names, pseudonym), assets));
}
