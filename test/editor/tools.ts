import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

export const EXTENSION = 'em-dpo-lab.em-dpo-lab';

/** Waits until `find` finds something; fails with `what` after a generous while. */
export async function until<T>(
  what: string,
  find: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) assert.fail(`This did not happen within 30 s: ${what}`);
    await sleep(50);
  }
}

export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.at(0);
  assert.ok(folder, 'the tests need a workspace folder');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** The extension under test, active. */
export async function activated(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension(EXTENSION);
  assert.ok(extension, `${EXTENSION} is not there`);
  await extension.activate();
  return extension;
}

export function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === 'EM-DPO');
}

/** The finding's code of a diagnostic. */
export function codeOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

export async function replaceAll(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Labels of the open tabs that show webviews of a type. */
export function webviewTabs(type: string): string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(type))
    .map((tab) => tab.label);
}

export async function closeEverything(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** A log output channel that keeps what is written to it. */
export function recordingLog(): { log: vscode.LogOutputChannel; lines: string[] } {
  const lines: string[] = [];
  const channel = vscode.window.createOutputChannel('EM-DPO test', { log: true });
  const log = new Proxy(channel, {
    get(target, key) {
      if (['trace', 'debug', 'info', 'warn', 'error'].includes(String(key))) {
        return (message: unknown) => lines.push(`${String(key)}: ${String(message)}`);
      }
      return Reflect.get(target, key) as unknown;
    },
  });
  return { log, lines };
}
