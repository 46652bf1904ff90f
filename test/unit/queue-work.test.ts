import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { runsFolder } from '../../src/run/directory';
import { openEvents } from '../../src/run/events';
import { acquireLock, lockHolder } from '../../src/run/lock';
import { writeManifest } from '../../src/run/manifest';
import { addToQueue, listsOf, removeFromQueue } from '../../src/run/queue/change-queue';
import type { QueueEntry } from '../../src/run/queue/fold';
import { appendChanges, queueFile, queueFolder } from '../../src/run/queue/queue-log';
import type { QueueOutcome } from '../../src/run/queue/queue-event';
import { readQueue } from '../../src/run/queue/read-queue';
import { QueueBusyError, workThrough } from '../../src/run/queue/work-through';
import type { WorkOptions } from '../../src/run/queue/work-through';
import { runFile } from '../../src/run/run-files';
import { manifest, scratchFolder } from './run-files';

const request = manifest.experiment;
const named = (name: string) => ({ file: `/data/${name}.jsonl`, request: { ...request, name } });
const never = new AbortController().signal;

/** Runs in this process, as their names say: what a training writes without the training. */
function launcher(told: string[] = []): WorkOptions['launch'] {
  return (entry, directory, resume) => {
    told.push(`${entry.request.name}${resume ? ' resumed' : ''}`);
    return { ended: play(entry, directory) };
  };
}

async function play(
  { request: { name } }: QueueEntry,
  directory: string,
): Promise<{ code: number; said: string }> {
  if (name.startsWith('mute')) return { code: 1, said: 'There is no such dataset.' };
  const release = await acquireLock(directory);
  const events = openEvents(directory);
  events.emit({ type: 'started', pid: process.pid });
  await writeManifest(directory, { ...manifest, name });
  if (name.startsWith('fails')) events.emit({ type: 'failed', message: 'It did not work.' });
  else if (name.startsWith('stopped')) events.emit({ type: 'cancelled' });
  else if (!name.startsWith('dies')) events.emit({ type: 'finished', seconds: 1, logLikelihood: -1 });
  events.close();
  await release();
  return { code: 0, said: '' };
}

/** A run directory as a process leaves it that is gone. */
async function leftBehind(project: string, run: string, readItsDataset = true): Promise<void> {
  const directory = path.join(runsFolder(project), run);
  mkdirSync(directory, { recursive: true });
  const events = openEvents(directory);
  events.emit({ type: 'started', pid: 1 });
  events.close();
  if (readItsDataset) await writeManifest(directory, manifest);
}

async function outcomes(project: string): Promise<Record<string, QueueOutcome | undefined>> {
  const { ended } = await listsOf(project);
  return Object.fromEntries(ended.map((entry) => [entry.request.name, entry.state]));
}

async function deadLock(): Promise<string> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('exit', resolve));
  return JSON.stringify({ pid: child.pid, processStart: 'long ago', host: hostname() });
}

test('each has its turn, in order, however the one before it ended', async (t) => {
  const project = scratchFolder(t);
  const names = ['fails', 'dies', 'stopped', 'mute', 'good'];
  await addToQueue(project, names.map(named));
  const told: string[] = [];
  const ended = await workThrough(project, { signal: never, launch: launcher(told) });
  assert.deepEqual(told, names);
  const expected = { fails: 'failed', dies: 'dead', stopped: 'cancelled', mute: 'failed', good: 'finished' };
  assert.deepEqual(await outcomes(project), expected);
  assert.equal(ended[0].message, 'It did not work.');
  assert.equal(ended[3].message, 'There is no such dataset.');
  // the one that wrote nothing leaves no run directory
  assert.equal(ended[3].directory, undefined);
  assert.equal(readdirSync(runsFolder(project)).length, 4);
  assert.equal((await readQueue(project)).worker.kind, 'nobody');
});

test('one that is added or taken out while another runs is heard of', async (t) => {
  const project = scratchFolder(t);
  const [, second] = await addToQueue(project, [named('first'), named('second')]);
  const told: string[] = [];
  await workThrough(project, {
    signal: never,
    launch: (entry, directory, resume) => {
      const meanwhile = async () => {
        if (entry.request.name === 'first') {
          await removeFromQueue(project, second.id);
          await addToQueue(project, [named('third')]);
        }
        return play(entry, directory);
      };
      told.push(`${entry.request.name}${resume ? ' resumed' : ''}`);
      return { ended: meanwhile() };
    },
  });
  assert.deepEqual(told, ['first', 'third']);
});

test('the one of two that comes second says who is on, and starts nothing', async (t) => {
  const project = scratchFolder(t);
  await addToQueue(project, [named('a'), named('b')]);
  const told: string[] = [];
  const both = await Promise.allSettled([
    workThrough(project, { signal: never, launch: launcher(told) }),
    workThrough(project, { signal: never, launch: launcher(told) }),
  ]);
  assert.deepEqual(told, ['a', 'b']);
  const refused = both.find((each) => each.status === 'rejected');
  assert.ok(refused?.reason instanceof QueueBusyError);
  assert.match(
    refused.reason.message,
    new RegExp(`Process ${process.pid} works through the queue .* already`),
  );
});

test('what a process that was killed has left comes first: a run that died goes on in its directory', async (t) => {
  const project = scratchFolder(t);
  const [a, b] = await addToQueue(project, [named('a'), named('b')]);
  await appendChanges(project, [{ type: 'started', id: a.id, run: 'run-a' }]);
  await leftBehind(project, 'run-a');
  writeFileSync(runFile(queueFolder(project), 'lock'), await deadLock());
  const before = await readQueue(project);
  assert.equal(before.worker.kind, 'dead');
  assert.equal(before.started[0].state, 'dead');
  const told: string[] = [];
  await workThrough(project, { signal: never, launch: launcher(told) });
  assert.deepEqual(told, ['a resumed', 'b']);
  const { ended } = await listsOf(project);
  assert.deepEqual(
    ended.map(({ id, run }) => [id, run === 'run-a']),
    [
      [a.id, true],
      [b.id, false],
    ],
  );
});

test('a run that had not read its dataset is started anew; one that ended meanwhile is not run again', async (t) => {
  const project = scratchFolder(t);
  const [early, over, gone] = await addToQueue(project, [named('early'), named('over'), named('gone')]);
  for (const {
    id,
    request: { name },
  } of [early, over, gone])
    await appendChanges(project, [{ type: 'started', id, run: name }]);
  await leftBehind(project, 'early', false);
  await leftBehind(project, 'over');
  const events = openEvents(path.join(runsFolder(project), 'over'));
  events.emit({ type: 'cancelled' });
  events.close();
  const told: string[] = [];
  await workThrough(project, { signal: never, launch: launcher(told) });
  assert.deepEqual(told, ['early', 'gone']);
  assert.deepEqual(await outcomes(project), { early: 'finished', over: 'cancelled', gone: 'finished' });
});

test('one that was stopped with the queue goes on, one that was stopped alone does not', async (t) => {
  const project = scratchFolder(t);
  const [a] = await addToQueue(project, [named('a')]);
  await appendChanges(project, [
    { type: 'started', id: a.id, run: 'run-a' },
    { type: 'interrupted', id: a.id },
  ]);
  await leftBehind(project, 'run-a');
  const events = openEvents(path.join(runsFolder(project), 'run-a'));
  events.emit({ type: 'cancelled' });
  events.close();
  const told: string[] = [];
  await workThrough(project, { signal: never, launch: launcher(told) });
  assert.deepEqual(told, ['a resumed']);
});

test('a run that cannot go on has failed, and says why', async (t) => {
  const project = scratchFolder(t);
  const [a] = await addToQueue(project, [named('a'), named('b')]);
  await appendChanges(project, [{ type: 'started', id: a.id, run: 'run-a' }]);
  await leftBehind(project, 'run-a');
  const refused = { code: 1, said: 'The dataset has changed.' };
  await workThrough(project, {
    signal: never,
    launch: (entry, directory, resume) => ({
      ended: resume ? Promise.resolve(refused) : play(entry, directory),
    }),
  });
  const { ended } = await listsOf(project);
  assert.deepEqual(
    ended.map(({ state, message }) => [state, message]),
    [
      ['failed', 'The dataset has changed.'],
      ['finished', undefined],
    ],
  );
});

test('where no run directory can be made, those that wait keep waiting', async (t) => {
  const project = scratchFolder(t);
  await addToQueue(project, [named('a'), named('b')]);
  writeFileSync(runsFolder(project), 'in the way');
  await assert.rejects(
    workThrough(project, { signal: never, launch: launcher() }),
    /No run directory can be made/,
  );
  assert.equal((await listsOf(project)).waiting.length, 2);
  assert.equal((await lockHolder(queueFolder(project))).kind, 'nobody');
});

test('a queue whose file is deleted while it runs ends with the run that is going', async (t) => {
  const project = scratchFolder(t);
  await addToQueue(project, [named('a'), named('b')]);
  const told: string[] = [];
  await workThrough(project, {
    signal: never,
    launch: (entry, directory) => {
      rmSync(queueFile(project));
      told.push(entry.request.name);
      return { ended: play(entry, directory) };
    },
  });
  assert.deepEqual(told, ['a']);
  assert.ok(existsSync(runsFolder(project)));
});

test('asked to end, it leaves the run alone and the rest waiting', async (t) => {
  const project = scratchFolder(t);
  await addToQueue(project, [named('a'), named('b')]);
  const stop = new AbortController();
  const done = await workThrough(project, {
    signal: stop.signal,
    launch: () => {
      setTimeout(() => {
        stop.abort();
      }, 0);
      return { ended: new Promise(() => undefined) };
    },
  });
  assert.deepEqual(done, []);
  const { started, waiting } = await listsOf(project);
  assert.deepEqual([started.length, waiting.length], [1, 1]);
  assert.equal((await lockHolder(queueFolder(project))).kind, 'nobody');
});
