import * as vscode from 'vscode';
import type { RunList } from './run-list';
import { runItem } from './run-item';
import type { RunRecord } from './run-record';

/** The side bar's list of runs. Reads the disk when it is seen, and when a run directory comes or goes. */
export function createRunsView(list: RunList): vscode.Disposable {
  const view = vscode.window.createTreeView<RunRecord>('emdpo.runs', {
    treeDataProvider: {
      onDidChangeTreeData: list.onDidChange,
      getTreeItem: runItem,
      getChildren: (parent) => (parent ? [] : [...list.all]),
    },
  });
  const refresh = () => {
    if (view.visible) void list.refresh();
  };
  const watchers = (vscode.workspace.workspaceFolders ?? []).map((folder) => {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, '.emdpo/runs/*/{run,result,lock}.json'),
    );
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(refresh),
      watcher.onDidChange(refresh),
      watcher.onDidDelete(refresh),
    );
  });
  refresh();
  return vscode.Disposable.from(
    view,
    view.onDidChangeVisibility(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    ...watchers,
  );
}
