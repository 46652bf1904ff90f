import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEvents } from '../../src/run/events';
import { readSnapshot } from '../../src/run/snapshot';
import { readState } from '../../src/run/state';
import { assertCivil, run, start, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

function datasetIn(t: TestContext): { folder: string; train: string[]; directory: string } {
  const folder = scratchFolder(t);
  const dataset = path.join(folder, 'answers.jsonl');
  writeFileSync(dataset, twoTypes());
  const directory = path.join(folder, 'run');
  return { folder, directory, train: ['train', dataset, '--types', '2', '--run-dir', directory] };
}

async function resumes(directory: string): Promise<void> {
  const ended = await run(['resume', directory]);
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(await readState(directory), 'finished');
}

test('a full disk is a sentence with what to do, and the run goes on when there is room', async (t) => {
  const { directory, train } = datasetIn(t);
  const ended = await run(train, { fault: 'ENOSPC@40+' });
  assertCivil(ended);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /cannot be written because the disk is full\. Make room there\. .*emdpo resume/);
  // the last event could not be written either
  assert.equal(await readState(directory), 'dead');
  await resumes(directory);
});

test('an error of the disk that passes is told in the events, on a line of its own', async (t) => {
  const { directory, train } = datasetIn(t);
  const ended = await run(train, { fault: 'EIO@35' });
  assertCivil(ended);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /because the disk reports an error\. Check the disk/);
  assert.equal(await readState(directory), 'failed');
  const { events, unreadable } = await readEvents(directory);
  const last = events.at(-1);
  assert.match(last?.type === 'failed' ? last.message : '', /the disk reports an error/);
  assert.equal(unreadable, 1);
  await resumes(directory);
});

test('what a killed run left half-written is dropped, and said', async (t) => {
  const { directory, train } = datasetIn(t);
  const ended = await run(train, { fault: 'KILL@40' });
  assert.equal(ended.code, null);
  assert.equal(await readState(directory), 'dead');
  const events = path.join(directory, 'events.jsonl');
  if (readFileSync(events, 'utf8').endsWith('\n')) appendFileSync(events, '{"time":"2026-');
  mkdirSync(path.join(directory, 'policies'), { recursive: true });
  const left = path.join('policies', '.types.safetensors.0123456789ab.part');
  writeFileSync(path.join(directory, left), 'half');
  assert.match(
    (await readSnapshot(directory)).problems?.join(' ') ?? '',
    /last line of events\.jsonl was cut short/,
  );
  await resumes(directory);
  const warnings = (await readEvents(directory)).events.flatMap((event) =>
    event.type === 'warning' && event.code.startsWith('recovered/') ? [event.message] : [],
  );
  assert.equal(warnings.length, 2);
  assert.match(warnings[0], /events\.jsonl was cut short/);
  assert.ok(warnings[1].includes(left));
  assert.equal(existsSync(path.join(directory, left)), false);
});

test('a run directory that is deleted ends the run, and is not made again', async (t) => {
  const { directory, train } = datasetIn(t);
  const started = start([...train, '--starts', '1000']);
  while (!existsSync(path.join(directory, 'validation.json'))) {
    assert.equal(started.child.exitCode, null, 'it ended before its directory was deleted');
    await sleep(5);
  }
  rmSync(directory, { recursive: true });
  const ended = await started.ended;
  assertCivil(ended);
  assert.equal(ended.code, 1);
  assert.match(
    ended.stderr,
    /is gone: the run directory was deleted .* Start the run again\.|its folder is not there/,
  );
  assert.equal(existsSync(directory), false);
});

test('a folder that may not be written to is a sentence', async (t) => {
  const { folder, train } = datasetIn(t);
  chmodSync(path.join(folder, 'answers.jsonl'), 0o644);
  chmodSync(folder, 0o555);
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? { uid: 65_534, cwd: folder } : { cwd: folder };
  if (process.platform === 'win32' || (await run(['--version'], user)).code !== 0) {
    t.skip('permissions cannot be tried here: the program must be readable for everybody');
    return;
  }
  const ended = await run(train, user);
  assertCivil(ended);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /run directory .* cannot be used because permission is denied/);
});

test('of two starts on one run directory one wins, whoever is first', async (t) => {
  const { directory, train } = datasetIn(t);
  const both = await Promise.all([run(train), run(train)]);
  assert.deepEqual(both.map(({ code }) => code).sort(), [0, 1]);
  const loser = both.find(({ code }) => code === 1);
  assert.match(loser?.stderr ?? '', /is in use|already holds a run/);
  const { events } = await readEvents(directory);
  assert.equal(events.filter(({ type }) => type === 'started').length, 1);
  assert.equal(await readState(directory), 'finished');
});

test('on a disk that is really too small the run fails, and goes on when it has grown', async (t) => {
  const { folder, train, directory } = datasetIn(t);
  mkdirSync(directory);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    t.skip('mounting a small file system takes Linux and root');
    return;
  }
  try {
    const ended = await run(train);
    assertCivil(ended);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /report\.html cannot be written because the disk is full\. Make room there\./);
    const posterior = readFileSync(path.join(directory, 'posterior.csv'));
    execFileSync('mount', ['-o', 'remount,size=16m', directory]);
    await resumes(directory);
    assert.deepEqual(readFileSync(path.join(directory, 'posterior.csv')), posterior);
    const elsewhere = path.join(folder, 'undisturbed');
    assert.equal((await run([...train.slice(0, -1), elsewhere])).code, 0);
    for (const name of ['posterior.csv', 'validation.json', 'policies/types.safetensors']) {
      assert.deepEqual(
        readFileSync(path.join(directory, name)),
        readFileSync(path.join(elsewhere, name)),
        name,
      );
    }
  } finally {
    execFileSync('umount', [directory]);
  }
});
