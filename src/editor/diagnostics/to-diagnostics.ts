import * as vscode from 'vscode';
import type { Finding, Position, Severity } from '../../protocol/finding';
import { findingLink } from './finding-pages';

/** VS Code shows no more than this of one file. */
const LIMIT = 1000;

/** Places of one finding that are listed under its first. */
const RELATED_LIMIT = 20;

const SEVERITY: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/**
 * Findings as the editor shows them: one entry each, at the first place, with the others as related information.
 *
 * @param document the text, where it is open: a place without an end reaches to the end of its line
 */
export function toDiagnostics(
  findings: readonly Finding[],
  uri: vscode.Uri,
  document?: vscode.TextDocument,
): vscode.Diagnostic[] {
  const shown = findings.length > LIMIT ? [...findings].sort(weightiest).slice(0, LIMIT - 1) : findings;
  const diagnostics = shown.map((finding) => toDiagnostic(finding, uri, document));
  const hidden = shown.length < findings.length ? placesOf(findings) - placesOf(shown) : 0;
  if (hidden > 0) {
    const more = new vscode.Diagnostic(
      new vscode.Range(0, 0, 0, 1),
      vscode.l10n.t('{0} more findings are not shown.', hidden),
      vscode.DiagnosticSeverity.Information,
    );
    more.source = 'EM-DPO';
    diagnostics.push(more);
  }
  return diagnostics;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** What concerns the dataset as a whole first, then errors, then the rest; each in the order of the file. */
function weightiest(a: Finding, b: Finding): number {
  const weight = ({ code, severity }: Finding) =>
    code.startsWith('identify/') ? -1 : ORDER.indexOf(severity);
  return weight(a) - weight(b);
}

/** Places that findings speak of: a finding without a place may count all of its code, the listed ones too. */
export function placesOf(findings: readonly Finding[]): number {
  const listed = new Map<string, number>();
  const counted = new Map<string, number>();
  for (const { code, positions, occurrences } of findings) {
    if (positions.length === 0 && occurrences !== undefined) counted.set(code, occurrences);
    else listed.set(code, (listed.get(code) ?? 0) + 1);
  }
  let places = 0;
  for (const code of new Set([...listed.keys(), ...counted.keys()]))
    places += Math.max(listed.get(code) ?? 0, counted.get(code) ?? 0);
  return places;
}

function toDiagnostic(finding: Finding, uri: vscode.Uri, document?: vscode.TextDocument): vscode.Diagnostic {
  const first = finding.positions.at(0);
  const others = finding.positions.slice(1);
  const places = finding.occurrences ?? finding.positions.length;
  const text = [
    finding.message,
    ...(first && places > RELATED_LIMIT + 1 ? [vscode.l10n.t('{0} places in all.', places)] : []),
    ...(finding.fix ? [finding.fix] : []),
  ].join(' ');
  // what concerns the dataset as a whole must not look like a fault of its first record
  const whole = finding.code.startsWith('identify/');
  const diagnostic = new vscode.Diagnostic(
    first ? toRange(first, whole ? undefined : document) : new vscode.Range(0, 0, 0, 1),
    text,
    SEVERITY[finding.severity],
  );
  diagnostic.source = 'EM-DPO';
  diagnostic.code = { value: finding.code, target: findingLink(finding.code) };
  const also = others
    .slice(0, RELATED_LIMIT)
    .map((position) => ({ position, message: vscode.l10n.t('Also here.') }));
  const related = [...(finding.related ?? []), ...also];
  if (related.length > 0) {
    diagnostic.relatedInformation = related.map(
      ({ position, message }) =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(uri, toRange(position, document)),
          message,
        ),
    );
  }
  return diagnostic;
}

/** 1-based and end-exclusive to 0-based; a position without an end reaches to the end of the line's text. */
export function toRange(position: Position, document?: vscode.TextDocument): vscode.Range {
  const line = position.line - 1;
  const column = position.column - 1;
  if (position.endColumn !== undefined) {
    return new vscode.Range(line, column, (position.endLine ?? position.line) - 1, position.endColumn - 1);
  }
  if (document && line < document.lineCount) {
    const length = document.lineAt(line).text.trimEnd().length;
    return new vscode.Range(
      line,
      Math.min(column, Math.max(0, length - 1)),
      line,
      Math.max(length, column + 1),
    );
  }
  return new vscode.Range(line, column, line, column + 1);
}
