import assert from 'node:assert/strict';
import { rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { createValidator, type Validator } from '../../src/editor/diagnostics/validator';
import { createValidationWorker } from '../../src/editor/diagnostics/worker-client';
import { writeBigDataset } from './big-dataset';
import { activated, closeEverything, codeOf, ours, recordingLog, until, workspaceFile } from './tools';
import { watchWorkers } from './worker-watch';

const workers = watchWorkers();

/** Workers that were given this file to read from disk. */
const readersOf = (uri: vscode.Uri) =>
  workers.filter(({ sent }) =>
    sent.some(
      (message) => message.kind === 'validate' && message.path === uri.fsPath && message.text === undefined,
    ),
  );

describe('Findings of a file too big to be opened', () => {
  let program = '';
  const files: vscode.Uri[] = [];
  const validators: Validator[] = [];
  const file = (name: string) => {
    const uri = workspaceFile(name);
    files.push(uri);
    return uri;
  };
  /** A validator beside the extension's own, whose requests can be cancelled. */
  const validator = () => {
    const { log } = recordingLog();
    const make = () => createValidationWorker(program, log);
    const made = createValidator(make(), make, log);
    validators.push(made);
    return made;
  };

  before(async () => {
    program = path.join((await activated()).extensionPath, 'dist/validation-worker.cjs');
  });
  afterEach(() => {
    for (const each of validators.splice(0)) each.dispose();
    for (const { fsPath } of files.splice(0)) rmSync(fsPath, { force: true });
  });

  it('come from disk: 1,000 entries, one of which counts the rest', async () => {
    const uri = file('big.jsonl');
    const made = await writeBigDataset(uri.fsPath, 60e6, 30);
    assert.ok(made.faults > 2500);
    await vscode.commands.executeCommand('emdpo.validate', uri);
    const found = ours(uri);
    assert.equal(found.length, 1000);
    const counts = found.flatMap(({ message }) => {
      const count = /^(\d+) more findings are not shown\.$/.exec(message)?.[1];
      return count === undefined ? [] : [Number(count)];
    });
    assert.equal(counts.length, 1);
    const listed = found.filter((each) => codeOf(each) === 'form/rank-out-of-range').length;
    assert.ok(listed > 900);
    assert.ok(counts[0] >= made.faults - listed, `${counts[0]} counted, ${listed} of ${made.faults} listed`);
    assert.equal(readersOf(uri).length, 1);
    await until('no worker', () => !readersOf(uri)[0].alive);
  });

  it('leave no worker and change nothing when they are cancelled', async () => {
    const uri = file('cancelled.jsonl');
    await writeBigDataset(uri.fsPath, 1e6, 30);
    truncateSync(uri.fsPath, 6e9); // zeros that take no room on the disk, but time to read
    const source = new vscode.CancellationTokenSource();
    let last = 0;
    const validating = validator().validate(uri, true, source.token, (read, total) => {
      last = read / total;
      source.cancel();
    });
    await assert.rejects(validating, (error) => error instanceof vscode.CancellationError);
    assert.ok(last > 0 && last < 1);
    assert.equal(readersOf(uri).length, 1);
    await until('no worker', () => !readersOf(uri)[0].alive);
    // it may still have said that it stopped
    for (const message of readersOf(uri)[0].received) {
      if (message.kind === 'reply') assert.equal('err' in message && message.err, 'Cancelled.');
    }
    assert.deepEqual(ours(uri), []);
  });

  it('are sought once: asking again takes over', async () => {
    const uri = file('twice.jsonl');
    await writeBigDataset(uri.fsPath, 60e6, 30);
    const none = new vscode.CancellationTokenSource().token;
    const own = validator();
    const first = assert.rejects(
      own.validate(uri, true, none),
      (error) => error instanceof vscode.CancellationError,
    );
    const second = await own.validate(uri, true, none);
    await first;
    assert.ok(second && second.dataset.records > 0);
    await until('no worker', () => readersOf(uri).every(({ alive }) => !alive));
  });
});

describe('Findings of a file of 5 MB that is being typed in', () => {
  const uri = () => workspaceFile('five.jsonl');
  before(activated);
  after(() => {
    rmSync(uri().fsPath, { force: true });
  });
  afterEach(closeEverything);

  it('are those of the last text: an edit supersedes the validation that is on', async () => {
    const made = await writeBigDataset(uri().fsPath, 5e6, 1e9);
    assert.equal(made.faults, 0);
    const document = await vscode.workspace.openTextDocument(uri());
    await vscode.window.showTextDocument(document);
    const requests = () =>
      workers.flatMap(({ sent }) =>
        sent.flatMap((each) =>
          each.kind === 'validate' && each.document?.uri === uri().toString() ? [each] : [],
        ),
      );
    const cancelled = () =>
      workers.flatMap(({ sent }) => sent.flatMap((each) => (each.kind === 'cancel' ? [each.id] : [])));
    const answered = () =>
      workers.flatMap(({ received }) => received.flatMap((each) => (each.kind === 'reply' ? [each.id] : [])));
    await until('the first findings', () => requests().some(({ id }) => answered().includes(id)));

    // a fault in the first record, and, once that text is being validated, one in the second record instead
    const first = document.lineAt(0).text;
    await replaceLine(document, 0, faulty(first));
    const faultyVersion = document.version;
    const superseded = await until('a validation of the first edit', () =>
      requests().find(({ document: state }) => state?.version === faultyVersion),
    );
    await replaceLine(document, 0, first);
    await replaceLine(document, 1, faulty(document.lineAt(1).text));
    assert.ok(answered().includes(superseded.id) || cancelled().includes(superseded.id));
    const stale: vscode.Diagnostic[] = [];
    const listening = vscode.languages.onDidChangeDiagnostics(() => {
      stale.push(...errors(uri()).filter(({ range }) => range.start.line === 0));
    });
    await until('the fault of the second record', () =>
      errors(uri()).some(({ range }) => range.start.line === 1),
    );
    listening.dispose();
    assert.deepEqual(stale, []);
    assert.deepEqual(
      errors(uri()).map(({ range }) => range.start.line),
      [1],
    );
    assert.equal(requests().at(-1)?.document?.version, document.version);
  });

  it('are not sought at every key', async () => {
    const document = await vscode.workspace.openTextDocument(uri());
    await vscode.window.showTextDocument(document);
    const from = document.version;
    const versions = () =>
      workers.flatMap(({ sent }) =>
        sent.flatMap((each) =>
          each.kind === 'validate' && each.document?.uri === uri().toString() ? [each.document.version] : [],
        ),
      );
    for (let key = 0; key < 100; key++) await replaceLine(document, 2, `${document.lineAt(2).text} `);
    assert.equal(document.version, from + 100);
    await until('a validation of the last text', () => versions().includes(document.version));
    const during = versions().filter((version) => version > from);
    assert.ok(during.length < 50, `${during.length} validations of 100 edits`);
  });
});

const errors = (uri: vscode.Uri) =>
  ours(uri).filter((diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error);

const faulty = (line: string) => line.replace(/\d\]\}$/, '7]}');

async function replaceLine(document: vscode.TextDocument, line: number, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, document.lineAt(line).range, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}
