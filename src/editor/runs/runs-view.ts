import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import type { RunList } from './run-list';
import { runItem } from './run-item';
import type { RunRecord } from './run-record';

export interface RunsView extends Disposable {
  /** The runs that are selected. */
  readonly selection: readonly RunRecord[];
}

/** The side bar's list of runs. Reads the disk when it is seen, and when a run directory comes or goes. */
export function createRunsView(list: RunList): RunsView {
  const view = vscode.window.createTreeView<RunRecord>('emdpo.runs', {
    canSelectMany: true,
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
      new vscode.RelativePattern(folder, '.emdpo/{runs/*/{run,result,lock,label},pinned}.json'),
    );
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(refresh),
      watcher.onDidChange(refresh),
      watcher.onDidDelete(refresh),
    );
  });
  refresh();
  const all = vscode.Disposable.from(
    view,
    view.onDidChangeVisibility(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    ...watchers,
  );
  return {
    get selection() {
      return view.selection;
    },
    dispose: () => {
      all.dispose();
    },
  };
}
