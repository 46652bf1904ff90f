import * as vscode from 'vscode';
import { freeName } from './free-name';

/** Copies the sample dataset into the workspace, or where the person says, and opens it. */
export async function createSample(extension: vscode.Uri): Promise<void> {
  const sample = vscode.Uri.joinPath(extension, 'media', 'sample', 'answers.jsonl');
  const target = await chooseTarget();
  if (!target) return;
  await vscode.workspace.fs.copy(sample, target, { overwrite: true });
  await vscode.window.showTextDocument(target, { preview: false });
}

async function chooseTarget(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    return vscode.window.showSaveDialog({
      title: vscode.l10n.t('Where to put the sample dataset'),
      filters: { JSONL: ['jsonl'] },
    });
  }
  const folder =
    folders.length === 1
      ? folders[0]
      : await vscode.window.showWorkspaceFolderPick({
          placeHolder: vscode.l10n.t('Which folder gets the sample?'),
        });
  return folder && freeName(folder.uri, 'answers', '.jsonl');
}
