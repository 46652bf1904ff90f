import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeTypeNames } from '../../src/run/type-names';
import { hoverAt, lenses } from './dataset-tools';
import { activated, closeEverything, until, workspaceFile } from './tools';

const latest = (uri: vscode.Uri, wanted: RegExp) =>
  until(`a lens ${wanted}`, async () => (await lenses(uri)).find(({ title }) => wanted.test(title)));

const resultTabs = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === 'emdpo.runResult');

describe('The latest result, next to the code', () => {
  const name = 'beside.jsonl';
  let dataset: vscode.Uri;
  let experiment: vscode.Uri;
  let directory = '';

  before(async function () {
    this.timeout(120_000);
    await activated();
    dataset = workspaceFile(name);
    experiment = workspaceFile('beside.emdpo.json');
    const original = readFileSync(workspaceFile('answers.jsonl').fsPath);
    await vscode.workspace.fs.writeFile(dataset, original);
    const content = { dataset: name, types: 2, em: { starts: 2, iterations: 20 } };
    await vscode.workspace.fs.writeFile(experiment, Buffer.from(JSON.stringify(content)));
    await vscode.window.showTextDocument(dataset);
    assert.ok(!(await lenses(dataset)).some(({ title }) => title.startsWith('Latest result')));
    await vscode.commands.executeCommand('emdpo.train', experiment);
    await vscode.window.showTextDocument(dataset, { viewColumn: vscode.ViewColumn.One });
    const lens = await latest(dataset, /^Latest result/);
    directory = (lens.arguments?.[0] as vscode.Uri).fsPath;
  });
  after(closeEverything);

  it('stands above the dataset and its experiment, and opens the panel', async () => {
    const { title, command } = await latest(dataset, /^Latest result/);
    assert.match(title, /^Latest result: just now · Type 1 \d+% · Type 2 \d+% · worst regret [\d.]+ nats$/);
    assert.equal(command, 'emdpo.showResults');
    await vscode.window.showTextDocument(experiment);
    assert.equal((await latest(experiment, /^Latest result/)).title, title);
    const other = workspaceFile('quick.emdpo.json');
    await vscode.window.showTextDocument(other);
    assert.ok(!(await lenses(other)).some(({ arguments: given }) => String(given?.[0]).includes('beside')));
  });

  it('names types as the person does', async () => {
    await writeTypeNames(directory, ['terse', null]);
    await vscode.commands.executeCommand('emdpo.runs.refresh');
    await latest(dataset, /terse \d+%/);
  });

  it('says on a record of which type its annotator is, and leads to the panel', async () => {
    const { uri } = await vscode.window.showTextDocument(dataset).then(({ document }) => document);
    const text = await until('a hover with the type', async () => {
      const found = await hoverAt(uri, 0);
      return found.includes('posterior in run') && found;
    });
    const row = readFileSync(path.join(directory, 'posterior.csv'), 'utf8')
      .split('\n')
      .find((each) => each.startsWith('annotator 0,'))!;
    const [, first, second] = row.split(',').map(Number);
    const best = first >= second ? 'terse' : 'Type 2';
    const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
    assert.ok(text.includes(`**${best} ${percent.format(Math.max(first, second))}**`), text);
    assert.ok(!text.includes('has changed since'));
    const link = /command:emdpo\.showAnnotator\?([^)]+)\)/.exec(text)!;
    const given = JSON.parse(decodeURIComponent(link[1])) as [{ directory: string; annotator: string }];
    assert.deepEqual(given, [{ directory, annotator: 'annotator 0' }]);
    await vscode.commands.executeCommand('emdpo.showAnnotator', ...given);
    await until('the panel', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(
          ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('emdpo.results'),
        ),
    );
  });

  it('says when the file has changed since', async () => {
    const text = readFileSync(dataset.fsPath, 'utf8');
    const more = `${text.split('\n')[0].replace('annotator 0', 'annotator 99')}\n`;
    await vscode.workspace.fs.writeFile(dataset, Buffer.from(text + more));
    await vscode.window.showTextDocument(dataset, { viewColumn: vscode.ViewColumn.One });
    await latest(dataset, /the dataset has changed since/);
    const seen = await until('a hover that says so', async () => {
      const found = await hoverAt(dataset, 0);
      return found.includes('The file has changed since that run') && found;
    });
    assert.match(seen, /posterior in run “beside”/);
  });

  it('opens result.json of a run as its panel', async () => {
    const file = vscode.Uri.file(path.join(directory, 'result.json'));
    await vscode.commands.executeCommand('vscode.open', file);
    await until('the panel instead of text', () => resultTabs().length === 1);
    await vscode.commands.executeCommand('vscode.openWith', file, 'default');
    await until('the text', () => vscode.window.activeTextEditor?.document.uri.fsPath === file.fsPath);
  });
});
