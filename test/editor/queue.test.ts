import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import * as vscode from 'vscode';
import { createQueueList, isWorkedThrough, shownOf } from '../../src/editor/queue/queue-list';
import type { QueueList } from '../../src/editor/queue/queue-list';
import { createRunList } from '../../src/editor/runs/run-list';
import { isTreeAlive } from '../../src/platform';
import { lockHolder } from '../../src/run/lock';
import { queueFolder } from '../../src/run/queue/queue-log';
import { readQueue } from '../../src/run/queue/read-queue';
import { stopQueue } from '../../src/run/queue/stop-queue';
import { activated, closeEverything, recordingLog, until, workspaceFile } from './tools';

const { log } = recordingLog();

describe('The queue', () => {
  let project = '';
  before(async () => {
    await activated();
    project = workspaceFile('').fsPath.replace(/[\\/]$/, '');
  });
  afterEach(async () => {
    await stopQueue(project, true);
    rmSync(queueFolder(project), { recursive: true, force: true });
    await closeEverything();
  });

  const waiting = async () => (await readQueue(project)).waiting.map(({ request }) => request.name).join(' ');
  const add = (...names: string[]) => {
    const uris = names.map(workspaceFile);
    return vscode.commands.executeCommand('emdpo.queue.add', uris[0], uris);
  };
  /** As the side bar's list passes it to a command. */
  const node = async (name: string) => {
    const queue = await readQueue(project);
    const at = queue.waiting.findIndex(({ request }) => request.name === name);
    return { project, entry: queue.waiting[at], place: at + 1 };
  };

  it('takes what is selected in the Explorer, in order, and is put into another order', async () => {
    await add('endless.emdpo.json', 'quick.emdpo.json', 'long.emdpo.json');
    assert.equal(await waiting(), 'endless quick long');
    await vscode.commands.executeCommand('emdpo.queue.moveUp', await node('long'));
    assert.equal(await waiting(), 'endless long quick');
    await vscode.commands.executeCommand('emdpo.queue.next', await node('quick'));
    assert.equal(await waiting(), 'quick endless long');
    await vscode.commands.executeCommand('emdpo.queue.remove', await node('endless'));
    assert.equal(await waiting(), 'quick long');
  });

  it('runs in a process of its own, and every window sees the same', async function () {
    this.timeout(120_000);
    await add('endless.emdpo.json', 'quick.emdpo.json');
    const runs = createRunList(log);
    const windows = [createQueueList(runs, log), createQueueList(runs, log)];
    const shown = (window: QueueList) =>
      window.all.flatMap(shownOf).map(({ request, state }) => `${request.name} ${state}`);
    try {
      const before = ['endless waiting', 'quick waiting'];
      for (const window of windows) await until('what waits', () => shown(window).join() === before.join());
      await vscode.commands.executeCommand('emdpo.queue.run');
      const now = ['endless running', 'quick waiting'];
      for (const window of windows) {
        await until('the first run', () => shown(window).join() === now.join());
        assert.ok(window.all.every(isWorkedThrough));
      }
      const [{ directory }] = (await readQueue(project)).started;
      assert.ok(directory !== undefined);
      await until('the list of runs to follow it', () => runs.get(directory)?.state === 'running');
      const holder = await lockHolder(queueFolder(project));
      const pid = holder.kind === 'alive' ? holder.lock.pid : 0;
      await stopQueue(project, true);
      assert.ok(!isTreeAlive(pid));
      for (const window of windows) {
        await until('the end of the queue', () => shown(window).join() === before.join());
        assert.ok(!window.all.some(isWorkedThrough));
      }
    } finally {
      for (const window of windows) window.dispose();
      runs.dispose();
    }
  });

  it('refuses an experiment that cannot be, and then adds nothing', async () => {
    const uri = workspaceFile('wrong-queued.emdpo.json');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('{ "dataset": "answers.jsonl", "types": "three" }'));
    await add('quick.emdpo.json', 'wrong-queued.emdpo.json');
    assert.equal(await waiting(), '');
  });
});
