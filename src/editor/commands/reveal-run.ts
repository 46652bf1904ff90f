import * as vscode from 'vscode';
import { runFile } from '../../run/run-files';
import { directoryOf } from './pick-run';

/** Shows a run's folder: in the Explorer where the workspace holds it, else in the system's file manager. */
export async function revealRun(given: unknown): Promise<void> {
  const directory = directoryOf(given);
  if (directory === undefined) return;
  const uri = vscode.Uri.file(runFile(directory, 'manifest'));
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', uri);
}
