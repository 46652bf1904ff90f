import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ValidationReport } from '../../src/protocol/validation';
import { recordHover } from '../../src/editor/language/hover';
import { toDiagnostics } from '../../src/editor/diagnostics/to-diagnostics';
import { createValidationWorker } from '../../src/editor/diagnostics/worker-client';
import { record, opened, lenses, hoverAt } from './dataset-tools';
import { activated, closeEverything, recordingLog, replaceAll, until, workspaceFile } from './tools';

describe('Help on a dataset', () => {
  before(activated);
  afterEach(closeEverything);

  it('shows the record under the pointer as a ranking, and its annotator', async () => {
    const { uri } = await opened('hover.jsonl', [
      record('Ada', 'Which *one*?', [2, [0, 1]], { type: 'warm' }),
      record('Ada', 'And now?', [0, 1, 2]),
      record('Bob', 'And now?', [1]),
    ]);
    const text = await until('a hover', async () => (await hoverAt(uri, 0)) || undefined);
    assert.match(text, /"blue" ≻ "red" ~ "green"/);
    assert.match(text, /Which \*one\*\?/);
    assert.match(
      text,
      /Annotator “Ada” · records: 2 · whole rankings: 1 · favourites: 1 · with ties: 1 · known type: “warm”/,
    );
    const other = await hoverAt(uri, 2);
    assert.match(other, /"green" \| not ranked: "red", "blue"/);
    assert.match(other, /“Bob” · records: 1 · favourites: 1$/);
  });

  it('follows the text: a record that moved is shown on its new line', async () => {
    const document = await opened('moved.jsonl', [
      record('Ada', 'p', [0, 1, 2]),
      record('Bob', 'p', [2, 1, 0]),
    ]);
    await until('a hover', async () => (await hoverAt(document.uri, 1)).includes('Bob'));
    const text = document.getText();
    await replaceAll(document, `${record('Cleo', 'p', [1, 0, 2])}\n${text}`);
    await until('a hover one line below', async () => (await hoverAt(document.uri, 2)).includes('Bob'));
    assert.match(await hoverAt(document.uri, 1), /Ada/);
  });

  it('asks for another validation where the worker has lost the document', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'x' });
    const again: vscode.TextDocument[] = [];
    const report = { dataset: {}, findings: [], verdicts: [], design: [] } as unknown as ValidationReport;
    const validator = {
      last: () => ({ version: 1, report }),
      again: (lost: vscode.TextDocument) => void again.push(lost),
    };
    const nothing = {
      on: () => Promise.resolve(undefined),
      onDidChange: new vscode.EventEmitter<void>().event,
    };
    const at = new vscode.Position(0, 0);
    const { token } = new vscode.CancellationTokenSource();
    for (const answer of ['stale', 'busy', 'no record', 'unknown'] as const) {
      const hover = recordHover(
        validator,
        { describe: () => Promise.resolve(answer) },
        nothing,
        recordingLog().log,
      );
      assert.equal(await hover.provideHover(document, at, token), undefined);
    }
    assert.deepEqual(again, [document]);
  });

  it('says nothing about files that are no datasets', async () => {
    const uri = workspaceFile('unrelated.jsonl');
    await vscode.window.showTextDocument(uri);
    const { uri: dataset } = await opened('after.jsonl', [record('Ada', 'p', [0, 1, 2])]);
    // requests take turns, so the file before it has been validated too
    await until('lenses', async () => (await lenses(dataset)).length > 0);
    assert.equal(await hoverAt(uri, 0), '');
    assert.deepEqual(await lenses(uri), []);
  });

  it('says above the first line what is in the file and whether types can be told apart', async () => {
    const kinds = [
      [0, 1, 2],
      [2, 1, 0],
    ];
    const lines = Array.from({ length: 1200 }, (_, r) =>
      record(`a${Math.floor(r / 6)}`, `p${r % 3}`, kinds[r % 2]),
    );
    const { uri } = await opened('many-records.jsonl', lines);
    const shown = await until('lenses', async () => {
      const found = await lenses(uri);
      return found.length > 0 && found;
    });
    const titles = shown.map(({ title }) => title);
    assert.deepEqual(titles, [
      '1,200 records · 200 annotators · types can be told apart for K ≤ 6 (generically; assumptions)',
      'Train',
      'What to collect',
    ]);
  });

  it('does not say that types can be told apart when they cannot', async () => {
    const pairs = Array.from({ length: 40 }, (_, h) =>
      JSON.stringify({ annotator: `a${h}`, prompt: 'p', responses: ['x', 'y'], ranking: [h % 2] }),
    );
    const { uri } = await opened('pairs.jsonl', pairs);
    const [{ title }] = await until('lenses', async () => {
      const found = await lenses(uri);
      return found.length > 0 && found;
    });
    assert.equal(title, '40 records · 40 annotators · two types cannot be told apart in general');
    await vscode.commands.executeCommand('emdpo.showVerdicts', uri);
    const page = await until('the page of verdicts', () =>
      vscode.workspace.textDocuments.find(({ uri: { path } }) => path.endsWith('pairs.jsonl – verdicts.md')),
    );
    assert.match(page.getText(), /### K = 2: they cannot/);
  });

  it('shows a thousand findings and says how many more there are', () => {
    const fault = { severity: 'warning', scope: 'form', code: 'form/changed-type' } as const;
    const each = Array.from({ length: 1200 }, (_, l) => ({
      ...fault,
      message: 'Changed.',
      positions: [{ line: l + 1, column: 1 }],
    }));
    const whole = { ...fault, code: 'identify/few-records', message: 'Few.', positions: [] };
    const shown = toDiagnostics([...each, whole], workspaceFile('many.jsonl'));
    assert.equal(shown.length, 1000);
    assert.equal(shown.at(-1)?.message, '202 more findings are not shown.');
    assert.ok(shown.some(({ message }) => message === 'Few.'));
  });

  it('does not wait for a busy worker', async () => {
    const extension = await activated();
    const worker = createValidationWorker(
      vscode.Uri.joinPath(extension.extensionUri, 'dist/validation-worker.cjs').fsPath,
      recordingLog().log,
    );
    const document = { uri: 'file:///busy.jsonl', version: 1 };
    assert.equal(await worker.describe(document, 1), 'unknown');
    const crowd = Buffer.from(await vscode.workspace.fs.readFile(workspaceFile('crowd.jsonl'))).toString();
    const source = new vscode.CancellationTokenSource();
    const request = {
      path: '/busy.jsonl',
      text: crowd,
      types: 4,
      information: true,
      onlyIfRecognised: false,
      advise: 0.01,
      document,
    };
    const validation = worker.validate(request, source.token);
    const answers: unknown[] = [];
    await until('a question that is not waited for', async () => {
      answers.push(await worker.describe(document, 1));
      return answers.at(-1) === 'busy';
    });
    source.cancel();
    await assert.rejects(validation, vscode.CancellationError);
    worker.dispose();
  });
});
