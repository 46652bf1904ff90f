import { setImmediate as breathe } from 'node:timers/promises';
import * as vscode from 'vscode';
import { edited } from './line-edit';

export const COUNT_COMMAND = 'emdpo.countFromZero';

/** Lines read before the editor gets a turn. */
const AT_ONCE = 500;

/**
 * Takes 1 from every index of every ranking of an open dataset that counts from 1; lines without a ranking stay.
 *
 * @throws a sentence where a ranking does not count from 1, or the text changes meanwhile: then nothing was changed
 */
export async function countFromZero(given: unknown): Promise<void> {
  if (!(given instanceof vscode.Uri)) return;
  const { rankBase } = await import('./rank-base');
  const document = await vscode.workspace.openTextDocument(given);
  const { version } = document;
  const lines: string[] = [];
  for (let l = 0; l < document.lineCount; l++) {
    if (l % AT_ONCE === 0) await breathe();
    if (document.version !== version)
      throw new Error(vscode.l10n.t('The text changed meanwhile. Nothing was changed; try again.'));
    const line = document.lineAt(l).text;
    const { base, edits } = rankBase(line);
    if (base === 'not one') {
      throw new Error(
        vscode.l10n.t('The ranking in line {0} does not count from 1. Nothing was changed.', l + 1),
      );
    }
    lines.push(edited(line, edits));
  }
  const edit = new vscode.WorkspaceEdit();
  const whole = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
  edit.replace(given, whole, lines.join(document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n'));
  await vscode.workspace.applyEdit(edit);
}
