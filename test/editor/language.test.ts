import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { ValidationReport } from '../../src/protocol/validation';
import { recordHover } from '../../src/editor/language/hover';
import { toDiagnostics } from '../../src/editor/diagnostics/to-diagnostics';
import { createValidationWorker } from '../../src/editor/diagnostics/worker-client';
import {
  activated,
  closeEverything,
  codeOf,
  ours,
  recordingLog,
  replaceAll,
  until,
  webviewTabs,
  workspaceFile,
} from './tools';

const record = (annotator: string, prompt: string, ranking: unknown, more: object = {}) =>
  JSON.stringify({ annotator, prompt, responses: ['red', 'green', 'blue'], ranking, ...more });

/** Opens a new file in the editor, once it has been validated. */
async function opened(name: string, lines: readonly string[]): Promise<vscode.TextDocument> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(lines.join('\n') + '\n'));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

async function lenses(uri: vscode.Uri): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
  );
  return found.flatMap(({ command }) => (command ? [command.title] : []));
}

async function hoverAt(uri: vscode.Uri, line: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    new vscode.Position(line, 5),
  );
  const texts = hovers.flatMap(({ contents }) =>
    contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : '')),
  );
  return texts.join('\n').replace(/\\(.)/g, '$1');
}

async function actionsOn(diagnostic: vscode.Diagnostic, uri: vscode.Uri): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    diagnostic.range,
  );
}

/** The action of that title on a finding; waits for the findings to be those of the text. */
function actionOf(uri: vscode.Uri, code: string, title: RegExp): Promise<vscode.CodeAction> {
  return until(`an action ${title} on ${code}`, async () => {
    for (const diagnostic of ours(uri).filter((each) => codeOf(each) === code)) {
      const found = (await actionsOn(diagnostic, uri)).find((each) => title.test(each.title));
      if (found) return found;
    }
    return undefined;
  });
}

const findings = (uri: vscode.Uri, code: string) => ours(uri).filter((each) => codeOf(each) === code);

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
    const titles = await until('lenses', async () => {
      const found = await lenses(uri);
      return found.length > 0 && found;
    });
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
    const [title] = await until('lenses', async () => {
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

  it('points from a duplicate to the first of the two, and removes it', async () => {
    const twice = record('Ada', 'p', [0, 1, 2]);
    const thrice = record('Bob', 'p', [1, 0, 2]);
    const kept = [twice, record('Ada', 'q', [0, 1, 2]), thrice];
    const document = await opened('twice.jsonl', [...kept, twice, thrice, thrice]);
    const { uri } = document;
    const code = 'data/duplicate-record';
    await until('findings', () => findings(uri, code).length === 3);
    const first = findings(uri, code).find(({ range }) => range.start.line === 3);
    assert.equal(first?.relatedInformation?.[0].location.range.start.line, 0);
    assert.equal(first.relatedInformation[0].location.uri.toString(), uri.toString());

    const one = await actionOf(uri, code, /^Remove this duplicate record$/);
    assert.ok(one.edit);
    assert.ok(await vscode.workspace.applyEdit(one.edit));
    assert.deepEqual(document.getText(), [...kept, thrice, thrice, ''].join('\n'));
    await until('fewer findings', () => findings(uri, code).length === 2);

    const all = await actionOf(uri, code, /^Remove the 2 duplicate records that are listed$/);
    assert.ok(all.edit);
    assert.ok(await vscode.workspace.applyEdit(all.edit));
    assert.deepEqual(document.getText(), [...kept, ''].join('\n'));
    await until('no findings', () => findings(uri, code).length === 0);
  });

  it('mends a ranking that counts from 1, and offers nothing where it does not', async () => {
    const document = await opened('base.jsonl', [
      record('Ada', 'p', [[3, 1], 2]),
      record('Bob', 'p', [0, 3]),
      record('Cleo', 'p', [2, 1]),
    ]);
    const { uri } = document;
    const code = 'form/rank-out-of-range';
    const fix = await actionOf(uri, code, /^Count from 0 in this record$/);
    const mixed = findings(uri, code).find(({ range }) => range.start.line === 1);
    assert.ok(mixed);
    assert.ok(!(await actionsOn(mixed, uri)).some(({ title }) => title.startsWith('Count from 0')));

    // one record counts from 0: the whole file is left alone
    const before = document.getText();
    await vscode.commands.executeCommand('emdpo.countFromZero', uri);
    assert.ok(fix.edit);
    assert.equal(document.getText(), before);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.lineAt(0).text, record('Ada', 'p', [[2, 0], 1]));
    assert.equal(document.lineAt(1).text, record('Bob', 'p', [0, 3]));
    await until('one finding', () => findings(uri, code).length === 1);
  });

  it('mends a whole file that counts from 1, the records that only look right as well', async () => {
    const document = await opened('base-all.jsonl', [
      record('Ada', 'p', [3, 1, 2]),
      record('Bob', 'p', [2, 1]),
    ]);
    await actionOf(document.uri, 'form/rank-out-of-range', /^Count from 0 in every record of this file$/);
    await vscode.commands.executeCommand('emdpo.countFromZero', document.uri);
    assert.equal(document.getText(), `${record('Ada', 'p', [2, 0, 1])}\n${record('Bob', 'p', [1, 0])}\n`);
    await until('no finding', () => findings(document.uri, 'form/rank-out-of-range').length === 0);
  });

  it('offers to say what the columns of an unknown table mean, and reads it as an experiment says', async () => {
    const { uri } = await opened('own-columns.tsv', ['first\tsecond\tbest', 'm1\tm2\tm1', 'm2\tm1\tm1']);
    await vscode.commands.executeCommand('emdpo.validate', uri);
    const fix = await actionOf(uri, 'form/unrecognised', /^Say which columns mean what/);
    assert.equal(fix.command?.command, 'emdpo.mapColumns');
    assert.deepEqual(fix.command.arguments, [uri]);
    const columns = { a: 'first', b: 'second', winner: 'best' };
    const experiment = workspaceFile('own-columns.emdpo.json');
    const content = { dataset: { path: 'own-columns.tsv', form: 'arena-csv', columns } };
    await vscode.workspace.fs.writeFile(experiment, Buffer.from(JSON.stringify(content)));
    await until('the table is read', async () =>
      (await lenses(uri)).some((title) => title.startsWith('2 records')),
    );
    assert.deepEqual(findings(uri, 'form/unrecognised'), []);
    await vscode.workspace.fs.delete(experiment);
    await until('it is not recognised again', () => findings(uri, 'form/unrecognised').length > 0);
  });

  it('takes responses that were never shown out of a record, or out of an experiment', async () => {
    const features = [[1], [2], [3]];
    const document = await opened('absent.jsonl', [
      record('Ada', 'p', [[2, 0]], { features }),
      record('Bob', 'p', [1], { features }),
      record('Cleo', 'p', [2, 1, 0], { features }),
    ]);
    const { uri } = document;
    const take = 'Take the unranked responses out of this record (they were never shown)';
    const treat = 'Treat unranked responses as never shown in an experiment';
    const at = async (line: number) => {
      const range = new vscode.Range(line, 3, line, 3);
      const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        range,
        vscode.CodeActionKind.RefactorRewrite.value,
      );
      return found.filter(({ title }) => [take, treat].includes(title));
    };
    const [taking, treating] = await until('actions', async () => {
      const found = await at(0);
      return found.length > 0 && found;
    });
    assert.deepEqual([taking.title, treating.title], [take, treat]);
    assert.deepEqual(
      (await at(1)).map(({ title }) => title),
      [treat],
    );
    assert.deepEqual(await at(2), []);

    const before = document.getText().split('\n');
    assert.ok(taking.edit);
    assert.ok(await vscode.workspace.applyEdit(taking.edit));
    const fewer = { responses: ['red', 'blue'], ranking: [[1, 0]], features: [[1], [3]] };
    assert.deepEqual(document.getText().split('\n'), [
      JSON.stringify({ annotator: 'Ada', prompt: 'p', ...fewer }),
      ...before.slice(1),
    ]);

    assert.ok(treating.command);
    await vscode.commands.executeCommand(
      treating.command.command,
      ...((treating.command.arguments ?? []) as unknown[]),
    );
    const experiment = vscode.window.activeTextEditor?.document;
    assert.equal(experiment?.uri.path, workspaceFile('absent.emdpo.json').path);
    const { dataset } = parse(experiment.getText()) as { dataset: unknown };
    assert.deepEqual(dataset, { path: 'absent.jsonl', unranked: 'absent' });
  });

  it('opens the page of a finding and a plan of what to collect', async () => {
    const few = Array.from({ length: 30 }, (_, h) =>
      [0, 1].map((x) => record(`a${h}`, `p${x}`, h % 2 === 0 ? [0, 1, 2] : [2, 1, 0])),
    );
    const { uri } = await opened('few.jsonl', [...few.flat(), record('a0', 'p0', [0, 1, 2])]);
    const explain = await actionOf(uri, 'data/duplicate-record', /^Explain “data\/duplicate-record”$/);
    assert.deepEqual(explain.command?.arguments, ['data/duplicate-record']);
    await vscode.commands.executeCommand('emdpo.planCollection', uri);
    const page = await until('the page', () =>
      vscode.workspace.textDocuments.find(({ uri: { path } }) =>
        path.endsWith('few.jsonl – what to collect.md'),
      ),
    );
    assert.match(page.getText(), /^# What to collect/);
    assert.match(page.getText(), /every share of 3 types known to ±5\.0 %/);
    assert.match(
      page.getText(),
      /\| Judgements \|[^]*\| .+ \| [\d,]+ \| (±[\d.]+ %|not bounded) \| (yes|no) \|/,
    );
    await until('a preview', () => webviewTabs('markdown.preview').length > 0);
  });

  it('offers the plan on what concerns identifiability', async () => {
    const { uri } = await opened(
      'singles.jsonl',
      Array.from({ length: 20 }, (_, h) => record(`a${h}`, 'p', [h % 3])),
    );
    const finding = await until('a finding about identifiability', () =>
      ours(uri).find((each) => codeOf(each).startsWith('identify/')),
    );
    const plan = (await actionsOn(finding, uri)).find(({ title }) => title === 'Plan what to collect');
    assert.equal(plan?.command?.command, 'emdpo.planCollection');
  });

  it('writes a copy without known types and loses no line', async () => {
    const { uri } = await opened('typed.jsonl', [
      record('Ada', 'the "type" of p', [0, 1, 2], { type: 'warm', weight: 2 }),
      '{"type": broken',
      record('Bob', 'p', [1, 0, 2]),
    ]);
    await vscode.commands.executeCommand('emdpo.copyWithoutTypes', uri);
    const copy = workspaceFile('typed.without-types.jsonl');
    const text = Buffer.from(await vscode.workspace.fs.readFile(copy)).toString();
    assert.deepEqual(text.split('\n'), [
      record('Ada', 'the "type" of p', [0, 1, 2], { weight: 2 }),
      '{"type": broken',
      record('Bob', 'p', [1, 0, 2]),
      '',
    ]);
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
