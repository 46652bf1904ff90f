import path from 'node:path';
import * as vscode from 'vscode';
import { pickFile } from '../pick-file';
import { freeName } from './free-name';

/** Writes an experiment file beside a dataset, with the keys most people change, and opens it. */
export async function newExperiment(given: unknown): Promise<void> {
  const dataset = await pickFile(given, false);
  if (!dataset) return;
  const name = path.basename(dataset.fsPath);
  const types = vscode.workspace.getConfiguration('emdpo', dataset).get('types', 3);
  const folder = vscode.Uri.joinPath(dataset, '..');
  const target = await freeName(folder, name.replace(/\.[^.]+$/, ''), '.emdpo.json');
  await vscode.workspace.fs.writeFile(target, Buffer.from(experimentText(name, types)));
  await vscode.window.showTextDocument(target, { preview: false });
}

function experimentText(dataset: string, types: number): string {
  const first = vscode.l10n.t('Every key but “dataset” has a default. Point at a key to see what it does.');
  const second = vscode.l10n.t('Start it with the command “EM-DPO: Train”, or: emdpo train FILE');
  return `// ${first}
// ${second}
{
  "dataset": ${JSON.stringify(dataset)},
  "types": ${types},
  "em": { "starts": 8 },
  "seed": 1
}
`;
}
