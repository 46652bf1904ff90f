import path from 'node:path';
import * as vscode from 'vscode';
import type { Validator } from '../diagnostics/validator';
import type { ValidationWorker } from '../diagnostics/worker-client';
import { pickFile } from '../pick-file';
import { advicePage } from './advice-page';
import type { ExplainedPages } from './explained';
import { verdictsPage } from './verdicts-page';

/** How well every share is to be known. */
const SHARE_ERROR = 0.05;

/**
 * Plans what to collect so that every share of the types is known, and shows the plan beside the dataset.
 *
 * @param workers makes a worker for this plan alone, so that findings do not wait for it
 */
export async function planCollection(
  workers: () => ValidationWorker,
  pages: ExplainedPages,
  given: unknown,
): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : await pickFile(given, false);
  if (!uri) return;
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  // with one type there is nothing to plan for
  const types = Math.max(2, vscode.workspace.getConfiguration('emdpo', uri).get<number>('types', 3));
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Planning what to collect for {0}', path.basename(uri.fsPath)),
    cancellable: true,
  };
  const worker = workers();
  try {
    const outcome = await vscode.window.withProgress(options, (_progress, token) =>
      worker.validate(
        {
          path: uri.fsPath,
          text: document?.getText(),
          types,
          information: false,
          onlyIfRecognised: false,
          advise: SHARE_ERROR,
        },
        token,
      ),
    );
    if (!outcome.recognised) return;
    await pages.show(uri, vscode.l10n.t('what to collect'), advicePage(outcome.report.advice));
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) throw error;
  } finally {
    worker.dispose();
  }
}

/** Shows for which numbers of types an open dataset can tell them apart, and why. */
export async function showVerdicts(
  validator: Pick<Validator, 'last'>,
  pages: ExplainedPages,
  given: unknown,
): Promise<void> {
  const report = given instanceof vscode.Uri ? validator.last(given)?.report : undefined;
  if (report) await pages.show(given as vscode.Uri, vscode.l10n.t('verdicts'), verdictsPage(report));
}
