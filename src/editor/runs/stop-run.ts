import * as vscode from 'vscode';
import { stopRun as stop } from '../../run/stop-run';

/**
 * Stops a run, also one that was only just started. Afterwards no process of it lives.
 *
 * @throws a sentence when the run belongs to another machine
 */
export async function stopRun(directory: string, log: vscode.LogOutputChannel): Promise<void> {
  const stopped = await stop(directory, true);
  switch (stopped.kind) {
    case 'elsewhere':
      throw new Error(
        vscode.l10n.t(
          'This run belongs to process {0} on {1}. Stop it there.',
          stopped.lock.pid,
          stopped.lock.host,
        ),
      );
    case 'stopped':
      log.info(
        `Stopped ${directory}: process ${stopped.pid}${stopped.forced ? ', which had to be ended' : ''}.`,
      );
      return;
    case 'not running':
  }
}
