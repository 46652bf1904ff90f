import path from 'node:path';
import * as vscode from 'vscode';
import type { AnnotatorRecords } from '../../protocol/annotator';
import type { PanelSnapshot, PromptQuestion } from '../../protocol/panel';
import { readManifest } from '../../run/manifest';
import type { TypeNames } from '../../run/type-names';
import type { PanelHandlers } from './answer';
import type { CompareHandlers } from './compare-handlers';

export interface HandlerOptions {
  readonly directory: string;
  /** Where the extension is installed, its `docs` with it. */
  readonly extension: vscode.Uri;
  readonly snapshot: () => Promise<PanelSnapshot>;
  readonly annotator: (annotator: string) => Promise<AnnotatorRecords>;
  readonly nameTypes: (names: TypeNames) => Promise<void>;
  readonly stop: (directory: string) => Promise<void>;
  readonly resume: (directory: string) => Promise<void>;
  readonly openReport: (directory: string) => Promise<void>;
  readonly ask: (question: PromptQuestion) => Promise<{ readonly stopped: boolean }>;
  readonly stopAsking: () => void;
  readonly others: CompareHandlers;
}

/** What the panel of one run may ask for. */
export function panelHandlers(options: HandlerOptions): PanelHandlers {
  const { directory, extension, snapshot, stop, resume, openReport, ask, stopAsking, others } = options;
  const datasetPath = async () => (await readManifest(directory))?.dataset.path;
  return {
    ...others,
    snapshot,
    annotator: ({ annotator }) => options.annotator(annotator),
    nameTypes: async ({ names }) => {
      await options.nameTypes(names);
      return null;
    },
    openDataset: async ({ line, column }) => {
      const file = await datasetPath();
      if (file === undefined) throw new Error(vscode.l10n.t('This run does not say which dataset it used.'));
      const place = new vscode.Position(line - 1, column - 1);
      try {
        await vscode.window.showTextDocument(vscode.Uri.file(file), {
          viewColumn: vscode.ViewColumn.One,
          selection: new vscode.Range(place, place),
        });
      } catch {
        throw new Error(
          vscode.l10n.t('{0} cannot be opened. Was it moved, or is it too big for the editor?', file),
        );
      }
      return null;
    },
    openReport: async () => {
      await openReport(directory);
      return null;
    },
    openPage: async ({ page }) => {
      const file = vscode.Uri.joinPath(extension, 'docs', `${page}.md`);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', file);
      return null;
    },
    stop: async () => {
      await stop(directory);
      return null;
    },
    resume: async () => {
      await resume(directory);
      return null;
    },
    ask: async (question) => {
      if (!vscode.workspace.isTrusted) {
        throw new Error(vscode.l10n.t('Answering starts a process: trust this workspace first.'));
      }
      return ask(question);
    },
    stopAsking: () => {
      stopAsking();
      return Promise.resolve(null);
    },
    save: async ({ name, content, encoding }) => {
      const folder = path.dirname((await datasetPath()) ?? directory);
      const target = await vscode.window.showSaveDialog({
        defaultUri: vscode.Uri.file(path.join(folder, path.basename(name))),
      });
      if (!target) return { saved: false };
      await vscode.workspace.fs.writeFile(target, Buffer.from(content, encoding));
      return { saved: true };
    },
  };
}
