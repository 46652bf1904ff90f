import type { RunComparison } from '../protocol/comparison';
import type { RunEvent } from '../protocol/event';
import { writeAtomic } from './atomic';
import { hiddenOf, snapshotWithoutNames } from './pseudonyms/snapshot';
import { renderReport } from './report';
import type { ReportAssets } from './report';
import { runFile } from './run-files';
import { readSnapshot } from './snapshot';

export interface ReportOptions {
  /** The event that is about to end the run, when the run itself writes its report. */
  readonly finished?: RunEvent;
  /** Where to; report.html of the run directory when absent. */
  readonly out?: string;
  /** Of the run with others, to be shown in the report. */
  readonly comparison?: RunComparison;
  /** Put pseudonyms in place of the names of annotators, and leave folders out. */
  readonly pseudonymise?: boolean;
}

/**
 * Writes the self-contained report of a run.
 *
 * @returns the path of the report
 * @throws RunError when the run cannot be read or the report not be written
 */
export async function writeReport(
  directory: string,
  assets: ReportAssets,
  { finished, out = runFile(directory, 'report'), comparison, pseudonymise }: ReportOptions = {},
): Promise<string> {
  const snapshot = await readSnapshot(directory);
  const shown = {
    ...snapshot,
    ...(finished && { state: 'finished' as const, events: [...snapshot.events, finished] }),
    ...(comparison && { comparison }),
  };
  const told = pseudonymise ? snapshotWithoutNames(shown, await hiddenOf(directory)) : shown;
  await writeAtomic(out, renderReport(told, assets));
  return out;
}
