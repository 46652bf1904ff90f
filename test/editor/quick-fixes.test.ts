import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import { record, opened, lenses, actionsOn, actionOf, findings } from './dataset-tools';
import { activated, closeEverything, codeOf, ours, until, webviewTabs, workspaceFile } from './tools';

describe('Quick fixes on a dataset', () => {
  before(activated);
  afterEach(closeEverything);

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
      (await lenses(uri)).some(({ title }) => title.startsWith('2 records')),
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
});
