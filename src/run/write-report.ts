import type { RunEvent } from '../protocol/event';
import { writeAtomic } from './atomic';
import { renderReport } from './report';
import type { ReportAssets } from './report';
import { runFile } from './run-files';
import { readSnapshot } from './snapshot';

/**
 * Writes the self-contained report of a run.
 *
 * @param finished the event that is about to end the run, when the run itself writes its report
 * @param out where to; report.html of the run directory when absent
 * @returns the path of the report
 * @throws RunError when the run cannot be read or the report not be written
 */
export async function writeReport(
  directory: string,
  assets: ReportAssets,
  finished?: RunEvent,
  out = runFile(directory, 'report'),
): Promise<string> {
  const snapshot = await readSnapshot(directory);
  const shown = finished && {
    ...snapshot,
    state: 'finished' as const,
    events: [...snapshot.events, finished],
  };
  await writeAtomic(out, renderReport(shown ?? snapshot, assets));
  return out;
}
