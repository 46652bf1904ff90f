import * as vscode from 'vscode';
import type { RunList } from '../runs/run-list';
import { isGoing } from '../runs/run-record';
import { stopRun } from '../runs/stop-run';
import { pickRun } from './pick-run';

/** Stops a run that is going, and says so at once. */
export async function stopTraining(
  list: RunList,
  log: vscode.LogOutputChannel,
  given: unknown,
): Promise<void> {
  const directory = await pickRun(list, given, isGoing, vscode.l10n.t('No training is going on.'));
  if (directory !== undefined) await stopAndShow(list, log, directory);
}

export async function stopAndShow(
  list: RunList,
  log: vscode.LogOutputChannel,
  directory: string,
): Promise<void> {
  list.markStopping(directory);
  const name = list.get(directory)?.name ?? '';
  const stopping = stopRun(directory, log);
  vscode.window.setStatusBarMessage(`$(debug-stop) ${vscode.l10n.t('Stopping {0} …', name)}`, stopping);
  await stopping;
  await list.refreshOne(directory);
}
