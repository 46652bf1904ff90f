import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { isTreeAlive } from '../../src/platform';
import { createRunList } from '../../src/editor/runs/run-list';
import { stopRun } from '../../src/editor/runs/stop-run';
import { listRuns } from '../../src/run/directory';
import { readEvents } from '../../src/run/events';
import { lockHolder } from '../../src/run/lock';
import { readState } from '../../src/run/state';
import { activated, closeEverything, recordingLog, until, webviewTabs, workspaceFile } from './tools';

const { log } = recordingLog();

/** Starts a run by command and waits until it has read its dataset; returns its directory. */
async function start(experiment: string): Promise<string> {
  const project = workspaceFile('').fsPath;
  const before = new Set(await listRuns(project));
  await vscode.commands.executeCommand('emdpo.train', workspaceFile(experiment));
  const directory = await until('a run directory', async () =>
    (await listRuns(project)).find((each) => !before.has(each)),
  );
  await until('run.json', () => existsSync(path.join(directory, 'run.json')));
  return directory;
}

async function pidOf(directory: string): Promise<number> {
  return until('a lock', async () => {
    const holder = await lockHolder(directory);
    return holder.kind === 'alive' && holder.lock.pid;
  });
}

describe('Training', () => {
  before(activated);
  afterEach(closeEverything);

  it('runs to its end, in the workspace folder of the dataset, and opens the panel', async () => {
    const directory = await start('quick.emdpo.json');
    assert.equal(path.dirname(directory), workspaceFile('.emdpo/runs').fsPath);
    await until('a panel', () => webviewTabs('emdpo.results').length === 1);
    await until('the end', async () => (await readState(directory)) === 'finished');
    for (const name of ['run.json', 'result.json', 'posterior.csv', 'events.jsonl']) {
      assert.ok(existsSync(path.join(directory, name)), name);
    }
    assert.ok(existsSync(workspaceFile('.emdpo/.gitignore').fsPath));
  });

  it('writes into the folder of the workspace that holds the dataset', async () => {
    const second = vscode.workspace.workspaceFolders?.at(1);
    assert.ok(second);
    await vscode.commands.executeCommand(
      'emdpo.train',
      vscode.Uri.joinPath(second.uri, 'elsewhere.emdpo.json'),
    );
    const [directory] = await until('a run', async () => {
      const runs = await listRuns(second.uri.fsPath);
      return runs.length > 0 && runs;
    });
    await until('the end', async () => (await readState(directory)) === 'finished');
    const list = createRunList(log);
    await list.refresh();
    assert.equal(list.get(directory)?.state, 'finished');
    list.dispose();
  });

  it('stops when it is told to, and leaves no process behind', async () => {
    const directory = await start('endless.emdpo.json');
    const pid = await pidOf(directory);
    const asked = Date.now();
    await vscode.commands.executeCommand('emdpo.stop', vscode.Uri.file(directory));
    await until('an end', async () => (await readState(directory)) !== 'running');
    assert.ok(!isTreeAlive(pid));
    console.log(`stopped after ${Date.now() - asked} ms`);
    assert.equal(await readState(directory), 'cancelled');
    const { events } = await readEvents(directory);
    assert.equal(events.at(-1)?.type, 'cancelled');
  });

  it('goes on when it is resumed, and lists follow it again', async () => {
    const directory = await start('endless.emdpo.json');
    await vscode.commands.executeCommand('emdpo.stop', vscode.Uri.file(directory));
    await until('an end', async () => (await readState(directory)) === 'cancelled');
    const before = (await readEvents(directory)).next;
    const list = createRunList(log);
    try {
      assert.equal((await list.refreshOne(directory))?.state, 'cancelled');
      await vscode.commands.executeCommand('emdpo.resume', vscode.Uri.file(directory));
      assert.equal(await readState(directory), 'running');
      const { events } = await readEvents(directory, before);
      assert.ok(events[0].type === 'started' && events[0].resumed);
      assert.equal((await list.refreshOne(directory))?.state, 'running');
      await until('news of it', () => list.get(directory)?.progress !== undefined);
      const pid = await pidOf(directory);
      await vscode.commands.executeCommand('emdpo.stop', vscode.Uri.file(directory));
      await until('its end', () => list.get(directory)?.state === 'cancelled');
      assert.ok(!isTreeAlive(pid));
    } finally {
      list.dispose();
    }
  });

  it('that has finished is not resumed', async () => {
    const directory = await start('quick.emdpo.json');
    await until('the end', async () => (await readState(directory)) === 'finished');
    const { next } = await readEvents(directory);
    await vscode.commands.executeCommand('emdpo.resume', vscode.Uri.file(directory));
    assert.deepEqual((await readEvents(directory, next)).events, []);
  });

  it('is found again by a window that did not start it, and can be stopped there', async () => {
    const directory = await start('endless.emdpo.json');
    const list = createRunList(log);
    try {
      assert.equal(list.all.length, 0);
      await list.attach();
      assert.equal(list.get(directory)?.state, 'running');
      const ended = new Promise<string>((resolve) =>
        list.onDidEnd((run) => {
          resolve(run.state);
        }),
      );
      await stopRun(directory, log);
      assert.equal(await ended, 'cancelled');
    } finally {
      list.dispose();
    }
  });

  it('that does not listen is ended, and its directory says that it was stopped', async function () {
    if (process.platform === 'win32') this.skip(); // no SIGSTOP there
    const directory = await start('endless.emdpo.json');
    const pid = await pidOf(directory);
    process.kill(pid, 'SIGSTOP');
    await stopRun(directory, log);
    assert.ok(!isTreeAlive(pid));
    assert.equal(await readState(directory), 'cancelled');
  });

  it('that is killed is shown as ended without finishing', async () => {
    const directory = await start('endless.emdpo.json');
    const pid = await pidOf(directory);
    const list = createRunList(log);
    try {
      await list.attach();
      const ended = new Promise<string>((resolve) =>
        list.onDidEnd((run) => {
          resolve(run.state);
        }),
      );
      process.kill(pid, 'SIGKILL');
      assert.equal(await ended, 'dead');
    } finally {
      list.dispose();
    }
  });

  it('whose directory vanishes goes from the list', async () => {
    const directory = await start('endless.emdpo.json');
    const pid = await pidOf(directory);
    const list = createRunList(log);
    try {
      await list.attach();
      assert.ok(list.get(directory));
      process.kill(pid, 'SIGKILL');
      await until('its process to be gone', () => !isTreeAlive(pid));
      rmSync(directory, { recursive: true, force: true });
      await until('the run to be off the list', () => list.get(directory) === undefined);
    } finally {
      list.dispose();
    }
  });

  it('refuses an experiment that cannot be, and makes no run', async () => {
    const uri = workspaceFile('wrong.emdpo.json');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('{ "dataset": "answers.jsonl", "types": "three" }'));
    const before = await listRuns(workspaceFile('').fsPath);
    await vscode.commands.executeCommand('emdpo.train', uri);
    assert.deepEqual(await listRuns(workspaceFile('').fsPath), before);
  });
});

describe('Experiment files', () => {
  before(activated);
  afterEach(closeEverything);

  it('are checked against the schema', async () => {
    const uri = workspaceFile('typo.emdpo.json');
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('{\n  "dataset": "answers.jsonl",\n  "typos": 3\n}\n'),
    );
    await vscode.window.showTextDocument(uri);
    const found = await until('a warning', () => {
      const all = vscode.languages.getDiagnostics(uri);
      return all.length > 0 && all;
    });
    assert.equal(found[0].range.start.line, 2);
    assert.match(found[0].message, /typos/);
  });

  it('complete their keys', async () => {
    const uri = workspaceFile('new.emdpo.json');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('{\n  \n}\n'));
    await vscode.window.showTextDocument(uri);
    await until('completions', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        new vscode.Position(1, 2),
      );
      const labels = list.items.map((item) =>
        typeof item.label === 'string' ? item.label : item.label.label,
      );
      return ['dataset', 'types', 'policy'].every((key) => labels.includes(key));
    });
  });

  it('are made for a dataset, and never over another file', async () => {
    const dataset = workspaceFile('answers.jsonl');
    await vscode.commands.executeCommand('emdpo.newExperiment', dataset);
    const first = vscode.window.activeTextEditor?.document.uri.fsPath ?? '';
    await vscode.commands.executeCommand('emdpo.newExperiment', dataset);
    const second = vscode.window.activeTextEditor?.document.uri.fsPath ?? '';
    assert.deepEqual(
      [first, second].map((file) => path.basename(file)),
      ['answers.emdpo.json', 'answers-2.emdpo.json'],
    );
    assert.match(readFileSync(first, 'utf8'), /"dataset": "answers\.jsonl"/);
  });
});

describe('The sample', () => {
  afterEach(closeEverything);

  it('is copied into the workspace and opened, and has nothing wrong with its form', async () => {
    await activated();
    const creating = vscode.commands.executeCommand('emdpo.createSample');
    // of two folders one has to be chosen
    await until('the sample', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return Boolean(vscode.window.activeTextEditor);
    });
    await creating;
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.match(document.uri.path, /answers(-\d)?\.jsonl$/);
    await vscode.commands.executeCommand('emdpo.validate', document.uri);
    const errors = vscode.languages
      .getDiagnostics(document.uri)
      .filter((each) => each.severity === vscode.DiagnosticSeverity.Error);
    assert.deepEqual(errors, []);
  });
});
