import path from 'node:path';
import * as vscode from 'vscode';
import type { ValidationReport } from '../../protocol/validation';
import { sentence } from '../boundary';
import { isAmbiguousName, mayBeDataset } from '../dataset-file';
import type { Disposable } from '../disposable';
import { toDiagnostics } from './to-diagnostics';
import type { ValidationWorker } from './worker-client';
import type { WorkProgress } from './worker-protocol';

/** What was found in an open document. */
export interface Validated {
  /** Of the text that was validated; the document may have gone on since. */
  readonly version: number;
  readonly report: ValidationReport;
}

/** Rest after a keystroke, in milliseconds. */
const DEBOUNCE = 300;

export interface Validator extends Disposable {
  /**
   * Validates one file now, in full, and shows what was found. Asking again for the same file cancels the first.
   *
   * @param insist the file is taken for a dataset whatever it looks like
   * @returns `undefined` when the content is not ranking data, and nobody insists
   */
  validate(
    uri: vscode.Uri,
    insist: boolean,
    token: vscode.CancellationToken,
    onProgress?: WorkProgress,
  ): Promise<ValidationReport | undefined>;
  /** What was found last in an open dataset. */
  last(uri: vscode.Uri): Validated | undefined;
  /** Validates an open document again when nothing else is going on with it. */
  again(document: vscode.TextDocument): void;
  /** Says that `last` has changed. */
  readonly onDidValidate: vscode.Event<void>;
}

/**
 * Keeps the findings of open datasets up to date: on open, on change after a rest, and on save.
 *
 * @param worker validates open documents, one after the other
 * @param workers makes a worker for one file on disk: such a file may be so big that the open ones must not wait for
 * it, and that its memory is to be given back afterwards
 */
export function createValidator(
  worker: ValidationWorker,
  workers: () => ValidationWorker,
  log: vscode.LogOutputChannel,
): Validator {
  const collection = vscode.languages.createDiagnosticCollection('emdpo');
  const waiting = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, vscode.CancellationTokenSource>();
  const asked = new Map<string, vscode.CancellationTokenSource>();
  const datasets = new Set<string>();
  const found = new Map<string, Validated>();
  const changed = new vscode.EventEmitter<void>();
  let complained = false;

  const supersede = (key: string) => {
    clearTimeout(waiting.get(key));
    waiting.delete(key);
    running.get(key)?.cancel();
    running.delete(key);
  };

  const remember = (uri: vscode.Uri, recognised: boolean) => {
    if (recognised === datasets.has(uri.fsPath)) return;
    if (recognised) datasets.add(uri.fsPath);
    else datasets.delete(uri.fsPath);
    // menus ask `resourcePath in emdpo.datasets`
    void vscode.commands.executeCommand('setContext', 'emdpo.datasets', [...datasets]);
  };

  /**
   * @param insist the file is taken for a dataset whatever it looks like
   * @param settled nobody is typing: there is time for the Fisher information
   */
  const validate = async (
    uri: vscode.Uri,
    { insist, settled }: { insist: boolean; settled: boolean },
    token: vscode.CancellationToken,
    onProgress?: WorkProgress,
  ) => {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    // once recognised, a file that is being edited stays a dataset
    const onlyIfRecognised = !insist && isAmbiguousName(uri) && !datasets.has(uri.fsPath);
    const types = vscode.workspace.getConfiguration('emdpo', uri).get<number>('types', 3);
    const state = document && { uri: uri.toString(), version: document.version };
    const request = {
      path: uri.fsPath,
      text: document?.getText(),
      types,
      information: settled,
      onlyIfRecognised,
      document: state,
    };
    const outcome = await (document
      ? worker.validate(request, token, onProgress)
      : fromDisk(request, token, onProgress));
    remember(uri, outcome.recognised);
    // places in a text that has changed since would be wrong, and the next validation is on its way
    if (document && document.version !== state?.version && waiting.has(uri.toString()))
      return outcome.recognised ? outcome.report : undefined;
    if (outcome.recognised && state && !document.isClosed) {
      found.set(state.uri, { version: state.version, report: outcome.report });
    } else {
      found.delete(uri.toString());
      worker.forget(uri.toString());
    }
    changed.fire();
    collection.set(uri, outcome.recognised ? toDiagnostics(outcome.report.findings, uri, document) : []);
    return outcome.recognised ? outcome.report : undefined;
  };

  const fromDisk = async (...request: Parameters<ValidationWorker['validate']>) => {
    const own = workers();
    try {
      return await own.validate(...request);
    } finally {
      own.dispose();
    }
  };

  const automatically = (document: vscode.TextDocument): boolean =>
    mayBeDataset(document) &&
    vscode.workspace.getConfiguration('emdpo', document.uri).get('validate') !== 'onCommand';

  const schedule = (document: vscode.TextDocument, rest: number) => {
    const key = document.uri.toString();
    if (!automatically(document)) return;
    supersede(key);
    waiting.set(
      key,
      setTimeout(() => {
        waiting.delete(key);
        const source = new vscode.CancellationTokenSource();
        running.set(key, source);
        validate(document.uri, { insist: false, settled: rest === 0 }, source.token)
          .then(
            () => {
              complained = false;
            },
            (error: unknown) => {
              if (error instanceof vscode.CancellationError) return;
              log.error(sentence(error));
              // one message, not one a keystroke
              if (!complained) void vscode.window.showErrorMessage(sentence(error));
              complained = true;
            },
          )
          .finally(() => {
            if (running.get(key) === source) running.delete(key);
            source.dispose();
          });
      }, rest),
    );
  };

  /** An experiment may say how the datasets beside it are read. */
  const readAnewBeside = (experiment: vscode.Uri) => {
    const folder = path.dirname(experiment.fsPath);
    for (const document of vscode.workspace.textDocuments)
      if (path.dirname(document.uri.fsPath) === folder) schedule(document, 0);
  };

  const forget = (uri: vscode.Uri) => {
    supersede(uri.toString());
    remember(uri, false);
    collection.delete(uri);
    worker.forget(uri.toString());
    if (found.delete(uri.toString())) changed.fire();
  };

  const experiments = vscode.workspace.createFileSystemWatcher('**/*.emdpo.json');
  const listeners = [
    vscode.workspace.onDidOpenTextDocument((document) => {
      schedule(document, 0);
    }),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.contentChanges.length > 0) schedule(event.document, DEBOUNCE);
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      schedule(document, 0);
    }),
    experiments,
    experiments.onDidCreate(readAnewBeside),
    experiments.onDidChange(readAnewBeside),
    experiments.onDidDelete(readAnewBeside),
    vscode.workspace.onDidCloseTextDocument((document) => {
      forget(document.uri);
    }),
    vscode.workspace.onDidDeleteFiles((event) => {
      event.files.forEach(forget);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('emdpo')) return;
      for (const document of vscode.workspace.textDocuments) {
        if (automatically(document)) schedule(document, 0);
        else forget(document.uri);
      }
    }),
  ];
  for (const document of vscode.workspace.textDocuments) schedule(document, 0);

  return {
    async validate(uri, insist, token, onProgress) {
      const key = uri.toString();
      supersede(key);
      asked.get(key)?.cancel();
      const source = new vscode.CancellationTokenSource();
      asked.set(key, source);
      const cancelling = token.onCancellationRequested(() => {
        source.cancel();
      });
      try {
        return await validate(uri, { insist, settled: true }, source.token, onProgress);
      } finally {
        cancelling.dispose();
        if (asked.get(key) === source) asked.delete(key);
        source.dispose();
      }
    },
    last: (uri) => found.get(uri.toString()),
    again(document) {
      const key = document.uri.toString();
      if (!waiting.has(key) && !running.has(key)) schedule(document, DEBOUNCE);
    },
    onDidValidate: changed.event,
    dispose() {
      changed.dispose();
      for (const listener of listeners) listener.dispose();
      for (const key of [...waiting.keys(), ...running.keys()]) supersede(key);
      for (const source of asked.values()) source.cancel();
      collection.dispose();
    },
  };
}
