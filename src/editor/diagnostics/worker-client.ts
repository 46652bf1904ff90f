import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import type { FromWorker, ToWorker, ValidationOutcome, ValidationRequest } from './worker-protocol';

/** How long a cancelled request may go on before its worker is ended, in milliseconds. */
const PATIENCE = 400;

export interface ValidationWorker extends Disposable {
  /**
   * Validates off the extension host's thread; requests take turns.
   *
   * @throws a sentence when validation fails or the worker dies; `vscode.CancellationError` when cancelled
   */
  validate(
    request: Omit<ValidationRequest, 'kind' | 'id'>,
    token: vscode.CancellationToken,
    onProgress?: (read: number, total: number) => void,
  ): Promise<ValidationOutcome>;
}

/** The request that the worker is busy with. */
interface Current {
  readonly id: number;
  readonly settle: (result: ValidationOutcome | Error) => void;
  readonly onProgress?: (read: number, total: number) => void;
}

/** A worker that starts with the first request, and again with the next one after it has died. */
export function createValidationWorker(file: string, log: vscode.LogOutputChannel): ValidationWorker {
  let worker: Worker | undefined;
  let current: Current | undefined;
  let nextId = 1;
  let turn: Promise<unknown> = Promise.resolve();

  const receive = (message: FromWorker) => {
    if (message.id !== current?.id) return;
    if (message.kind === 'progress') current.onProgress?.(message.read, message.total);
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

  const ask: ValidationWorker['validate'] = (request, token, onProgress) =>
    new Promise((resolve, reject) => {
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
          else resolve(result);
        },
      };
      send({ kind: 'validate', id, ...request });
    });

  return {
    validate(request, token, onProgress) {
      const mine = turn.then(() => ask(request, token, onProgress));
      turn = mine.catch(() => undefined);
      return mine;
    },
    dispose: end,
  };
}
