import * as vscode from 'vscode';
import type { RunList } from './run-list';
import { isGoing } from './run-record';
import { timeLeft } from './words';

/** A notification with how far a run is, the time left and a way to stop it; until the run is over. */
export function showProgress(
  list: RunList,
  directory: string,
  name: string,
  stop: (directory: string) => void,
): Thenable<void> {
  const options: vscode.ProgressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Training {0}', name),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    let shown = 0;
    let title = '';
    const report = () => {
      const run = list.get(directory);
      if (!run?.progress) return;
      // each phase fills the bar once
      if (run.progress.title !== title) shown = 0;
      title = run.progress.title;
      const percent = Math.floor((run.progress.fraction ?? 0) * 100);
      const left = run.progress.secondsLeft;
      const parts = [title, percent > 0 ? `${percent} %` : '', left === undefined ? '' : timeLeft(left)];
      progress.report({
        message: token.isCancellationRequested
          ? vscode.l10n.t('Stopping …')
          : parts.filter((part) => part !== '').join(' · '),
        increment: Math.max(0, percent - shown),
      });
      shown = Math.max(shown, percent);
    };
    return new Promise<void>((resolve) => {
      const done = () => {
        const run = list.get(directory);
        if (run && isGoing(run)) {
          report();
          return;
        }
        watching.dispose();
        resolve();
      };
      const watching = list.onDidChange(done);
      token.onCancellationRequested(() => {
        progress.report({ message: vscode.l10n.t('Stopping …') });
        stop(directory);
      });
      done();
    });
  });
}
