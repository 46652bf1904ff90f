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
  const folder = vscode.Uri.joinPath(dataset, '..');
  const target = await freeName(folder, name.replace(/\.[^.]+$/, ''), '.emdpo.json');
  await vscode.workspace.fs.writeFile(target, Buffer.from(experimentText(dataset, { path: name, unranked })));
  await vscode.window.showTextDocument(target, { preview: false });
}

/** What an experiment file says about its dataset; what is undefined is left out. */
interface Choice {
  readonly path: string;
  readonly form?: string;
  readonly columns?: Readonly<Record<string, string>>;
  readonly unranked?: UnrankedTreatment;
}

/** The text of a new experiment file about a dataset. */
export function experimentText(dataset: vscode.Uri, choice: Choice): string {
  const types = vscode.workspace.getConfiguration('emdpo', dataset).get('types', 3);
  const { form, columns, unranked } = choice;
  const plain = (form ?? columns ?? unranked) === undefined;
  const written = JSON.stringify(plain ? choice.path : choice, null, 2).replaceAll('\n', '\n  ');
  const first = vscode.l10n.t('Every key but “dataset” has a default. Point at a key to see what it does.');
  const second = vscode.l10n.t('Start it with the command “EM-DPO: Train”, or: emdpo train FILE');
  return `// ${first}
// ${second}
{
  "dataset": ${written},
  "types": ${types},
  "em": { "starts": 8 },
  "seed": 1
}
`;
}
