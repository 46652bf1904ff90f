import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { explainFinding } from '../../src/editor/diagnostics/finding-pages';
import {
  activated,
  closeEverything,
  codeOf,
  ours,
  replaceAll,
  until,
  webviewTabs,
  workspaceFile,
} from './tools';

const GOOD = '{"annotator":"a","prompt":"p","responses":["x","y","z"],"ranking":[0,1,2]}';
const BROKEN = '{"annotator":"b","prompt":"p","responses":["x","y","z"],"ranking":[0,1,7]}';

const errors = (uri: vscode.Uri) =>
  ours(uri).filter((diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error);

describe('Findings in the editor', () => {
  before(activated);
  afterEach(closeEverything);

  it('come at the exact place on a change, and go when it is mended', async () => {
    const document = await vscode.workspace.openTextDocument(workspaceFile('answers.jsonl'));
    await vscode.window.showTextDocument(document);
    const original = document.getText();
    await replaceAll(document, [GOOD, BROKEN, GOOD].join('\n'));
    const [error] = await until('a squiggle', () => errors(document.uri).length > 0 && errors(document.uri));
    assert.equal(errors(document.uri).length, 1);
    assert.equal(error.range.start.line, 1);
    assert.equal(document.getText(error.range), '7');
    await replaceAll(document, original);
    await until('no squiggle', () => errors(document.uri).length === 0);
  });

  it('come on open and name their page', async () => {
    const uri = workspaceFile('opened.jsonl');
    await vscode.workspace.fs.writeFile(uri, Buffer.from([GOOD, GOOD, '{"annotator":'].join('\n')));
    await vscode.window.showTextDocument(uri);
    const [error] = await until('a squiggle', () => errors(uri).length > 0 && errors(uri));
    assert.equal(error.range.start.line, 2);
    assert.match(codeOf(error), /^form\/[a-z-]+$/);
    assert.ok(typeof error.code === 'object' && error.code.target.scheme === 'command');
  });

  it('have a page behind their code, which opens as a preview', async () => {
    const uri = workspaceFile('explained.jsonl');
    await vscode.workspace.fs.writeFile(uri, Buffer.from([GOOD, BROKEN].join('\n')));
    await vscode.window.showTextDocument(uri);
    const [error] = await until('a squiggle', () => errors(uri).length > 0 && errors(uri));
    assert.ok(typeof error.code === 'object');
    const [code] = JSON.parse(error.code.target.query) as string[];
    assert.equal(code, codeOf(error));
    await vscode.commands.executeCommand(error.code.target.path, code);
    await until('a preview', () => webviewTabs('markdown.preview').length > 0);
  });

  it('that concern the dataset as a whole do not underline its first record', async () => {
    const uri = workspaceFile('four.soc');
    await vscode.window.showTextDocument(uri);
    const found = await until('a warning', () => ours(uri).length > 0 && ours(uri));
    const whole = found.filter((diagnostic) => codeOf(diagnostic).startsWith('identify/'));
    assert.ok(whole.length > 0);
    for (const { range } of whole) {
      assert.ok(range.isSingleLine);
      assert.equal(range.end.character - range.start.character, 1);
    }
  });

  it('say so when a code has no page', async () => {
    const { extensionUri } = await activated();
    await assert.rejects(explainFinding(extensionUri, 'form/no-such-code'), /There is no page/);
    await assert.rejects(explainFinding(extensionUri, '../../package'), /There is no finding/);
  });

  it('come on a data file of another kind', async () => {
    const uri = workspaceFile('broken.soc');
    const text =
      '# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n3: 1,2,3\n2: 3,2,9\n';
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    await vscode.window.showTextDocument(uri);
    const [error] = await until('a squiggle', () => errors(uri).length > 0 && errors(uri));
    assert.equal(error.range.start.line, 5);
  });

  for (const name of ['unrelated.jsonl', 'unrelated.csv']) {
    it(`leave ${name} alone until they are asked for`, async () => {
      const uri = workspaceFile(name);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      await sleep(1500);
      assert.deepEqual(ours(uri), []);
      await vscode.commands.executeCommand('emdpo.validate', uri);
      assert.ok(errors(uri).length > 0);
    });
  }

  it('wait for the command when the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('emdpo');
    await settings.update('validate', 'onCommand', vscode.ConfigurationTarget.Workspace);
    try {
      const uri = workspaceFile('asked.jsonl');
      await vscode.workspace.fs.writeFile(uri, Buffer.from([GOOD, BROKEN].join('\n')));
      await vscode.window.showTextDocument(uri);
      await sleep(1500);
      assert.deepEqual(ours(uri), []);
      await vscode.commands.executeCommand('emdpo.validate', uri);
      assert.equal(errors(uri).length, 1);
    } finally {
      await settings.update('validate', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
