import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createValidationWorker } from '../../src/editor/diagnostics/worker-client';
import { activated, recordingLog } from './tools';

const REQUEST = {
  path: '/data/answers.jsonl',
  text: '',
  types: 2,
  information: false,
  onlyIfRecognised: false,
};
const OUTCOME = `{ recognised: false }`;

describe('The validation worker', () => {
  let folder = '';
  const { log, lines } = recordingLog();
  const none = () => new vscode.CancellationTokenSource().token;

  /** A worker that answers with the body's code; `n` counts the messages of this thread. */
  const workerWith = (name: string, body: string) => {
    const file = path.join(folder, `${name}.cjs`);
    writeFileSync(
      file,
      `const { parentPort } = require('node:worker_threads'); let n = 0;
       parentPort.on('message', (m) => { if (m.kind !== 'validate') return; n++; ${body} });`,
    );
    return createValidationWorker(file, log);
  };

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'emdpo-worker-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('that dies is reported in a sentence, and starts again', async () => {
    const died = path.join(folder, 'died');
    const worker = workerWith(
      'dies',
      `const fs = require('node:fs');
       if (!fs.existsSync(${JSON.stringify(died)})) { fs.writeFileSync(${JSON.stringify(died)}, ''); process.exit(7); }
       parentPort.postMessage({ kind: 'reply', id: m.id, ok: ${OUTCOME} });`,
    );
    await assert.rejects(
      worker.validate(REQUEST, none()),
      /Validation stopped unexpectedly \(exit code 7\)\. .*\.$/,
    );
    assert.ok(lines.some((line) => line.startsWith('warn: The validation worker ended')));
    assert.deepEqual(await worker.validate(REQUEST, none()), { recognised: false });
    worker.dispose();
  });

  it('that throws outside a handler is reported with its reason', async () => {
    const worker = workerWith('throws', `setTimeout(() => { throw new Error('out of thread'); }, 0);`);
    await assert.rejects(worker.validate(REQUEST, none()), /out of thread/);
    worker.dispose();
  });

  it('that cannot be started is reported', async () => {
    const worker = createValidationWorker(path.join(folder, 'missing.cjs'), log);
    await assert.rejects(worker.validate(REQUEST, none()), /Validation stopped unexpectedly/);
    worker.dispose();
  });

  it('passes the sentence of a handler that throws', async () => {
    const worker = workerWith(
      'errs',
      `parentPort.postMessage({ kind: 'reply', id: m.id, err: 'No such column.' });`,
    );
    await assert.rejects(worker.validate(REQUEST, none()), { message: 'No such column.' });
    worker.dispose();
  });

  it('is ended when it does not look up from a cancelled request, and the next one is answered', async () => {
    const worker = workerWith(
      'busy',
      `if (m.text === 'busy') { parentPort.postMessage({ kind: 'progress', id: m.id, read: 1, total: 2 }); for (;;); }
       parentPort.postMessage({ kind: 'reply', id: m.id, ok: ${OUTCOME} });`,
    );
    const source = new vscode.CancellationTokenSource();
    const beginning = new vscode.EventEmitter<undefined>();
    const begun = new Promise((resolve) => beginning.event(resolve));
    const busy = worker.validate({ ...REQUEST, text: 'busy' }, source.token, () => {
      beginning.fire(undefined);
    });
    const next = worker.validate(REQUEST, none());
    await begun;
    source.cancel();
    await assert.rejects(busy, (error) => error instanceof vscode.CancellationError);
    assert.deepEqual(await next, { recognised: false });
    worker.dispose();
  });

  it('lets go of a request that is cancelled while another one is on', async () => {
    const worker = workerWith(
      'waits',
      `if (m.text === 'go') parentPort.postMessage({ kind: 'progress', id: m.id, read: 1, total: 2 });
       if (m.text !== 'go') parentPort.postMessage({ kind: 'reply', id: m.id, ok: ${OUTCOME} });`,
    );
    const first = worker.validate({ ...REQUEST, text: 'go' }, none());
    const ended = assert.rejects(first, (error) => error instanceof vscode.CancellationError);
    const source = new vscode.CancellationTokenSource();
    const waiting = worker.validate(REQUEST, source.token);
    source.cancel();
    // the first one is never answered: this would wait for it
    await assert.rejects(waiting, (error) => error instanceof vscode.CancellationError);
    worker.dispose();
    await ended;
  });

  it('of the extension answers a file that cannot be read with a sentence', async () => {
    const extension = await activated();
    const worker = createValidationWorker(
      path.join(extension.extensionPath, 'dist/validation-worker.cjs'),
      log,
    );
    const missing = path.join(folder, 'missing.jsonl');
    await assert.rejects(
      worker.validate({ ...REQUEST, path: missing, text: undefined }, none()),
      /missing\.jsonl/,
    );
    worker.dispose();
  });
});
