import * as vscode from 'vscode';

export const EXPLAIN_COMMAND = 'emdpo.explainFinding';

const CODE = /^[a-z]+\/[a-z0-9-]+$/;

/** The link behind a finding's code: a command, so that the page opens as a rendered preview. */
export function findingLink(code: string): vscode.Uri {
  return vscode.Uri.parse(`command:${EXPLAIN_COMMAND}?${encodeURIComponent(JSON.stringify([code]))}`);
}

/** Where the page of a finding is; `undefined` for what cannot be a code. */
export function findingPage(extension: vscode.Uri, code: string): vscode.Uri | undefined {
  return CODE.test(code) ? vscode.Uri.joinPath(extension, 'docs', 'findings', `${code}.md`) : undefined;
}

/** Opens the page that explains a finding, beside the dataset. */
export async function explainFinding(extension: vscode.Uri, code: unknown): Promise<void> {
  const page = typeof code === 'string' ? findingPage(extension, code) : undefined;
  if (!page) throw new Error(vscode.l10n.t('There is no finding with the code “{0}”.', String(code)));
  try {
    await vscode.workspace.fs.stat(page);
  } catch {
    throw new Error(vscode.l10n.t('There is no page for the finding “{0}” yet.', String(code)));
  }
  await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
}
