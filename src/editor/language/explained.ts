import * as vscode from 'vscode';
import type { Disposable } from '../disposable';

const SCHEME = 'emdpo-explained';

/** Pages kept for previews that are open; the oldest goes. */
const MOST = 20;

/** Read-only pages about a dataset, shown as a rendered preview beside it. */
export interface ExplainedPages extends Disposable {
  /** @param name of the page, beside the dataset's name in its title */
  show(dataset: vscode.Uri, name: string, markdown: string): Promise<void>;
}

export function createExplainedPages(): ExplainedPages {
  const pages = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) =>
      pages.get(uri.toString()) ??
      vscode.l10n.t(
        'This page is from an earlier session. Ask for it again above the first line of the dataset.',
      ),
  });
  return {
    async show(dataset, name, markdown) {
      const file = dataset.path.slice(dataset.path.lastIndexOf('/') + 1);
      const page = vscode.Uri.from({
        scheme: SCHEME,
        path: `/${file} – ${name}.md`,
        query: dataset.toString(),
      });
      const key = page.toString();
      pages.delete(key);
      pages.set(key, markdown);
      for (const oldest of pages.keys()) {
        if (pages.size <= MOST) break;
        pages.delete(oldest);
      }
      changed.fire(page);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    },
    dispose() {
      registered.dispose();
      changed.dispose();
    },
  };
}
