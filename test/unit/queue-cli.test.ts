import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTreeAlive } from '../../src/platform';
import { random } from '../../src/random';
import { readEvents } from '../../src/run/events';
import { lockHolder } from '../../src/run/lock';
import { queueFolder } from '../../src/run/queue/queue-log';
import { readQueue } from '../../src/run/queue/read-queue';
import type { Queued } from '../../src/run/queue/read-queue';
import { stopQueue } from '../../src/run/queue/stop-queue';
import { assertCivil, record, run, start, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

/** Three thousand annotators, hardly two of them alike: records that are the same would be fitted once. */
function everyoneDiffers(): string {
  const source = random(1);
  const lines = Array.from({ length: 3000 }, (_, h) =>
    Array.from({ length: 8 }, (_, x) =>
      record({ annotator: `annotator ${h}`, prompt: `Prompt ${x}`, ranking: source.shuffle([0, 1, 2]) }),
    ),
  );
  return lines.flat().join('\n') + '\n';
}

/** A project with a dataset and an experiment that would go on for hours. */
function projectIn(t: TestContext): { project: string; dataset: string; endless: string } {
  const project = scratchFolder(t);
  // a test that fails leaves nothing running
  t.after(() => stopQueue(project, true));
  const dataset = path.join(project, 'answers.jsonl');
  writeFileSync(dataset, twoTypes());
  writeFileSync(path.join(project, 'many.jsonl'), everyoneDiffers());
  const endless = path.join(project, 'endless.emdpo.json');
  const em = { starts: 1000, iterations: 1_000_000, tolerance: 1e-300 };
  writeFileSync(endless, JSON.stringify({ dataset: 'many.jsonl', types: 6, em }));
  return { project, dataset, endless };
}

async function until<T>(what: string, find: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 120_000;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) assert.fail(`This did not happen within two minutes: ${what}`);
    await sleep(50);
  }
}

/** The experiment that runs, once it computes; with `resumed` not before it is gone on with. */
function computing(project: string, resumed = false): Promise<Queued & { directory: string }> {
  return until('a run that computes', async () => {
    const one = (await readQueue(project)).started.at(0);
    if (one?.directory === undefined || one.state !== 'running') return false;
    const { events } = await readEvents(one.directory);
    const last = events.findLastIndex((event) => event.type === 'started' && (!resumed || event.resumed));
    const computes = last >= 0 && events.slice(last).some(({ type }) => type === 'em');
    return computes && { ...one, directory: one.directory };
  });
}

async function pidOf(directory: string): Promise<number> {
  const holder = await lockHolder(directory);
  assert.ok(holder.kind === 'alive', holder.kind);
  return holder.lock.pid;
}

test('a queue runs in order, survives its terminal, is killed and gone on with', async (t) => {
  const { project, dataset, endless } = projectIn(t);
  const added = await run(['queue', 'add', endless, '--project', project, '--json']);
  assertCivil(added);
  assert.equal((JSON.parse(added.stdout) as { added: { name: string }[] }).added[0].name, 'endless');
  const quick = ['queue', 'add', dataset, '--starts', '2', '--project', project];
  assert.match((await run(quick)).stdout, /answers, number 2 of those that wait\n.*nobody works through it/);

  const first = start(['queue', 'run', '--project', project], { detached: true });
  const { directory } = await computing(project);
  first.child.kill('SIGHUP');
  const second = await run(['queue', 'run', '--project', project]);
  assertCivil(second);
  assert.equal(second.code, 0);
  assert.match(second.stdout, new RegExp(`Process ${first.child.pid} works through the queue of .* already`));

  const pid = await pidOf(directory);
  first.child.kill('SIGKILL');
  process.kill(-pid, 'SIGKILL');
  await first.ended;
  const died = await run(['queue', '--project', project]);
  assertCivil(died);
  assert.match(died.stdout, /nobody works through it: process \d+ is gone/);
  assert.match(died.stdout, /endless +died, goes on with emdpo queue run/);

  const detached = await run(['queue', 'run', '--detach', '--project', project, '--json']);
  assert.equal(detached.code, 0, detached.stderr);
  assert.equal((await computing(project, true)).directory, directory);

  // one that is stopped makes room for the next
  assert.equal((await run(['stop', directory])).code, 0);
  const over = await until('the end of the queue', async () => {
    const queue = await readQueue(project);
    return queue.ended.length === 2 && queue.worker.kind === 'nobody' && queue;
  });
  assert.deepEqual(
    over.ended.map(({ request, state }) => [request.name, state]),
    [
      ['endless', 'cancelled'],
      ['answers', 'finished'],
    ],
  );
});

test('a queue is stopped with its run or without, and goes on', async (t) => {
  const { project, endless } = projectIn(t);
  const here = ['--project', project];
  assert.equal((await run(['queue', 'add', endless, ...here])).code, 0);
  assert.equal((await run(['queue', 'run', '--detach', ...here])).code, 0);
  const { directory } = await computing(project);
  const pid = await pidOf(directory);
  const worker = await pidOf(queueFolder(project));

  const refused = await run(['queue', 'remove', 'endless', ...here]);
  assertCivil(refused);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /endless .* is running\. Stop its run first/);

  const stopped = await run(['queue', 'stop', ...here]);
  assertCivil(stopped);
  assert.match(stopped.stdout, /still running: .*endless/);
  assert.ok(!isTreeAlive(worker));
  assert.ok(isTreeAlive(pid));

  const now = await run(['queue', 'stop', '--now', ...here]);
  assertCivil(now);
  assert.match(now.stdout, /no process of .*endless is left/);
  assert.ok(!isTreeAlive(pid));
  const { waiting } = await readQueue(project);
  assert.deepEqual(
    waiting.map((each) => [each.request.name, each.directory]),
    [['endless', directory]],
  );
  const nothing = await run(['queue', 'stop', ...here]);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /there is nothing to stop/);
});

test('what cannot be added adds nothing; names and places are checked', async (t) => {
  const { project, dataset } = projectIn(t);
  const here = ['--project', project];
  const missing = await run(['queue', 'add', dataset, path.join(project, 'gone.jsonl'), ...here]);
  assertCivil(missing);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /There is no file .*gone\.jsonl/);
  const empty = await run(['queue', ...here]);
  assert.match(empty.stdout, /it is empty \(emdpo queue add FILE adds to it\)/);
  assert.equal((await run(['queue', 'remove', 'nobody', ...here])).code, 2);
  assert.equal((await run(['queue', 'add', dataset, dataset, ...here])).code, 0);
  const twice = await run(['queue', 'move', 'answers', '1', ...here]);
  assert.equal(twice.code, 2);
  assert.match(twice.stderr, /several experiments "answers"/);
  const [, last] = (await readQueue(project)).waiting;
  assert.equal((await run(['queue', 'move', last.id, 'first', ...here])).code, 2);
  assert.equal((await run(['queue', 'move', last.id, '1', ...here])).code, 0);
  assert.equal((await readQueue(project)).waiting[0].id, last.id);
  assert.equal((await run(['queue', 'remove', last.id, ...here])).code, 0);
  assert.equal((await readQueue(project)).waiting.length, 1);
});
