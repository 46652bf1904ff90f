import * as vscode from 'vscode';
import { faultOfName, readLabel, renameRun } from '../../run/label';
import { readManifest } from '../../run/manifest';
import type { RunList } from '../runs/run-list';
import { pickRun } from './pick-run';

/** Asks what to call a run. Its directory and run.json stay as they are; nothing typed gives the first name back. */
export async function renameAfterAsking(list: RunList, given: unknown): Promise<void> {
  const none = vscode.l10n.t('There are no runs yet. Start one with “EM-DPO: Train”.');
  const directory = await pickRun(list, given, (run) => run.dataset !== undefined, none);
  if (directory === undefined) return;
  const first = (await readManifest(directory))?.name;
  if (first === undefined)
    throw new Error(vscode.l10n.t('This run has no name yet: its dataset is still being read.'));
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename Run'),
    prompt: vscode.l10n.t('Empty: the name it was started with, {0}.', first),
    value: (await readLabel(directory).catch(() => undefined)) ?? first,
    validateInput: (text) => (text.trim() === '' ? undefined : faultOfName(text)),
  });
  if (typed !== undefined) await rename(list, directory, typed, first);
}

/** @param first the name that the run was started with */
export async function rename(list: RunList, directory: string, typed: string, first: string): Promise<void> {
  const name = typed.trim();
  await renameRun(directory, name === '' || name === first ? undefined : name);
  await list.refreshOne(directory);
}
