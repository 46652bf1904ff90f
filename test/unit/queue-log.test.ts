import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { addToQueue, listsOf, moveInQueue, removeFromQueue } from '../../src/run/queue/change-queue';
import { appendChanges, queueFile, readQueueLog } from '../../src/run/queue/queue-log';
import { manifest, scratchFolder } from './run-files';

const request = manifest.experiment;
const named = (name: string) => ({ file: `/data/${name}.emdpo.json`, request: { ...request, name } });
const waiting = async (project: string) =>
  (await listsOf(project)).waiting.map((entry) => entry.request.name).join(' ');

test('experiments are added, moved and taken out, and .emdpo stays out of version control', async (t) => {
  const project = scratchFolder(t);
  assert.equal(await waiting(project), '');
  await addToQueue(project, [named('a'), named('b')]);
  const [c] = await addToQueue(project, [named('c')]);
  assert.equal(await waiting(project), 'a b c');
  assert.equal(await moveInQueue(project, c.id, 1), true);
  assert.equal(await waiting(project), 'c a b');
  assert.equal(await moveInQueue(project, c.id, 2), true);
  assert.equal(await waiting(project), 'a c b');
  assert.equal(await moveInQueue(project, c.id, 99), true);
  assert.equal(await waiting(project), 'a b c');
  assert.equal(await removeFromQueue(project, c.id), 'removed');
  assert.equal(await removeFromQueue(project, c.id), 'unknown');
  assert.equal(await moveInQueue(project, c.id, 1), false);
  assert.equal(await waiting(project), 'a b');
  assert.ok(existsSync(path.join(project, '.emdpo', '.gitignore')));
});

test('one that runs is not taken out', async (t) => {
  const project = scratchFolder(t);
  const [{ id }] = await addToQueue(project, [named('a')]);
  await appendChanges(project, [{ type: 'started', id, run: 'run-a' }]);
  assert.equal(await removeFromQueue(project, id), 'running');
  assert.equal((await listsOf(project)).started.length, 1);
});

test('a damaged file loses the damaged lines only, and they are counted', async (t) => {
  const project = scratchFolder(t);
  const [{ id }] = await addToQueue(project, [named('a')]);
  const file = queueFile(project);
  const outside = { time: 'now', type: 'started', id, run: '../../elsewhere' };
  const bare = { time: 'now', type: 'added', id: 'ffffff', file: '/x', request: { name: 'x' } };
  appendFileSync(file, `not JSON\n{"type":"danced","id":"a"}\n[]\n${JSON.stringify(outside)}\n`);
  appendFileSync(file, `${JSON.stringify(bare)}\n\n{"time":"now","type":"remo`);
  // the line without its end is not read yet, and is closed by the next who writes
  assert.equal((await readQueueLog(project)).unreadable, 5);
  await addToQueue(project, [named('b')]);
  assert.equal(await waiting(project), 'a b');
  assert.equal((await readQueueLog(project)).unreadable, 6);
  writeFileSync(file, Buffer.from([0xff, 0x00, 0x0a]));
  assert.equal(await waiting(project), '');
});

test('an experiment comes back as it was added', async (t) => {
  const project = scratchFolder(t);
  const open = { ...request, policy: { kind: 'auto' as const }, types: 'auto' as const };
  await addToQueue(project, [{ file: '/data/a.jsonl', request: open }]);
  assert.deepEqual((await listsOf(project)).waiting[0].request, open);
});

test('a queue that cannot be written is a sentence', async (t) => {
  const project = scratchFolder(t);
  writeFileSync(path.join(project, '.emdpo'), 'in the way');
  await assert.rejects(
    addToQueue(project, [named('a')]),
    /The queue cannot be kept in .* because .*--project/,
  );
});

test('processes that add and take out at the same time lose nothing', async (t) => {
  const project = scratchFolder(t);
  mkdirSync(path.join(project, '.emdpo'));
  // each adds 30, takes out every third of its own, and moves others about
  const script = `
    import { addToQueue, moveInQueue, removeFromQueue } from ${JSON.stringify(path.resolve('src/run/queue/change-queue.ts'))};
    const [project, self, request] = [process.argv[1], process.argv[2], JSON.parse(process.argv[3])];
    for (let i = 0; i < 30; i++) {
      const [{ id }] = await addToQueue(project, [{ file: '/data', request: { ...request, name: self + i } }]);
      if (i % 3 === 0) await removeFromQueue(project, id);
      else if (i % 3 === 1) await moveInQueue(project, id, 1 + i % 5);
    }`;
  const codes = await Promise.all(
    ['x', 'y', 'z'].map(
      (self) =>
        new Promise((resolve) => {
          const args = ['--import', 'tsx', '--input-type=module', '-e', script, project, self];
          spawn(process.execPath, [...args, JSON.stringify(request)], { stdio: 'inherit' }).on(
            'exit',
            resolve,
          );
        }),
    ),
  );
  assert.deepEqual(codes, [0, 0, 0]);
  const { unreadable } = await readQueueLog(project);
  assert.equal(unreadable, 0);
  const names = (await listsOf(project)).waiting.map((entry) => entry.request.name);
  const expected = ['x', 'y', 'z'].flatMap((self) =>
    Array.from({ length: 30 }, (_, i) => `${self}${i}`).filter((_, i) => i % 3 !== 0),
  );
  assert.deepEqual(names.toSorted(), expected.toSorted());
  // an empty line is left where one process saw another's line half-written and closed it
  const lines = readFileSync(queueFile(project), 'utf8').split('\n');
  assert.equal(lines.filter((line) => line !== '').length, 3 * (30 + 10 + 10));
});
