import path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import type { ResultsPanels } from './results-panels';

/** As package.json declares them: the first opens result.json of `.emdpo/runs` by itself, the second when it is chosen. */
const EDITORS = ['emdpo.runResult', 'emdpo.anyResult'];

/** Opens result.json of a run directory as the panel of the run. “Reopen Editor With… → Text Editor” shows its text. */
export function registerResultEditors(panels: Pick<ResultsPanels, 'attach'>): Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => panels.attach(panel, path.dirname(uri.fsPath)),
  };
  const options = {
    webviewOptions: { retainContextWhenHidden: false, enableFindWidget: true },
    supportsMultipleEditorsPerDocument: true,
  };
  return vscode.Disposable.from(
    ...EDITORS.map((type) => vscode.window.registerCustomEditorProvider(type, provider, options)),
  );
}
