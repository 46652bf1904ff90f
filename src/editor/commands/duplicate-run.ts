import path from 'node:path';
import * as vscode from 'vscode';
import { experimentOf } from '../../run/duplicate';
import { EXPERIMENT_SUFFIX } from '../../run/experiment';
import { folderName } from '../../run/directory';
import { readManifest } from '../../run/manifest';
import type { RunList } from '../runs/run-list';
import { exists, freeName } from './free-name';
import { pickRun } from './pick-run';

/** Writes an experiment file with the settings of a run beside its dataset, never over another, and opens it. */
export async function duplicateRun(list: RunList, given: unknown): Promise<void> {
  const none = vscode.l10n.t('There are no runs yet. Start one with “EM-DPO: Train”.');
  const directory = await pickRun(list, given, (run) => run.dataset !== undefined, none);
  if (directory === undefined) return;
  const manifest = await readManifest(directory);
  if (!manifest)
    throw new Error(vscode.l10n.t('This run has no settings yet: its dataset is still being read.'));
  const dataset = vscode.Uri.file(manifest.dataset.path);
  const folder = vscode.Uri.joinPath(dataset, '..');
  if (!(await exists(folder))) {
    throw new Error(
      vscode.l10n.t('The folder of the dataset is gone: {0}. Put the dataset back first.', folder.fsPath),
    );
  }
  const parent = path.basename(directory);
  const name = list.get(directory)?.name ?? manifest.name;
  const target = await freeName(folder, folderName(name), EXPERIMENT_SUFFIX);
  const text = experimentText(experimentOf(manifest.experiment, folder.fsPath, parent), name);
  await vscode.workspace.fs.writeFile(target, Buffer.from(text));
  await vscode.window.showTextDocument(target, { preview: false });
}

function experimentText(experiment: object, name: string): string {
  const first = vscode.l10n.t('The settings of the run {0}. What is not here has its default.', name);
  const second = vscode.l10n.t('Change something, then start it with “EM-DPO: Train”, or: emdpo train FILE');
  const json = JSON.stringify(experiment, null, 2).replace(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (_, items: string) => `[${items.replace(/\s*\n\s*/g, ' ')}]`,
  );
  return `// ${oneLine(first)}\n// ${second}\n${json}\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ');
}
