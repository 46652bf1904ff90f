import * as vscode from 'vscode';
import { codeOf, ours, until, workspaceFile } from './tools';

export const record = (annotator: string, prompt: string, ranking: unknown, more: object = {}) =>
  JSON.stringify({ annotator, prompt, responses: ['red', 'green', 'blue'], ranking, ...more });

/** Opens a new file in the editor, once it has been validated. */
export async function opened(name: string, lines: readonly string[]): Promise<vscode.TextDocument> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(lines.join('\n') + '\n'));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Commands of the code lenses on a file. */
export async function lenses(uri: vscode.Uri): Promise<vscode.Command[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
  );
  return found.flatMap(({ command }) => (command ? [command] : []));
}

/** What hovering a line says, without the escapes of Markdown. */
export async function hoverAt(uri: vscode.Uri, line: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    new vscode.Position(line, 5),
  );
  const texts = hovers.flatMap(({ contents }) =>
    contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : '')),
  );
  return texts.join('\n').replace(/\\(.)/g, '$1');
}

export async function actionsOn(
  diagnostic: vscode.Diagnostic,
  uri: vscode.Uri,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    diagnostic.range,
  );
}

/** The action of that title on a finding; waits for the findings to be those of the text. */
export function actionOf(uri: vscode.Uri, code: string, title: RegExp): Promise<vscode.CodeAction> {
  return until(`an action ${title} on ${code}`, async () => {
    for (const diagnostic of ours(uri).filter((each) => codeOf(each) === code)) {
      const found = (await actionsOn(diagnostic, uri)).find((each) => title.test(each.title));
      if (found) return found;
    }
    return undefined;
  });
}

export const findings = (uri: vscode.Uri, code: string) => ours(uri).filter((each) => codeOf(each) === code);
