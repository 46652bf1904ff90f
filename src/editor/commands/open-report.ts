import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { labelFile } from '../../run/label';
import { runFile } from '../../run/run-files';
import { runCli } from '../run-cli';

/**
 * Opens the self-contained report of a run in the browser, written first where it is missing or older than the result.
 * Over a remote connection the browser is on another machine: the file is shown for download instead.
 *
 * @param cli path of dist/emdpo.cjs
 */
export async function openReport(cli: string, directory: string): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('A report runs scripts in your browser: trust this workspace first.'));
  }
  const report = runFile(directory, 'report');
  const [written, result] = [await modified(report), await modified(runFile(directory, 'result'))];
  if (result === undefined) throw new Error(vscode.l10n.t('This run has no result to report on.'));
  const renamed = (await modified(labelFile(directory))) ?? 0;
  if (written === undefined || written < Math.max(result, renamed)) {
    const title = vscode.l10n.t('Writing the report');
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      runCli(cli, ['report', directory]),
    );
  }
  const uri = vscode.Uri.file(report);
  if (vscode.env.remoteName === undefined && (await vscode.env.openExternal(uri))) return;
  void offerOnRemote(uri);
}

async function offerOnRemote(uri: vscode.Uri): Promise<void> {
  const reveal = vscode.l10n.t('Show in Explorer');
  const copy = vscode.l10n.t('Copy Path');
  const message = vscode.l10n.t(
    'The report is {0}. It is on the remote machine: download it from the Explorer to open it in your browser.',
    uri.fsPath,
  );
  const chosen = await vscode.window.showInformationMessage(message, reveal, copy);
  if (chosen === reveal) await vscode.commands.executeCommand('revealInExplorer', uri);
  if (chosen === copy) await vscode.env.clipboard.writeText(uri.fsPath);
}

async function modified(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return undefined;
  }
}
