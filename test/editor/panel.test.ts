import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answer } from '../../src/editor/panel/answer';
import type { PanelHandlers } from '../../src/editor/panel/answer';
import { panelHandlers } from '../../src/editor/panel/handlers';
import { panelHtml } from '../../src/editor/panel/html';
import { readLiveSnapshot } from '../../src/run/snapshot';
import { activated, closeEverything, recordingLog, until, webviewTabs, workspaceFile } from './tools';

const { log, lines } = recordingLog();

function refuse(): Promise<never> {
  return Promise.reject(new Error('the disk is on fire'));
}

const failing: PanelHandlers = {
  snapshot: refuse,
  openDataset: refuse,
  annotator: refuse,
  nameTypes: refuse,
  openReport: refuse,
  openPage: refuse,
  stop: refuse,
  resume: refuse,
  ask: refuse,
  stopAsking: refuse,
  runs: refuse,
  compare: refuse,
  pin: refuse,
  duplicate: refuse,
  openRun: refuse,
  save: refuse,
};

describe('The panel’s messages', () => {
  it('answer a handler that throws with its sentence, and log it', async () => {
    const reply = await answer(failing, { kind: 'request', id: 3, method: 'stop', params: {} }, log);
    assert.deepEqual(reply, { kind: 'reply', id: 3, err: 'the disk is on fire.' });
    assert.ok(lines.some((line) => line.startsWith('error: The panel asked for “stop”')));
  });

  const malformed: [what: string, message: unknown, id: number][] = [
    ['nothing', undefined, -1],
    ['text', 'stop', -1],
    ['another kind', { kind: 'reply', id: 4, ok: null }, 4],
    ['an unknown method', { kind: 'request', id: 5, method: 'format', params: {} }, 5],
    ['a method of every object', { kind: 'request', id: 6, method: 'toString', params: {} }, 6],
    ['wrong parameters', { kind: 'request', id: 7, method: 'openDataset', params: { line: '1' } }, 7],
    [
      'a place before the file',
      { kind: 'request', id: 8, method: 'openDataset', params: { line: 0, column: 1 } },
      8,
    ],
    ['a page elsewhere', { kind: 'request', id: 9, method: 'openPage', params: { page: '../secret' } }, 9],
    ['an id that is no number', { kind: 'request', id: 'x', method: 'stop', params: {} }, -1],
  ];
  for (const [what, message, id] of malformed) {
    it(`answer ${what} with a sentence, and log it`, async () => {
      const before = lines.length;
      const reply = await answer(failing, message, log);
      assert.deepEqual(reply, {
        kind: 'reply',
        id,
        err: 'The panel sent a message that cannot be understood.',
      });
      assert.match(lines.slice(before).join('\n'), /^warn: /);
    });
  }

  it('answer a run directory that vanished with a sentence', async () => {
    const directory = workspaceFile('.emdpo/runs/never-was').fsPath;
    const handlers = panelHandlers({
      directory,
      extension: vscode.Uri.file(directory),
      snapshot: async () => (await readLiveSnapshot(directory)).snapshot,
      annotator: refuse,
      nameTypes: refuse,
      stop: refuse,
      resume: refuse,
      openReport: refuse,
      ask: refuse,
      stopAsking: () => undefined,
      others: failing,
    });
    const reply = await answer(handlers, { kind: 'request', id: 1, method: 'snapshot', params: {} }, log);
    assert.ok('err' in reply);
    assert.match(reply.err, /never-was is no run directory: there is no such folder\.$/);
  });
});

describe('The panel’s page', () => {
  afterEach(closeEverything);

  it('lets only the bundled script run', async () => {
    const extension = await activated();
    const panel = vscode.window.createWebviewPanel('test', 'test', vscode.ViewColumn.One);
    const html = panelHtml(panel.webview, extension.extensionUri, '/data/<runs>/"one"');
    const again = panelHtml(panel.webview, extension.extensionUri, '/data');
    panel.dispose();
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'nonce-[A-Za-z0-9+/]{32}'(;|$)/);
    assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|connect-src/);
    const scripts = [...html.matchAll(/<script[^>]*>/g)];
    assert.equal(scripts.length, 1);
    assert.ok(policy.includes(`'nonce-${/nonce="([^"]+)"/.exec(scripts[0][0])?.[1] ?? ''}'`));
    assert.ok(!html.includes('<runs>'), 'the path is escaped');
    assert.notEqual(/nonce-([^']+)/.exec(html)?.[1], /nonce-([^']+)/.exec(again)?.[1]);
  });

  it('stays open, with a sentence, when its run is gone', async () => {
    await activated();
    await vscode.commands.executeCommand('emdpo.showResults', workspaceFile('.emdpo/runs/never-was'));
    await until('a panel', () => webviewTabs('emdpo.results').length === 1);
  });
});
