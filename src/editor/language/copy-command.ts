import path from 'node:path';
import * as vscode from 'vscode';
import { freeName } from '../commands/free-name';
import type { ValidationWorker } from '../diagnostics/worker-client';
import { pickFile, saveFirst } from '../pick-file';
import type { TypeFreeCopy } from './copy-without-types';

export const COPY_COMMAND = 'emdpo.copyWithoutTypes';

/**
 * Writes `<name>.without-types.jsonl` beside a dataset of JSON lines, and says what was left out.
 *
 * @param workers makes a worker for this copy alone, so that findings do not wait for it
 */
export async function writeTypeFreeCopy(workers: () => ValidationWorker, given: unknown): Promise<void> {
  const from = await pickFile(given, false);
  if (!from) return;
  const name = /^(.*)\.(jsonl|ndjson)(\.gz)?$/i.exec(path.basename(from.fsPath));
  if (!name) throw new Error(vscode.l10n.t('Only files of JSON lines (.jsonl) can be copied without types.'));
  await saveFirst(from);
  const to = await freeName(vscode.Uri.joinPath(from, '..'), `${name[1]}.without-types`, '.jsonl');
  const copied = await copy(workers(), from, to);
  if (!copied) return;
  await vscode.window.showTextDocument(to, { preview: false });
  void vscode.window.showInformationMessage(said(path.basename(to.fsPath), copied));
}

async function copy(
  worker: ValidationWorker,
  from: vscode.Uri,
  to: vscode.Uri,
): Promise<TypeFreeCopy | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Copying {0} without types', path.basename(from.fsPath)),
    cancellable: true,
  };
  try {
    return await vscode.window.withProgress(options, (progress, token) => {
      let shown = 0;
      return worker.copyWithoutTypes({ from: from.fsPath, to: to.fsPath }, token, (read, total) => {
        const percent = total > 0 ? Math.floor((read / total) * 100) : 0;
        progress.report({ increment: percent - shown, message: `${percent} %` });
        shown = percent;
      });
    });
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    throw error;
  } finally {
    worker.dispose();
  }
}

function said(name: string, { lines, changed, unread }: TypeFreeCopy): string {
  const all = vscode.l10n.t('{0}: {1} lines, {2} of them had a type.', name, lines, changed);
  if (unread === 0) return all;
  return `${all} ${vscode.l10n.t('{0} lines could not be read and were copied as they are.', unread)}`;
}
