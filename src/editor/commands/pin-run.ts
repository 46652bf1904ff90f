import * as vscode from 'vscode';
import { pinnedRun, pinRun, projectOfRun, unpin } from '../../run/pinned';
import type { RunList } from '../runs/run-list';
import { pickRun } from './pick-run';

/** Makes a finished run the one that others of its project are compared with. */
export async function pinAsBaseline(list: RunList, given: unknown): Promise<void> {
  const none = vscode.l10n.t('There is no finished run to pin. Start one with “EM-DPO: Train”.');
  const directory = await pickRun(list, given, (run) => run.state === 'finished' && !run.pinned, none);
  if (directory !== undefined) await setPinned(list, directory, true);
}

export async function unpinBaseline(list: RunList, given: unknown): Promise<void> {
  const none = vscode.l10n.t('No run is pinned.');
  const directory = await pickRun(list, given, (run) => run.pinned === true, none);
  if (directory !== undefined) await setPinned(list, directory, false);
}

/** Shows the change in the list at once; other windows see the file. */
export async function setPinned(list: RunList, directory: string, pinned: boolean): Promise<void> {
  const project = await projectOfRun(directory);
  const before = await pinnedRun(project).catch(() => undefined); // a damaged file is written anew
  if (pinned) await pinRun(directory);
  else if (before === directory) await unpin(project);
  for (const each of new Set([directory, before])) if (each !== undefined) await list.refreshOne(each);
}
