import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readDataset, readText } from '../dataset/read';
import { validateTable } from '../identify/verdicts';
import type {
  FromWorker,
  ToWorker,
  ValidationOutcome,
  ValidationRequest,
} from './diagnostics/worker-protocol';

// Reads and validates datasets off the extension host's thread. Every request gets one reply.

const running = new Map<number, AbortController>();

function post(message: FromWorker): void {
  parentPort?.postMessage(message);
}

async function validate(request: ValidationRequest, signal: AbortSignal): Promise<ValidationOutcome> {
  let shown = 0;
  const onProgress = (read: number, total: number) => {
    // a message per percent, not per chunk
    if (total <= 0 || read / total < shown + 0.01) return;
    shown = read / total;
    post({ kind: 'progress', id: request.id, read, total });
  };
  const { table, findings } =
    request.text === undefined
      ? await readDataset(request.path, { signal, onProgress })
      : await readText(request.text, { name: path.basename(request.path), signal });
  if (request.onlyIfRecognised && table.summary.form === 'none') return { recognised: false };
  return {
    recognised: true,
    report: validateTable(table, findings, { types: request.types, information: request.information }),
  };
}

async function answer(request: ValidationRequest): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    post({ kind: 'reply', id, ok: await validate(request, controller.signal) });
  } catch (error) {
    post({ kind: 'reply', id, err: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'validate') void answer(message);
  else running.get(message.id)?.abort(new Error('Cancelled.'));
});
