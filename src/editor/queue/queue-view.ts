import * as vscode from 'vscode';
import type { Queue } from '../../run/queue/read-queue';
import { queueItem } from './queue-item';
import type { QueueNode } from './queue-item';
import { isWorkedThrough, shownOf } from './queue-list';
import type { QueueList } from './queue-list';

/** The side bar's list of what runs from the queue and what waits there. */
export function createQueueView(queues: QueueList): vscode.Disposable {
  const view = vscode.window.createTreeView<QueueNode>('emdpo.queue', {
    treeDataProvider: {
      onDidChangeTreeData: queues.onDidChange,
      getTreeItem: (node) => queueItem(node, queues.all.length > 1),
      getChildren: (parent) => (parent ? [] : queues.all.flatMap(nodesOf)),
    },
  });
  const describe = () => {
    view.description = queues.all.some(isWorkedThrough) ? vscode.l10n.t('running') : vscode.l10n.t('stopped');
    const unreadable = queues.all.reduce((sum, each) => sum + each.unreadable, 0);
    view.message =
      unreadable > 0
        ? vscode.l10n.t('{0} lines of queue.jsonl cannot be understood and are passed over.', unreadable)
        : undefined;
  };
  describe();
  return vscode.Disposable.from(view, queues.onDidChange(describe));
}

function nodesOf(queue: Queue): QueueNode[] {
  return shownOf(queue).map((entry) => ({
    project: queue.project,
    entry,
    place: queue.waiting.indexOf(entry) + 1,
  }));
}
