import * as vscode from 'vscode';
import { DATASET_EXTENSIONS, isDatasetName, isExperimentName } from './dataset-file';

/** More files than this are not listed to choose from. */
const LIMIT = 200;

/**
 * The file a command is about: the one it was called on, else the one in front, else one chosen from the workspace.
 *
 * @param experiments whether an experiment file will do
 * @returns `undefined` when nothing was chosen
 * @throws a sentence when the file is not on this machine's disk
 */
export async function pickFile(given: unknown, experiments: boolean): Promise<vscode.Uri | undefined> {
  const suits = (uri: vscode.Uri) => isDatasetName(uri) || (experiments && isExperimentName(uri));
  if (given instanceof vscode.Uri) return onDisk(given);
  const active = vscode.window.activeTextEditor?.document;
  if (active && (suits(active.uri) || active.languageId === 'jsonl')) return onDisk(active.uri);
  // the editor keeps the text of a big file from extensions, but not its name
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!active && tab instanceof vscode.TabInputText && suits(tab.uri)) return onDisk(tab.uri);
  // a panel or the side bar may be in front of the one file that is meant
  const visible = vscode.window.visibleTextEditors.map((editor) => editor.document.uri).filter(suits);
  if (!active && visible.length === 1) return onDisk(visible[0]);
  const packed = DATASET_EXTENSIONS.flatMap((name) => [name, `${name}.gz`, `${name}.zst`]);
  const extensions = [...packed, ...(experiments ? ['emdpo.json'] : [])];
  const found = await vscode.workspace.findFiles(
    `**/*.{${extensions.join(',')}}`,
    '**/{node_modules,.emdpo}/**',
    LIMIT,
  );
  if (found.length === 0) return openDialog(extensions);
  const items = found
    .map((uri) => ({
      uri,
      label: vscode.workspace.asRelativePath(uri),
      iconPath: new vscode.ThemeIcon('file'),
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const other = {
    uri: undefined,
    label: vscode.l10n.t('Another file …'),
    iconPath: new vscode.ThemeIcon('folder'),
  };
  const chosen = await vscode.window.showQuickPick([...items, other], {
    placeHolder: experiments ? vscode.l10n.t('Dataset or experiment') : vscode.l10n.t('Dataset'),
  });
  if (!chosen) return undefined;
  return chosen.uri ?? openDialog(extensions);
}

async function openDialog(extensions: string[]): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Choose a ranking dataset'),
    filters: {
      [vscode.l10n.t('Ranking data')]: [...new Set(extensions.map((name) => name.replace(/^.*\./, '')))],
    },
  });
  return chosen?.at(0);
}

function onDisk(uri: vscode.Uri): vscode.Uri {
  if (uri.scheme === 'file') return uri;
  throw new Error(
    uri.scheme === 'untitled'
      ? vscode.l10n.t('Save this file first: a run reads its dataset from disk.')
      : vscode.l10n.t('{0} is not on this machine’s disk. Save a copy and use that.', uri.toString()),
  );
}

/** Writes what the editor holds of a file, so that a process that reads it from disk sees the same. */
export async function saveFirst(uri: vscode.Uri): Promise<void> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (!document?.isDirty || (await document.save())) return;
  throw new Error(vscode.l10n.t('{0} could not be saved.', vscode.workspace.asRelativePath(uri)));
}
