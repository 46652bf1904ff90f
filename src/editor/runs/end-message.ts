import * as vscode from 'vscode';
import type { RunList } from './run-list';
import type { RunRecord } from './run-record';
import { nats } from './words';

export interface EndActions {
  readonly showResults: (directory: string) => void;
  readonly openReport: (directory: string) => void;
  readonly showLog: () => void;
}

/** Says how each run ended, and offers what comes next. */
export function announceEnds(list: RunList, actions: EndActions): vscode.Disposable {
  return list.onDidEnd((run) => void announce(run, actions));
}

async function announce(run: RunRecord, actions: EndActions): Promise<void> {
  const results = vscode.l10n.t('Show Results');
  const report = vscode.l10n.t('Open Report');
  const log = vscode.l10n.t('Show Log');
  let chosen: string | undefined;
  switch (run.state) {
    case 'finished':
      chosen = await vscode.window.showInformationMessage(
        vscode.l10n.t(
          'Training {0} is done: {1} types, log-likelihood {2}.',
          run.name,
          run.types ?? '?',
          run.logLikelihood === undefined ? '?' : nats(run.logLikelihood),
        ),
        results,
        report,
      );
      break;
    case 'failed':
      chosen = await vscode.window.showErrorMessage(
        vscode.l10n.t('Training {0} failed. {1}', run.name, run.message ?? ''),
        log,
      );
      break;
    case 'dead':
      chosen = await vscode.window.showWarningMessage(
        vscode.l10n.t('Training {0} ended without finishing: its process is gone.', run.name),
        results,
        log,
      );
      break;
    case 'cancelled':
      vscode.window.setStatusBarMessage(vscode.l10n.t('Training {0} was stopped.', run.name), 5000);
      break;
    default:
  }
  if (chosen === results) actions.showResults(run.directory);
  if (chosen === report) actions.openReport(run.directory);
  if (chosen === log) actions.showLog();
}
