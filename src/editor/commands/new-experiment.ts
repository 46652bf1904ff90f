import path from 'node:path';
import * as vscode from 'vscode';
import type { UnrankedTreatment } from '../../protocol/experiment';
import { pickFile } from '../pick-file';
import { freeName } from './free-name';

export const ABSENT_COMMAND = 'emdpo.newExperimentUnrankedAbsent';

/**
 * Writes an experiment file beside a dataset, with the keys most people change, and opens it.
 *
 * @param unranked what it means that a response is left out of a ranking; as the form says, where not given
 */
export async function newExperiment(given: unknown, unranked?: UnrankedTreatment): Promise<void> {
  const dataset = await pickFile(given, false);
  if (!dataset) return;
  const name = path.basename(dataset.fsPath);
  const types = vscode.workspace.getConfiguration('emdpo', dataset).get('types', 3);
  const choice = unranked
    ? `{ "path": ${JSON.stringify(name)}, "unranked": "${unranked}" }`
    : JSON.stringify(name);
  const folder = vscode.Uri.joinPath(dataset, '..');
  const target = await freeName(folder, name.replace(/\.[^.]+$/, ''), '.emdpo.json');
  await vscode.workspace.fs.writeFile(target, Buffer.from(experimentText(choice, types)));
  await vscode.window.showTextDocument(target, { preview: false });
}

/** @param dataset its path, or an object with it, as JSON */
function experimentText(dataset: string, types: number): string {
  const first = vscode.l10n.t('Every key but “dataset” has a default. Point at a key to see what it does.');
  const second = vscode.l10n.t('Start it with the command “EM-DPO: Train”, or: emdpo train FILE');
  return `// ${first}
// ${second}
{
  "dataset": ${dataset},
  "types": ${types},
  "em": { "starts": 8 },
  "seed": 1
}
`;
}
