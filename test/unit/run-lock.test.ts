import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock, lockHolder } from '../../src/run/lock';
import { isTreeAlive, processStart } from '../../src/platform';
import { runFile } from '../../src/run/run-files';
import { scratchFolder } from './run-files';

/** A pid that nobody has: of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('exit', resolve));
  return child.pid!;
}

test('a process has one start time, and a dead one has none', async () => {
  const own = await processStart(process.pid);
  assert.ok(own);
  assert.equal(await processStart(process.pid), own);
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  assert.ok(await processStart(child.pid!));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(await processStart(child.pid!), undefined);
});

test('a process that has ended is gone, also where its parent takes no note', async (t) => {
  if (process.platform !== 'linux') {
    t.skip('only Linux tells');
    return;
  }
  // sleep never asks how its child ended
  const parent = spawn('sh', ['-c', 'setsid sleep 0.2 & echo $!; exec sleep 60']);
  t.after(() => parent.kill('SIGKILL'));
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
  while ((await processStart(pid)) !== undefined) await sleep(20);
  // it is there to signals all the same
  process.kill(pid, 0);
  assert.equal(isTreeAlive(pid), false);
  assert.equal(isTreeAlive(parent.pid!), true);
});

test('a lock is held, seen as alive, and given back', async (t) => {
  const directory = scratchFolder(t);
  assert.equal((await lockHolder(directory)).kind, 'nobody');
  const release = await acquireLock(directory);
  assert.equal((await lockHolder(directory)).kind, 'alive');
  await assert.rejects(acquireLock(directory), new RegExp(`process ${process.pid} is writing there`));
  await release();
  await release();
  assert.equal((await lockHolder(directory)).kind, 'nobody');
});

test('a lock whose process is gone is taken over', async (t) => {
  const directory = scratchFolder(t);
  const stale = { pid: await deadPid(), processStart: 'long ago', host: hostname() };
  writeFileSync(runFile(directory, 'lock'), JSON.stringify(stale));
  assert.equal((await lockHolder(directory)).kind, 'dead');
  const release = await acquireLock(directory);
  const holder = await lockHolder(directory);
  assert.equal(holder.kind === 'alive' && holder.lock.pid, process.pid);
  await release();
});

test('a pid that another process has by now does not keep the lock', async (t) => {
  const directory = scratchFolder(t);
  const reused = { pid: process.pid, processStart: 'some other time', host: hostname() };
  writeFileSync(runFile(directory, 'lock'), JSON.stringify(reused));
  assert.equal((await lockHolder(directory)).kind, 'dead');
  await (
    await acquireLock(directory)
  )();
});

test('a lock of another machine or one that is damaged is not taken', async (t) => {
  const directory = scratchFolder(t);
  const file = runFile(directory, 'lock');
  writeFileSync(file, JSON.stringify({ pid: 1, processStart: 'x', host: 'another-machine' }));
  await assert.rejects(acquireLock(directory), /process 1 on another-machine/);
  for (const damaged of ['', '{"pid":', '[]', '{"pid":"one"}']) {
    writeFileSync(file, damaged);
    assert.equal((await lockHolder(directory)).kind, 'unreadable');
    await assert.rejects(acquireLock(directory), /lock\.json cannot be understood/);
    assert.equal(readFileSync(file, 'utf8'), damaged);
  }
});

test('giving back leaves the lock of someone else alone', async (t) => {
  const directory = scratchFolder(t);
  const release = await acquireLock(directory);
  const other = JSON.stringify({ pid: 1, processStart: 'x', host: 'another-machine' });
  writeFileSync(runFile(directory, 'lock'), other);
  await release();
  assert.equal(readFileSync(runFile(directory, 'lock'), 'utf8'), other);
});

for (const [name, stale] of [
  ['a free directory', false],
  ['a stale lock', true],
] as const) {
  test(`of several processes that start on ${name} exactly one wins`, async (t) => {
    const directory = scratchFolder(t);
    if (stale) {
      const gone = { pid: await deadPid(), processStart: 'long ago', host: hostname() };
      writeFileSync(runFile(directory, 'lock'), JSON.stringify(gone));
    }
    // each waits for the others to be ready, tries once, tells, and holds on until all have told
    const script = `
      import { acquireLock } from ${JSON.stringify(path.resolve('src/run/lock.ts'))};
      process.once('message', async () => {
        process.send(await acquireLock(${JSON.stringify(directory)}).then(() => 'won', (error) => error.name));
        process.on('message', () => process.exit());
      });
      process.send('ready');`;
    const contestants = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    const answer = (child: (typeof contestants)[number]) =>
      new Promise<unknown>((resolve) => child.once('message', resolve));
    await Promise.all(contestants.map(answer));
    const outcomes = contestants.map(answer);
    for (const child of contestants) child.send('go');
    const told = await Promise.all(outcomes);
    for (const child of contestants) child.send('end');
    assert.equal(told.filter((outcome) => outcome === 'won').length, 1, told.join());
    assert.equal(told.filter((outcome) => outcome === 'RunError').length, 4, told.join());
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.endsWith('.takeover')),
      [],
    );
  });
}

test('who died while taking a dead lock over stands in nobody’s way', async (t) => {
  const directory = scratchFolder(t);
  const file = runFile(directory, 'lock');
  const [first, second] = [await deadPid(), await deadPid()].map((pid) => ({
    pid,
    processStart: 'long ago',
    host: hostname(),
  }));
  writeFileSync(file, JSON.stringify(first));
  // the guard of the first is named after it, as acquireLock names it
  const name = (lock: typeof first) =>
    `${lock.pid}-${createHash('sha256').update(`${lock.processStart} ${lock.host}`).digest('hex').slice(0, 16)}`;
  const guard = `${file}.${name(first)}.takeover`;
  writeFileSync(guard, JSON.stringify(second));
  const release = await acquireLock(directory);
  assert.equal((await lockHolder(directory)).kind, 'alive');
  assert.deepEqual(readdirSync(directory), ['lock.json']);
  await release();

  // while the guard's own process lives it is not passed by
  writeFileSync(file, JSON.stringify(first));
  const own = { pid: process.pid, processStart: await processStart(process.pid), host: hostname() };
  writeFileSync(guard, JSON.stringify(own));
  await assert.rejects(acquireLock(directory), new RegExp(`being taken over by process ${process.pid}`));
});

test('a training that has lost its supervisor keeps the directory until it has ended', async (t) => {
  const directory = scratchFolder(t);
  const worker = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const lock = {
    pid: await deadPid(),
    processStart: 'long ago',
    host: hostname(),
    worker: { pid: worker.pid, processStart: await processStart(worker.pid!) },
  };
  writeFileSync(runFile(directory, 'lock'), JSON.stringify(lock));
  assert.equal((await lockHolder(directory)).kind, 'alive');
  let taken = false;
  const taking = acquireLock(directory).then((release) => {
    taken = true;
    return release;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(taken, false);
  worker.kill('SIGKILL');
  await (
    await taking
  )();
});
