import path from 'node:path';
import * as vscode from 'vscode';

/** Where the runs of a dataset belong: the workspace folder that holds it, else the dataset's own folder. */
export function projectFolderOf(dataset: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(dataset);
  return folder ? folder.uri.fsPath : path.dirname(dataset.fsPath);
}

/** The workspace folders that can hold runs. */
export function projectFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => folder.uri.fsPath);
}

/** Whose queue gets an experiment: the workspace folder of its dataset, else that of its file, else the dataset's own. */
export function queueFolderOf(file: vscode.Uri, dataset: vscode.Uri): string {
  const inside = vscode.workspace.getWorkspaceFolder(dataset) ?? vscode.workspace.getWorkspaceFolder(file);
  return inside ? inside.uri.fsPath : path.dirname(dataset.fsPath);
}
