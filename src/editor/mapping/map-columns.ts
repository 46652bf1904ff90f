import path from 'node:path';
import * as vscode from 'vscode';
import type { Mapping } from '../../run/written-reading';
import { freeName } from '../commands/free-name';
import { experimentText } from '../commands/new-experiment';
import type { ValidationWorker } from '../diagnostics/worker-client';
import { pickFile } from '../pick-file';
import { chooseMapping } from './choose-mapping';

export const MAP_COMMAND = 'emdpo.mapColumns';

/**
 * Asks which columns of a dataset mean what, and writes it into an experiment file beside it: one that is about the
 * dataset already, or a new one. From then on the dataset is read that way in the editor, too.
 *
 * @param workers makes a worker for these questions alone, so that they do not wait for a validation
 */
export async function mapColumns(workers: () => ValidationWorker, given: unknown): Promise<void> {
  const dataset = await pickFile(given, false);
  if (!dataset) return;
  const { experimentsOn } = await import('../../run/written-reading');
  const experiments = await experimentsOn(dataset.fsPath);
  const { form, columns } = experiments.find((each) => each.form !== undefined || each.columns) ?? {};
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === dataset.toString());
  const worker = workers();
  try {
    const look = (mapping: Mapping) =>
      worker.preview({ path: dataset.fsPath, text: open?.getText(), ...mapping });
    const mapping = await chooseMapping(dataset, look, { form, columns });
    if (!mapping) return;
    const names = experiments.map(({ experiment }) => experiment);
    const target = await pickExperiment(names);
    if (target === undefined) return;
    const written = target === 'new' ? await newFile(dataset, mapping) : await change(target, mapping);
    await vscode.window.showTextDocument(written, { preview: false });
    void offerTraining(dataset, written);
  } finally {
    worker.dispose();
  }
}

/** The experiment to write into; a new one where there is none. */
async function pickExperiment(experiments: readonly string[]): Promise<string | undefined> {
  if (experiments.length === 0) return 'new';
  const items = [
    ...experiments.map((file) => ({
      label: path.basename(file),
      iconPath: new vscode.ThemeIcon('edit'),
      target: file,
    })),
    {
      label: vscode.l10n.t('A new experiment file'),
      iconPath: new vscode.ThemeIcon('new-file'),
      target: 'new',
    },
  ];
  const placeHolder = vscode.l10n.t('Where to write it');
  return (await vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }))?.target;
}

async function newFile(dataset: vscode.Uri, { form, columns }: Mapping): Promise<vscode.Uri> {
  const name = path.basename(dataset.fsPath);
  const folder = vscode.Uri.joinPath(dataset, '..');
  const target = await freeName(folder, name.replace(/\.[^.]+$/, ''), '.emdpo.json');
  const text = experimentText(dataset, { path: name, form, columns });
  await vscode.workspace.fs.writeFile(target, Buffer.from(text));
  return target;
}

/** Through the editor, so that it can be undone there. */
async function change(file: string, mapping: Mapping): Promise<vscode.Uri> {
  const { withMapping } = await import('../../run/written-reading');
  const document = await vscode.workspace.openTextDocument(file);
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, all, withMapping(document.getText(), mapping));
  if (!(await vscode.workspace.applyEdit(edit)) || !(await document.save()))
    throw new Error(vscode.l10n.t('{0} could not be saved.', vscode.workspace.asRelativePath(document.uri)));
  return document.uri;
}

async function offerTraining(dataset: vscode.Uri, experiment: vscode.Uri): Promise<void> {
  const train = vscode.l10n.t('Train');
  const said = vscode.l10n.t('{0} now says how {1} is read.', path.basename(experiment.fsPath), path.basename(dataset.fsPath)); // prettier-ignore
  if ((await vscode.window.showInformationMessage(said, train)) === train)
    await vscode.commands.executeCommand('emdpo.train', experiment);
}
