import * as vscode from 'vscode';
import { ABSENT_COMMAND } from '../commands/new-experiment';
import type { Validator } from '../diagnostics/validator';
import type { LineEdit } from './line-edit';

/**
 * What can be done about a record whose ranking leaves responses out that the annotator never saw. Offered to who asks
 * for actions, not by the light bulb: in a dataset of favourites it would be on at every line.
 */
export function recordRewrites(validator: Pick<Validator, 'last'>): vscode.CodeActionProvider {
  return {
    async provideCodeActions(document, range, { triggerKind }) {
      if (triggerKind !== vscode.CodeActionTriggerKind.Invoke || !range.isSingleLine) return [];
      if (validator.last(document.uri)?.report.dataset.form !== 'canonical') return [];
      const { line } = range.start;
      // the parser of JSON is loaded when it is wanted
      const { unrankedOut } = await import('./unranked');
      const { unranked, edits } = unrankedOut(document.lineAt(line).text);
      return [
        ...(edits.length > 0 ? [takeOut(document.uri, line, edits)] : []),
        // an experiment reads its dataset from disk
        ...(unranked > 0 && document.uri.scheme === 'file' ? [treatAsAbsent(document.uri)] : []),
      ];
    },
  };
}

function takeOut(uri: vscode.Uri, line: number, edits: readonly LineEdit[]): vscode.CodeAction {
  const action = new vscode.CodeAction(
    vscode.l10n.t('Take the unranked responses out of this record (they were never shown)'),
    vscode.CodeActionKind.RefactorRewrite,
  );
  action.edit = new vscode.WorkspaceEdit();
  for (const { offset, length, text } of edits)
    action.edit.replace(uri, new vscode.Range(line, offset, line, offset + length), text);
  return action;
}

function treatAsAbsent(uri: vscode.Uri): vscode.CodeAction {
  const title = vscode.l10n.t('Treat unranked responses as never shown in an experiment');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.RefactorRewrite);
  action.command = { title, command: ABSENT_COMMAND, arguments: [uri] };
  return action;
}
