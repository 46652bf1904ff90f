import path from 'node:path';
import * as vscode from 'vscode';
import { moveInQueue, removeFromQueue } from '../../run/queue/change-queue';
import type { Queue } from '../../run/queue/read-queue';
import { stopQueue } from '../../run/queue/stop-queue';
import type { QueueNode } from '../queue/queue-item';
import { isWorkedThrough } from '../queue/queue-list';
import type { QueueList } from '../queue/queue-list';
import { runCli } from '../run-cli';
import type { RunList } from '../runs/run-list';

/** Starts a process that works through a queue. It outlives this window. */
export async function runQueue(queues: QueueList, cli: string, given?: string): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('Training starts a process and writes files: trust this workspace first.'));
  }
  await queues.refresh(given);
  const none = vscode.l10n.t('Nothing waits in the queue. Add to it with “EM-DPO: Add to Queue”.');
  const waits = (queue: Queue) => queue.waiting.length + queue.started.length > 0;
  const project = given ?? (await pickQueue(queues, waits, none));
  if (project === undefined) return;
  const said = await runCli(cli, ['queue', 'run', '--detach', '--json', '--project', project]);
  const { started, pid } = JSON.parse(said) as { started: boolean; pid: number };
  await queues.refresh();
  vscode.window.setStatusBarMessage(
    started
      ? vscode.l10n.t('The queue runs, also when this window is closed.')
      : vscode.l10n.t('Process {0} works through the queue already.', pid),
    5000,
  );
}

/** Stops working through a queue, and asks whether to stop the run that is going, too. */
export async function stopQueueAfterAsking(queues: QueueList, runs: RunList): Promise<void> {
  await queues.refresh();
  const project = await pickQueue(queues, isWorkedThrough, vscode.l10n.t('The queue is not running.'));
  const queue = queues.all.find((each) => each.project === project);
  if (!queue) return;
  const going = queue.started.find(({ state }) => state === 'running');
  const withRun = vscode.l10n.t('Stop the Run, Too');
  const without = vscode.l10n.t('Let the Run Finish');
  const chosen = going
    ? await vscode.window.showWarningMessage(
        vscode.l10n.t('Stop the queue? {0} is running.', going.request.name),
        {
          modal: true,
          detail: vscode.l10n.t(
            'What waits keeps waiting. A run that is stopped with the queue goes on first when the queue is run again.',
          ),
        },
        without,
        withRun,
      )
    : without;
  if (chosen === undefined) return;
  const { worker, lock } = await stopQueue(queue.project, chosen === withRun);
  if (worker === 'elsewhere' && lock) {
    throw new Error(
      vscode.l10n.t('Process {0} on {1} works through the queue. Stop it there.', lock.pid, lock.host),
    );
  }
  if (going?.directory !== undefined) await runs.refreshOne(going.directory);
  await queues.refresh();
}

/** Takes an experiment out of the queue, or one that failed off its list. */
export async function removeQueued(queues: QueueList, given: unknown): Promise<void> {
  if (!isNode(given)) return;
  const what = await removeFromQueue(given.project, given.entry.id);
  await queues.refresh();
  if (what === 'running') {
    throw new Error(
      vscode.l10n.t('{0} is running already. Stop it in the list of runs.', given.entry.request.name),
    );
  }
}

/** @param place 1 is next */
export async function moveQueued(
  queues: QueueList,
  given: unknown,
  place: (now: number) => number,
): Promise<void> {
  if (!isNode(given)) return;
  const moved = await moveInQueue(given.project, given.entry.id, place(given.place));
  await queues.refresh();
  if (!moved) throw new Error(vscode.l10n.t('{0} does not wait any more.', given.entry.request.name));
}

/** @throws `none` where no queue suits */
async function pickQueue(
  queues: QueueList,
  suits: (queue: Queue) => boolean,
  none: string,
): Promise<string | undefined> {
  const projects = queues.all.filter(suits).map(({ project }) => project);
  if (projects.length === 0) throw new Error(none);
  if (projects.length === 1) return projects[0];
  const items = projects.map((project) => ({ project, label: path.basename(project), description: project }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which queue?') });
  return chosen?.project;
}

function isNode(given: unknown): given is QueueNode {
  return typeof given === 'object' && given !== null && 'project' in given && 'entry' in given;
}
