import path from 'node:path';
import * as vscode from 'vscode';
import type { ScopeVerdict, ValidationReport } from '../../protocol/validation';
import { everySoOften } from '../../run/every-so-often';
import { ABOUT_COLUMNS } from '../language/quick-fixes';
import { MAP_COMMAND } from '../mapping/map-columns';
import { placesOf } from '../diagnostics/to-diagnostics';
import type { Validator } from '../diagnostics/validator';
import type { WorkPhase, WorkProgress } from '../diagnostics/worker-protocol';
import { pickFile } from '../pick-file';
import { timeLeft } from '../runs/words';

/**
 * The editor keeps texts longer than this from extensions, after it has read them whole; such a file is validated
 * without being opened. In bytes.
 */
const MOST_OPENED = 50 * 2 ** 20;

/** Checks a dataset now, says what was found in a sentence, and opens it where its findings are. */
export async function validateDataset(validator: Validator, log: vscode.LogOutputChannel, given: unknown) {
  const uri = await pickFile(given, false);
  if (!uri) return;
  const big = await isTooBig(uri);
  if (!big) await showIfPossible(uri);
  const name = path.basename(uri.fsPath);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Validating {0}', name),
    cancellable: true,
  };
  const report = await vscode.window.withProgress(options, async (progress, token) => {
    try {
      return await validator.validate(uri, true, token, progressIn(progress));
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) throw error;
      // where nobody cancelled, a second validation of the same file has taken over
      if (token.isCancellationRequested) sayCancelled(name, log);
      return undefined;
    }
  });
  if (!report) return;
  const where = big ? vscode.l10n.t('The file is too big to be opened here; its findings are listed.') : '';
  const text = [summary(uri, report), where].filter((part) => part !== '').join(' ');
  log.info(text);
  // the message stays until it is answered; the command is over
  void offerProblems(uri, text, report);
}

/** How long a message in the status bar stays, in milliseconds. */
const MESSAGE = 5000;

function sayCancelled(name: string, log: vscode.LogOutputChannel): void {
  const text = vscode.l10n.t('The validation of {0} was cancelled.', name);
  log.info(text);
  vscode.window.setStatusBarMessage(`$(circle-slash) ${text}`, MESSAGE);
}

/** Shows how much of a file was read, then how far its records are judged, and the time that the rest of each will take. */
function progressIn(progress: vscode.Progress<{ message: string; increment: number }>): WorkProgress {
  let shown = 0;
  const say: Record<WorkPhase, (percent: number, far: string) => void> = {
    reading: (percent, far) => {
      progress.report({
        increment: percent - shown,
        message: percent < 100 ? far : vscode.l10n.t('read; checking its records …'),
      });
      shown = percent;
    },
    validating: (_, far) => {
      progress.report({ increment: 0, message: vscode.l10n.t('checking its records: {0}', far) });
    },
  };
  const pace = (phase: WorkPhase) =>
    everySoOften((done, total, secondsLeft) => {
      const percent = Math.floor((done / total) * 100);
      const left = secondsLeft === undefined ? [] : [timeLeft(secondsLeft)];
      say[phase](percent, [`${percent} %`, ...left].join(' · '));
    });
  const paced = { reading: pace('reading'), validating: pace('validating') };
  return (done, total, phase) => {
    paced[phase](done, total);
  };
}

async function offerProblems(uri: vscode.Uri, text: string, report: ValidationReport): Promise<void> {
  const showProblems = vscode.l10n.t('Show Problems');
  const mapColumns = vscode.l10n.t('Map Columns …');
  const unread = report.findings.some(({ code }) => ABOUT_COLUMNS.includes(code));
  const serious = report.findings.some((finding) => finding.severity === 'error');
  const show = serious ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const chosen = await show(
    text,
    ...(unread ? [mapColumns] : []),
    ...(report.findings.length > 0 ? [showProblems] : []),
  );
  if (chosen === mapColumns) await vscode.commands.executeCommand(MAP_COMMAND, uri);
  else if (chosen) await vscode.commands.executeCommand('workbench.actions.view.problems');
}

/** What is in the file, how many findings there are, and what may be said about types; in one paragraph. */
function summary(uri: vscode.Uri, report: ValidationReport): string {
  const { dataset, findings } = report;
  const count = (severity: string) => placesOf(findings.filter((finding) => finding.severity === severity));
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

/** Whether the editor would read a file and then keep it to itself. What is open already is not. */
async function isTooBig(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.textDocuments.some((open) => open.uri.toString() === uri.toString())) return false;
  try {
    return (await vscode.workspace.fs.stat(uri)).size > MOST_OPENED;
  } catch {
    return false; // whoever reads it says why it cannot be read
  }
}

/** Findings are read beside their lines; a file that cannot be shown as text is validated all the same. */
async function showIfPossible(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: false });
  } catch {
    // not text: the Problems view still lists the findings
  }
}
