import * as vscode from 'vscode';
import type { Validator } from '../diagnostics/validator';
import { EXPLAIN_COMMAND } from '../diagnostics/finding-pages';
import { COPY_COMMAND } from './copy-command';
import { COUNT_COMMAND } from './count-from-zero';
import { MAP_COMMAND } from '../mapping/map-columns';
import { PLAN_COMMAND } from './lenses';

const ABOUT_KNOWN_TYPES = ['data/known-types-contradicted', 'form/changed-type'];

/** The file was not taken for what it is. */
export const ABOUT_COLUMNS = ['form/unrecognised', 'form/missing-column'];

/** What can be done about a finding. Edits are offered only while the findings are those of the text as it stands. */
export function quickFixes(validator: Pick<Validator, 'last'>): vscode.CodeActionProvider {
  return {
    async provideCodeActions(document, _range, { diagnostics }) {
      const findings = diagnostics.filter(({ source }) => source === 'EM-DPO');
      const current = validator.last(document.uri)?.version === document.version;
      const edits = current ? await Promise.all(findings.map((each) => editsFor(document, each))) : [];
      const codes = [...new Set(findings.map(codeOf).filter((code) => code.includes('/')))];
      return [
        ...edits.flat(),
        ...(current ? allDuplicates(document, validator, codes) : []),
        ...codes.flatMap((code) => commandsFor(document.uri, code)),
      ];
    },
  };
}

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

async function editsFor(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): Promise<vscode.CodeAction[]> {
  const { line } = diagnostic.range.start;
  switch (codeOf(diagnostic)) {
    case 'data/duplicate-record': {
      if (!isJsonLine(document, line)) return [];
      const fix = action(vscode.l10n.t('Remove this duplicate record'), [diagnostic]);
      fix.edit = removal(document, [line]);
      return [fix];
    }
    case 'form/rank-out-of-range': {
      // the parser of JSON is loaded when it is wanted
      const { rankBase } = await import('./rank-base');
      const { base, edits } = rankBase(document.lineAt(line).text);
      if (base !== 'one') return [];
      const fix = action(vscode.l10n.t('Count from 0 in this record'), [diagnostic]);
      fix.edit = new vscode.WorkspaceEdit();
      for (const { offset, length, text } of edits)
        fix.edit.replace(document.uri, new vscode.Range(line, offset, line, offset + length), text);
      fix.isPreferred = true;
      const title = vscode.l10n.t('Count from 0 in every record of this file');
      const all = action(title, [diagnostic]);
      all.command = { title, command: COUNT_COMMAND, arguments: [document.uri] };
      return [fix, all];
    }
    default:
      return [];
  }
}

function allDuplicates(
  document: vscode.TextDocument,
  validator: Pick<Validator, 'last'>,
  codes: readonly string[],
): vscode.CodeAction[] {
  if (!codes.includes('data/duplicate-record')) return [];
  const findings = validator.last(document.uri)?.report.findings ?? [];
  const lines = findings
    .filter(({ code }) => code === 'data/duplicate-record')
    .flatMap(({ positions }) => positions.slice(0, 1).map((position) => position.line - 1));
  if (lines.length < 2 || !lines.every((line) => isJsonLine(document, line))) return [];
  const all = action(vscode.l10n.t('Remove the {0} duplicate records that are listed', lines.length), []);
  all.edit = removal(document, lines);
  return [all];
}

function commandsFor(uri: vscode.Uri, code: string): vscode.CodeAction[] {
  const run = (title: string, command: string, given: unknown) => {
    const fix = action(title, []);
    fix.command = { title, command, arguments: [given] };
    return fix;
  };
  return [
    ...(ABOUT_COLUMNS.includes(code)
      ? [run(vscode.l10n.t('Say which columns mean what …'), MAP_COMMAND, uri)]
      : []),
    ...(code.startsWith('identify/') ? [run(vscode.l10n.t('Plan what to collect'), PLAN_COMMAND, uri)] : []),
    ...(ABOUT_KNOWN_TYPES.includes(code)
      ? [run(vscode.l10n.t('Write a copy without known types'), COPY_COMMAND, uri)]
      : []),
    run(vscode.l10n.t('Explain “{0}”', code), EXPLAIN_COMMAND, code),
  ];
}

function action(title: string, diagnostics: vscode.Diagnostic[]): vscode.CodeAction {
  const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  if (diagnostics.length > 0) fix.diagnostics = diagnostics;
  return fix;
}

/** Whether a line is a record by itself: in other forms it takes more to remove one. */
function isJsonLine(document: vscode.TextDocument, line: number): boolean {
  if (line >= document.lineCount) return false;
  try {
    const value: unknown = JSON.parse(document.lineAt(line).text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function removal(document: vscode.TextDocument, lines: readonly number[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const line of new Set(lines)) edit.delete(document.uri, document.lineAt(line).rangeIncludingLineBreak);
  return edit;
}
