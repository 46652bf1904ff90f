import * as vscode from 'vscode';
import type { ResultsPanels } from '../panel/results-panels';
import type { RunList } from '../runs/run-list';
import { directoryOf, pickRun } from './pick-run';

/** Shows the panel of a run: the one it was called on, the only one, or one that is chosen. */
export async function showResults(list: RunList, panels: ResultsPanels, given: unknown): Promise<void> {
  const none = vscode.l10n.t('There are no runs yet. Start one with “EM-DPO: Train”.');
  const directory = await pickRun(list, given, (run) => run.dataset !== undefined, none);
  if (directory !== undefined) panels.open(directory);
}

/** Shows the panel of a run in the runs view. */
export function openRun(panels: ResultsPanels, given: unknown): void {
  const directory = directoryOf(given);
  if (directory !== undefined) panels.open(directory);
}

/** Shows one annotator in the panel of a run: `{ directory, annotator }`, as the hover on a dataset gives it. */
export function showAnnotator(panels: ResultsPanels, given: unknown): void {
  const directory = directoryOf(given);
  if (directory === undefined || typeof given !== 'object' || given === null || !('annotator' in given))
    return;
  if (typeof given.annotator === 'string') panels.showAnnotator(directory, given.annotator);
}

export async function pickAndOpenReport(
  list: RunList,
  open: (directory: string) => Promise<void>,
  given: unknown,
): Promise<void> {
  const none = vscode.l10n.t('There is no finished run to report on. Start one with “EM-DPO: Train”.');
  const directory = await pickRun(list, given, (run) => run.state === 'finished', none);
  if (directory !== undefined) await open(directory);
}
