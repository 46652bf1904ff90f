import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunResult } from '../../src/protocol/result';
import { readEvents } from '../../src/run/events';
import { readManifest } from '../../src/run/manifest';
import { readPosterior } from '../../src/run/posterior';
import { readResult } from '../../src/run/result';
import { readState } from '../../src/run/state';
import { assertCivil, run, start, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

async function untilIterating(directory: string, child: ChildProcess): Promise<void> {
  while (!(await readEvents(directory)).events.some((event) => event.type === 'em')) {
    assert.equal(child.exitCode, null, 'it ended before it was stopped');
    await sleep(20);
  }
}

test('train writes a complete run directory and prints its result', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const ended = await run(['train', file, '--json', '--seed', '3', '--name', 'two types']);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  const printed = JSON.parse(ended.stdout) as RunResult & { runDirectory: string };
  const { runDirectory, ...result } = printed;
  assert.match(runDirectory, /\.emdpo[\\/]runs[\\/]\d{8}-\d{6}-two-types$/);
  assert.deepEqual(await readResult(runDirectory), result);
  assert.equal(result.types.length, 2);
  assert.ok(Math.abs(result.types[0].share - 2 / 3) < 0.02, String(result.types[0].share));
  assert.equal(await readState(runDirectory), 'finished');
  for (const name of ['run.json', 'events.jsonl', 'validation.json', 'posterior.csv', 'report.html']) {
    assert.ok(existsSync(path.join(runDirectory, name)), name);
  }
  assert.equal(existsSync(path.join(runDirectory, 'lock.json')), false);

  const posterior = await readPosterior(runDirectory);
  assert.equal(posterior?.total, 24);
  posterior.annotators.forEach((annotator, h) => {
    const [first, second] = posterior.gamma.slice(2 * h, 2 * h + 2);
    assert.ok(Math.abs(first + second - 1) < 1e-9);
    assert.equal(second > first, Number(annotator.split(' ')[1]) % 3 === 0, annotator);
  });

  const manifest = await readManifest(runDirectory);
  assert.equal(manifest?.experiment.policy.kind, 'tabular');
  assert.match(manifest.decisions?.[0] ?? '', /tabular because 24 of 24 annotators/);
  assert.equal(manifest.dataset.bytes, readFileSync(file).length);
  assert.equal(manifest.experiment.seed, 3);

  const { events, unreadable } = await readEvents(runDirectory);
  assert.equal(unreadable, 0);
  assert.equal(events[0].type, 'started');
  assert.equal(events.at(-1)?.type, 'finished');
  const lines = ended.stderr.trim().split('\n');
  for (const line of lines) assert.ok((JSON.parse(line) as { type: string }).type);
});

test('the same seed gives the same result, whatever the directory', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const outcomes = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const directory = path.join(folder, name);
      const ended = await run(['train', file, '--run-dir', directory, '--starts', '3']);
      assert.equal(ended.code, 0, ended.stderr);
      const result = await readResult(directory);
      return { ...result, fit: { ...result?.fit, seconds: 0 } };
    }),
  );
  assert.deepEqual(outcomes[0], outcomes[1]);
});

test('an experiment file trains as the same flags do, and is read from anywhere', async (t) => {
  const folder = scratchFolder(t);
  writeFileSync(path.join(folder, 'answers.jsonl'), twoTypes());
  writeFileSync(
    path.join(folder, 'study.emdpo.json'),
    '{ "dataset": "answers.jsonl", "types": 1, /* overridden */ "em": { "prior": 0, "starts": 2 } }',
  );
  const ended = await run(['train', path.join(folder, 'study.emdpo.json'), '--types', '2', '--json']);
  assert.equal(ended.code, 0, ended.stderr);
  const result = JSON.parse(ended.stdout) as RunResult;
  assert.equal(result.fit.types, 2);
  assert.equal(result.fit.prior, 0);
  assert.equal(result.starts.length, 2);
  assert.equal(typeof result.fit.bic, 'number');
});

test('the summary names shares, log-likelihood, regrets and the report, and report writes it again', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const directory = path.join(folder, 'run');
  const ended = await run(['train', file, '--run-dir', directory]);
  assertCivil(ended);
  assert.match(ended.stdout, /66\.\d %/);
  assert.match(ended.stdout, /log-likelihood -\d+\.\d{3}/);
  assert.match(ended.stdout, /regret of .* worst/);
  assert.ok(ended.stdout.includes(`report: ${path.join(directory, 'report.html')}`));
  const out = path.join(folder, 'shared.html');
  const report = await run(['report', directory, '--out', out]);
  assert.equal(report.code, 0, report.stderr);
  const html = readFileSync(out, 'utf8');
  assert.ok(html.includes('annotator 23'));
  assert.doesNotMatch(html, /<(script|link|img)[^>]+(src|href)=/);
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  test(`${signal} cancels a run and gives its directory back`, async (t) => {
    if (process.platform === 'win32') {
      t.skip('Windows has no signals between processes');
      return;
    }
    const folder = scratchFolder(t);
    const file = path.join(folder, 'answers.jsonl');
    writeFileSync(file, twoTypes(300, 12));
    const directory = path.join(folder, 'run');
    // a tolerance that is never met, so that the run is under way when the signal comes
    writeFileSync(
      path.join(folder, 'long.emdpo.json'),
      '{"dataset": "answers.jsonl", "types": 4, "em": {"starts": 1000, "tolerance": 1e-300, "iterations": 1000000}}',
    );
    const { child, ended } = start(['train', path.join(folder, 'long.emdpo.json'), '--run-dir', directory]);
    await untilIterating(directory, child);
    assert.equal(await readState(directory), 'running');
    child.kill(signal);
    const end = await ended;
    assertCivil(end);
    assert.equal(end.code, code, end.stderr);
    assert.equal(await readState(directory), 'cancelled');
    assert.equal((await readEvents(directory)).events.at(-1)?.type, 'cancelled');
    assert.equal(existsSync(path.join(directory, 'lock.json')), false);
    assert.equal(existsSync(path.join(directory, 'result.json')), false);
  });
}

test('a run is stopped in the middle of a long step', async (t) => {
  if (process.platform === 'win32') {
    t.skip('Windows has no signals between processes');
    return;
  }
  const folder = scratchFolder(t);
  const file = path.join(folder, 'made.jsonl');
  const size = ['--annotators', '10000', '--records', '8', '--prompts', '100', '--types', '3'];
  const made = await run(['simulate', '--out', file, ...size]);
  assert.equal(made.code, 0, made.stderr);
  const directory = path.join(folder, 'run');
  // the information of the design is computed in one go, without a pause in which a signal could be heard
  const { child, ended } = start([
    'train',
    file,
    '--policy',
    'loglinear',
    '--types',
    '3',
    '--run-dir',
    directory,
  ]);
  const isValidating = async () =>
    (await readEvents(directory)).events.some(
      (event) => event.type === 'phase' && event.phase === 'validating',
    );
  while (!(await isValidating())) {
    assert.equal(child.exitCode, null, 'it ended before it was stopped');
    await sleep(20);
  }
  child.kill('SIGTERM');
  const end = await ended;
  assertCivil(end);
  assert.equal(end.code, 143, end.stderr);
  const { events, unreadable } = await readEvents(directory);
  assert.deepEqual([events.at(-1)?.type, unreadable], ['cancelled', 0]);
  assert.equal(existsSync(path.join(directory, 'lock.json')), false);
});

test('a run that is killed is seen to be dead', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes(300, 12));
  const directory = path.join(folder, 'run');
  const { child, ended } = start(['train', file, '--run-dir', directory, '--types', '4', '--starts', '1000']);
  await untilIterating(directory, child);
  child.kill('SIGKILL');
  await ended;
  assert.equal(await readState(directory), 'dead');
});

test('what simulate makes validates and trains to its types', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'made.jsonl');
  const args = ['--types', '2', '--annotators', '120', '--records', '8', '--scale', '2', '--seed', '5'];
  const made = await run(['simulate', '--out', file, ...args, '--json']);
  assertCivil(made);
  assert.equal(made.code, 0, made.stderr);
  const { records, annotators, idealAccuracy } = JSON.parse(made.stdout) as Record<string, number>;
  assert.deepEqual([records, annotators], [960, 120]);
  const validated = await run(['validate', file, '--types', '2', '--json']);
  assert.equal(validated.code, 0, validated.stderr);
  const trained = await run(['train', file, '--policy', 'loglinear', '--json']);
  assert.equal(trained.code, 0, trained.stderr);
  const { known } = JSON.parse(trained.stdout) as RunResult;
  assert.ok(known && known.accuracy >= 0.97 * idealAccuracy, `${known?.accuracy} of ${idealAccuracy}`);
});
