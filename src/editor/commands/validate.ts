import path from 'node:path';
import * as vscode from 'vscode';
import type { ScopeVerdict, ValidationReport } from '../../protocol/validation';
import type { Validator } from '../diagnostics/validator';
import { pickFile } from '../pick-file';

/** Checks a dataset now, says what was found in a sentence, and opens it where its findings are. */
export async function validateDataset(validator: Validator, log: vscode.LogOutputChannel, given: unknown) {
  const uri = await pickFile(given, false);
  if (!uri) return;
  await showIfPossible(uri);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Validating {0}', path.basename(uri.fsPath)),
    cancellable: true,
  };
  let report: ValidationReport | undefined;
  try {
    report = await vscode.window.withProgress(options, (progress, token) => {
      let shown = 0;
      return validator.validate(uri, true, token, (read, total) => {
        const percent = total > 0 ? Math.floor((read / total) * 100) : 0;
        progress.report({ increment: percent - shown, message: `${percent} %` });
        shown = percent;
      });
    });
  } catch (error) {
    if (error instanceof vscode.CancellationError) return;
    throw error;
  }
  if (!report) return;
  const text = summary(uri, report);
  log.info(text);
  // the message stays until it is answered; the command is over
  void offerProblems(text, report);
}

async function offerProblems(text: string, report: ValidationReport): Promise<void> {
  const showProblems = vscode.l10n.t('Show Problems');
  const serious = report.findings.some((finding) => finding.severity === 'error');
  const show = serious ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const chosen = await show(text, ...(report.findings.length > 0 ? [showProblems] : []));
  if (chosen) await vscode.commands.executeCommand('workbench.actions.view.problems');
}

/** What is in the file, how many findings there are, and what may be said about types; in one paragraph. */
function summary(uri: vscode.Uri, report: ValidationReport): string {
  const { dataset, findings } = report;
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const size = vscode.l10n.t(
    '{0}: {1} rankings of {2} responses by {3} annotators.',
    path.basename(uri.fsPath),
    dataset.records,
    dataset.responses,
    dataset.annotators,
  );
  const found = vscode.l10n.t('{0} errors, {1} warnings.', count('error'), count('warning'));
  return [size, found, typesApart(report.verdicts)].filter((part) => part !== '').join(' ');
}

/** In which scopes the types can be told apart, and in which not. */
function typesApart(verdicts: readonly ScopeVerdict[]): string {
  const types = verdicts.at(0)?.types;
  if (types === undefined) return '';
  const words: Record<ScopeVerdict['verdict'], string> = {
    'necessary-fails': vscode.l10n.t('they cannot'),
    'sufficient-generic': vscode.l10n.t('generically they can'),
    unknown: vscode.l10n.t('not known'),
  };
  const parts = Object.entries(words).flatMap(([verdict, word]) => {
    const scopes = verdicts.filter((each) => each.verdict === verdict).map((each) => each.scope);
    return scopes.length > 0 ? [`${word} (${scopes.join(', ')})`] : [];
  });
  return vscode.l10n.t('Whether {0} types can be told apart: {1}.', types, parts.join('; '));
}

/** Findings are read beside their lines; a file too big for the editor is validated all the same. */
async function showIfPossible(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: false });
  } catch {
    // not text, or too big: the Problems view still lists the findings
  }
}
