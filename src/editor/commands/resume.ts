import * as vscode from 'vscode';
import { followEvents } from '../runs/follow-events';
import { showProgress } from '../runs/progress-notification';
import { canResume, isGoing } from '../runs/run-record';
import type { RunRecord } from '../runs/run-record';
import { resumeRun } from '../runs/start-run';
import type { StartedRun } from '../runs/start-run';
import { pickRun } from './pick-run';
import type { TrainOptions } from './train';

type ResumeOptions = Omit<TrainOptions, 'panels'>;

/** Goes on with a run that was stopped, failed or died. Resolves when it is going again. */
export async function resume(options: ResumeOptions, given: unknown): Promise<void> {
  requireTrust();
  const none = vscode.l10n.t('There is no run to go on with: none was stopped, failed or died.');
  const directory = await pickRun(options.list, given, canResume, none);
  if (directory !== undefined) await resumeAndShow(options, directory);
}

/** @throws a sentence when the run cannot go on */
export async function resumeAndShow(options: ResumeOptions, directory: string): Promise<void> {
  requireTrust();
  const { cli, logFolder, list, log, stop } = options;
  const run = await list.refreshOne(directory);
  if (!run) throw new Error(vscode.l10n.t('The run is gone: {0}', directory));
  if (isGoing(run)) throw new Error(vscode.l10n.t('{0} is going already.', run.name));
  if (run.state === 'finished')
    throw new Error(vscode.l10n.t('{0} has finished: there is nothing to go on with.', run.name));
  if (run.dataset === undefined) {
    throw new Error(
      vscode.l10n.t('{0} ended before its dataset was read. Start it again with “EM-DPO: Train”.', run.name),
    );
  }
  const started = await resumeRun(cli, logFolder, directory, run.dataset);
  log.info(`Resuming ${directory}: process ${started.pid}.`);
  await untilGoing(run, started, log);
  await list.refreshOne(directory);
  void showProgress(list, directory, run.name, stop);
}

function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('Training starts a process and writes files: trust this workspace first.'));
  }
}

/** Until then the last word in the run directory is how it ended before. */
async function untilGoing(
  { directory, next }: RunRecord,
  { ended }: StartedRun,
  log: vscode.LogOutputChannel,
): Promise<void> {
  let heard = false;
  await new Promise<void>((resolve, reject) => {
    const following = followEvents(directory, {
      from: next,
      onEvents: () => {
        heard = true;
        following.dispose();
        resolve();
      },
      onStateChange: () => undefined,
      log,
    });
    ended.then(
      ({ code, said }) => {
        following.dispose();
        if (said !== '') log.info(said);
        if (heard || code === 0) resolve();
        else reject(new Error(said || vscode.l10n.t('Training ended at once, with code {0}.', String(code))));
      },
      (error: unknown) => {
        following.dispose();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
