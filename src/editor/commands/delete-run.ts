import * as vscode from 'vscode';
import type { ResultsPanels } from '../panel/results-panels';
import type { RunList } from '../runs/run-list';
import { isGoing } from '../runs/run-record';
import type { RunRecord } from '../runs/run-record';
import { pickRun } from './pick-run';

/** Whether the person says yes to doing something to runs. */
type Agrees = (question: string, runs: readonly RunRecord[], yes: string) => Promise<boolean>;

/** Moves run directories to the trash, after asking. Where there is no trash it asks again. */
export async function deleteRunsAfterAsking(
  list: RunList,
  panels: Pick<ResultsPanels, 'close'>,
  given: readonly string[],
  agrees: Agrees = confirm,
): Promise<void> {
  const none = vscode.l10n.t('There is no run to delete: none has ended.');
  const picked = given.length > 0 ? undefined : await pickRun(list, undefined, (run) => !isGoing(run), none);
  const directories = picked === undefined ? given : [picked];
  const found = await Promise.all(directories.map((directory) => list.refreshOne(directory)));
  const runs = found.filter((run) => run !== undefined);
  if (runs.length === 0) return;
  const going = runs.find(isGoing);
  if (going) throw new Error(vscode.l10n.t('{0} is still going. Stop it first.', going.name));
  const toTrash = vscode.l10n.t('Move to Trash');
  const question =
    runs.length === 1
      ? vscode.l10n.t('Move the run “{0}” to the trash?', runs[0].name)
      : vscode.l10n.t('Move {0} runs to the trash?', runs.length);
  if (!(await agrees(question, runs, toTrash))) return;
  const left = await removeAll(runs, true);
  if (left.length > 0) {
    const forGood = vscode.l10n.t('Delete Permanently');
    const again =
      left.length === 1
        ? vscode.l10n.t('There is no trash here. Delete the run “{0}” permanently?', left[0].name)
        : vscode.l10n.t('There is no trash here. Delete {0} runs permanently?', left.length);
    if (await agrees(again, left, forGood)) await removeAll(left, false);
  }
  for (const { directory } of runs) if (!(await list.refreshOne(directory))) panels.close(directory);
}

/** @returns the runs that the trash does not take */
async function removeAll(runs: readonly RunRecord[], useTrash: boolean): Promise<RunRecord[]> {
  const left: RunRecord[] = [];
  for (const run of runs) {
    try {
      await vscode.workspace.fs.delete(vscode.Uri.file(run.directory), { recursive: true, useTrash });
    } catch (error) {
      if (!useTrash) throw error;
      left.push(run);
    }
  }
  return left;
}

async function confirm(question: string, runs: readonly RunRecord[], yes: string): Promise<boolean> {
  const detail = runs.map(({ name, directory }) => (runs.length === 1 ? directory : `${name}: ${directory}`));
  const asked = { modal: true, detail: detail.join('\n') };
  return (await vscode.window.showWarningMessage(question, asked, yes)) === yes;
}
