import * as vscode from 'vscode';
import type { ResultsPanels } from '../panel/results-panels';
import type { RunList } from '../runs/run-list';
import { isGoing } from '../runs/run-record';
import { directoryOf } from './pick-run';

/** Moves a run directory to the trash, after asking. Where there is no trash it asks again. */
export async function deleteRun(list: RunList, panels: ResultsPanels, given: unknown): Promise<void> {
  const directory = directoryOf(given);
  if (directory === undefined) return;
  const run = await list.refreshOne(directory);
  if (!run) return;
  if (isGoing(run)) throw new Error(vscode.l10n.t('{0} is still going. Stop it first.', run.name));
  const uri = vscode.Uri.file(directory);
  const toTrash = vscode.l10n.t('Move to Trash');
  if (!(await confirm(vscode.l10n.t('Move the run “{0}” to the trash?', run.name), directory, toTrash)))
    return;
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    const forGood = vscode.l10n.t('Delete Permanently');
    const question = vscode.l10n.t('There is no trash here. Delete the run “{0}” permanently?', run.name);
    if (!(await confirm(question, directory, forGood))) return;
    await vscode.workspace.fs.delete(uri, { recursive: true });
  }
  panels.close(directory);
  await list.refreshOne(directory);
}

async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
