import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import type { DatasetPreview, PreviewRequest } from '../../dataset/preview';
import type { AnnotatorRecords } from '../../protocol/annotator';
import type { TypeFreeCopy } from '../language/copy-without-types';
import type {
  AnnotatorRequest,
  CopyRequest,
  DocumentState,
  FromWorker,
  LineAnswer,
  ToWorker,
  ValidationOutcome,
  ValidationRequest,
  Work,
  WorkProgress,
  WorkResult,
} from './worker-protocol';

/**
 * How long a cancelled request may go on before its worker is ended, in milliseconds. Nobody waits for it but the next
 * request, and a new worker would have to read every document again before it could answer about any.
 */
const PATIENCE = 1500;

/** How long a question about a line may wait for a busy worker, in milliseconds. */
const QUICK = 300;

export interface ValidationWorker extends Disposable {
  /**
   * Validates off the extension host's thread; requests take turns. A cancelled one is rejected at once, and the
   * worker is let go on for a moment to put its things away.
   *
   * @throws a sentence when validation fails or the worker dies; `vscode.CancellationError` when cancelled
   */
  validate(
    request: Omit<ValidationRequest, 'kind' | 'id'>,
    token: vscode.CancellationToken,
    onProgress?: WorkProgress,
  ): Promise<ValidationOutcome>;

  /** Copies a file of JSON lines without the known types of its annotators; takes its turn as validation does. */
  copyWithoutTypes(
    request: Omit<CopyRequest, 'kind' | 'id'>,
    token: vscode.CancellationToken,
    onProgress?: WorkProgress,
  ): Promise<TypeFreeCopy>;

  /** Reads the records of one annotator of a run; takes its turn as validation does. */
  annotator(
    request: Omit<AnnotatorRequest, 'kind' | 'id'>,
    token: vscode.CancellationToken,
  ): Promise<AnnotatorRecords>;

  /** Reads the beginning of a dataset; takes its turn as validation does. */
  preview(request: PreviewRequest): Promise<DatasetPreview>;

  /** What a line (1-based) of a validated document holds; `busy` where the worker has not answered at once. */
  describe(document: DocumentState, line: number): Promise<LineAnswer | 'busy'>;

  /** Lets go of what is kept of a document. */
  forget(uri: string): void;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Short work is not cancelled. */
const NEVER = new vscode.CancellationTokenSource().token;

/** The request that the worker is busy with. */
interface Current {
  readonly id: number;
  readonly settle: (result: WorkResult | Error) => void;
  readonly onProgress?: WorkProgress;
}

/** A worker that starts with the first request, and again with the next one after it has died. */
export function createValidationWorker(file: string, log: vscode.LogOutputChannel): ValidationWorker {
  let worker: Worker | undefined;
  let current: Current | undefined;
  let nextId = 1;
  let turn: Promise<unknown> = Promise.resolve();
  const questions = new Map<number, (answer: LineAnswer) => void>();

  const receive = (message: FromWorker) => {
    if (message.kind === 'description') {
      questions.get(message.id)?.(message.found);
      return;
    }
    if (message.id !== current?.id) return;
    if (message.kind === 'progress') current.onProgress?.(message.done, message.total, message.phase);
    else current.settle('ok' in message ? message.ok : new Error(message.err));
  };

  const start = (): Worker => {
    const started = new Worker(file, { name: 'EM-DPO validation' });
    let reason = '';
    started.on('message', receive);
    started.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    started.on('exit', (code) => {
      if (worker !== started) return;
      worker = undefined;
      const why = reason || vscode.l10n.t('exit code {0}', code);
      log.warn(`The validation worker ended: ${why}`);
      current?.settle(
        new Error(
          vscode.l10n.t('Validation stopped unexpectedly ({0}). It starts again with the next change.', why),
        ),
      );
    });
    return started;
  };

  const end = () => {
    const ended = worker;
    worker = undefined;
    current?.settle(new vscode.CancellationError());
    void ended?.terminate();
  };

  const ask = <T>(request: Unnumbered<Work>, token: vscode.CancellationToken, onProgress?: WorkProgress) =>
    new Promise<T>((resolve, reject) => {
      if (token.isCancellationRequested) {
        reject(new vscode.CancellationError());
        return;
      }
      const id = nextId++;
      const mine = (worker ??= start());
      const send = (message: ToWorker) => {
        mine.postMessage(message);
      };
      const cancelling = token.onCancellationRequested(() => {
        send({ kind: 'cancel', id });
        // a long computation does not look at its messages
        setTimeout(() => {
          if (current?.id === id) end();
        }, PATIENCE);
      });
      current = {
        id,
        onProgress,
        settle: (result) => {
          current = undefined;
          cancelling.dispose();
          if (token.isCancellationRequested) reject(new vscode.CancellationError());
          else if (result instanceof Error) reject(result);
          // the worker answers each kind of work with its own kind of result
          else resolve(result as T);
        },
      };
      send({ ...request, id });
    });

  const takeTurn = <T>(...[request, token, onProgress]: Parameters<typeof ask>): Promise<T> => {
    const mine = turn.then(() => ask<T>(request, token, onProgress));
    turn = mine.catch(() => undefined);
    return mine;
  };

  return {
    validate: (request, token, onProgress) =>
      untilCancelled(takeTurn({ kind: 'validate', ...request }, token, onProgress), token),
    copyWithoutTypes: (request, token, onProgress) =>
      takeTurn({ kind: 'copy', ...request }, token, onProgress),
    annotator: (request, token) => takeTurn({ kind: 'annotator', ...request }, token),
    preview: (request) => takeTurn({ kind: 'preview', ...request }, NEVER),
    describe: (document, line) =>
      new Promise((resolve) => {
        if (!worker) {
          resolve('unknown');
          return;
        }
        const id = nextId++;
        const settle = (answer: LineAnswer | 'busy') => {
          clearTimeout(late);
          questions.delete(id);
          resolve(answer);
        };
        const late = setTimeout(settle, QUICK, 'busy');
        questions.set(id, settle);
        const question: ToWorker = { kind: 'describe', id, document, line };
        worker.postMessage(question);
      }),
    forget(uri) {
      const message: ToWorker = { kind: 'forget', uri };
      worker?.postMessage(message);
    },
    dispose: end,
  };
}

/** The same result, but rejected as soon as nobody wants it any more. */
function untilCancelled<T>(result: Promise<T>, token: vscode.CancellationToken): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancelling = token.onCancellationRequested(() => {
      reject(new vscode.CancellationError());
    });
    void result.then(resolve, reject).finally(() => {
      cancelling.dispose();
    });
  });
}
