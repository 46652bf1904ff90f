import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEvents } from '../../src/run/events';
import { readHistory } from '../../src/run/history/history-file';
import { readManifest } from '../../src/run/manifest';
import { readResult } from '../../src/run/result';
import { readState } from '../../src/run/state';
import { assertCivil, run, start } from './cli-run';
import { scratchFolder } from './run-files';

const POLICIES = ['type1', 'type2', 'plain-dpo', 'distilled'];

/** Two types who want opposite things of few short texts, and a model as small as can be. */
function experimentIn(
  t: TestContext,
  change: Record<string, unknown> = {},
  optimizer: Record<string, unknown> = { learningRate: 0.01 },
): { folder: string; dataset: string; experiment: string } {
  const folder = scratchFolder(t);
  const dataset = path.join(folder, 'texts.jsonl');
  const texts = ['yes', 'yes, sure', 'no', 'no, never'];
  const lines = Array.from({ length: 16 }, (_, h) => {
    const order = h % 2 === 0 ? [1, 0, 2, 3] : [3, 2, 0, 1];
    return ['a?', 'b?', 'c?'].map((prompt) =>
      JSON.stringify({
        annotator: `a${h}`,
        prompt,
        responses: texts,
        ranking: order,
        type: h % 2 === 0 ? 'agrees' : 'refuses',
      }),
    );
  });
  writeFileSync(dataset, lines.flat().join('\n') + '\n');
  const experiment = path.join(folder, 'texts.emdpo.json');
  writeFileSync(
    experiment,
    JSON.stringify({
      dataset: 'texts.jsonl',
      types: 2,
      beta: 0.5,
      policy: {
        kind: 'transformer',
        scratch: { layers: 1, hidden: 16, heads: 2, epochs: 8 },
        promptTokens: 8,
        responseTokens: 16,
        rounds: 2,
        optimizer,
        sampling: { prompts: 3, responses: 2, distillation: 12 },
      },
      compute: { device: 'onnxruntime/cpu', threads: 1 },
      ...change,
    }),
  );
  return { folder, dataset, experiment };
}

function adapters(directory: string): string[] {
  return POLICIES.map((name) =>
    createHash('sha256')
      .update(readFileSync(path.join(directory, 'policies', name, 'adapter_model.safetensors')))
      .digest('hex'),
  );
}

test('a language model run finds the types, writes its policies, and goes on after it was stopped', async (t) => {
  const { folder, dataset, experiment } = experimentIn(t);
  const whole = path.join(folder, 'whole');
  const ended = await run(['train', experiment, '--run-dir', whole]);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  const result = await readResult(whole);
  assert.equal(result?.fit.policy, 'transformer');
  assert.equal(result.known?.accuracy, 1);
  assert.deepEqual(
    result.candidates.map(({ kind }) => kind),
    ['type', 'type', 'plain-dpo', 'mixture', 'loglinear', 'distilled'],
  );
  assert.ok(result.regret.standardError !== null && result.regret.sampling?.prompts === 3);
  const { events } = await readEvents(whole);
  for (const type of ['pretraining', 'loss', 'heldOut', 'finished']) {
    assert.ok(
      events.some((event) => event.type === type),
      type,
    );
  }
  const manifest = await readManifest(whole);
  assert.equal(manifest?.device, 'onnxruntime/cpu');
  assert.equal(existsSync(path.join(whole, 'lock.json')), false);

  // stopped in the middle, then resumed: the same policies, bit for bit
  const cut = path.join(folder, 'cut');
  const started = start(['train', experiment, '--run-dir', cut]);
  while (!(await readEvents(cut).catch(() => undefined))?.events.some(({ type }) => type === 'loss')) {
    assert.equal(started.child.exitCode, null, 'it ended before it was stopped');
    await sleep(20);
  }
  started.child.kill('SIGTERM');
  assert.equal((await started.ended).code, 143);
  assert.equal(await readState(cut), 'cancelled');
  const resumed = await run(['resume', cut]);
  assertCivil(resumed);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(await readState(cut), 'finished');
  assert.deepEqual(adapters(cut), adapters(whole));
  const history = await readHistory(whole);
  assert.deepEqual(await readHistory(cut), history, 'rounds before the stop are kept too');
  assert.deepEqual(
    history?.entries.map(({ iteration, regret }) => [iteration, regret]),
    Array.from({ length: result.fit.iterations }, (_, i) => [i + 1, undefined]),
  );
  const again = await readResult(cut);
  assert.deepEqual(
    { ...again, fit: { ...again?.fit, seconds: 0 } },
    { ...result, fit: { ...result.fit, seconds: 0 } },
  );

  const twice = await run(['resume', cut]);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /has finished: there is nothing to go on with/);
  const answer = await run(['generate', whole, '--prompt', 'a?', '--policy', 'type1', '--json']);
  assertCivil(answer);
  assert.equal(answer.code, 0, answer.stderr);
  assert.ok(existsSync(dataset));
});

test('the number of language models is chosen through a log-linear model on embeddings', async (t) => {
  const { folder, experiment } = experimentIn(t, { types: [1, 2, 3] });
  const directory = path.join(folder, 'run');
  const ended = await run(['train', experiment, '--run-dir', directory]);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /Chosen by a log-linear model on the reference model’s embeddings/);
  const result = await readResult(directory);
  assert.equal(result?.recommendation?.by, 'embeddings');
  assert.equal(result.recommendation.types, 2);
  assert.deepEqual(
    result.selection.map(({ types }) => types),
    [1, 2, 3],
  );
  const [one, two] = result.selection;
  assert.ok((two.heldOut ?? NaN) > (one.heldOut ?? NaN));
  assert.equal(result.types.length, 2);
  assert.equal(result.known?.accuracy, 1);
  // the curve is that of the language models alone
  const { events } = await readEvents(directory);
  for (const event of events) if (event.type === 'em') assert.equal(event.types, 2);
  const phases = events.flatMap((event) => (event.type === 'phase' ? [event.title] : []));
  const at = (title: string) => phases.indexOf(title);
  assert.ok(at('Embedding the responses') >= 0);
  assert.ok(at('Embedding the responses') < at('Training a language model for each type'));
  for (const event of events) if (event.type === 'progress') assert.ok(event.done <= event.total);

  // stopped while it chooses, then resumed
  const cut = path.join(folder, 'cut');
  const started = start(['train', experiment, '--run-dir', cut]);
  const choosing = async () =>
    (await readEvents(cut).catch(() => undefined))?.events.some(
      (event) => event.type === 'progress' && event.phase === 'selecting',
    );
  while (!(await choosing())) {
    assert.equal(started.child.exitCode, null, 'it ended before it was stopped');
    await sleep(20);
  }
  started.child.kill('SIGTERM');
  assert.equal((await started.ended).code, 143);
  const resumed = await run(['resume', cut]);
  assertCivil(resumed);
  assert.equal(resumed.code, 0, resumed.stderr);
  const again = await readResult(cut);
  assert.deepEqual(
    { ...again, fit: { ...again?.fit, seconds: 0 } },
    { ...result, fit: { ...result.fit, seconds: 0 } },
  );
});

test('with one comparison by each annotator a run of language models says that the data cannot tell types apart', async (t) => {
  const { folder, dataset, experiment } = experimentIn(t, { types: [1, 2] });
  const pairs = Array.from({ length: 24 }, (_, h) => {
    const ranking = h % 2 === 0 ? [0, 1] : [1, 0];
    return JSON.stringify({
      annotator: `a${h}`,
      prompt: 'a?',
      responses: ['yes, sure', 'no, never'],
      ranking,
    });
  });
  writeFileSync(dataset, pairs.join('\n') + '\n');
  const directory = path.join(folder, 'run');
  const ended = await run(['train', experiment, '--run-dir', directory]);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  const result = await readResult(directory);
  assert.equal(result?.recommendation?.canTell, false);
  assert.equal(result.recommendation.by, 'embeddings');
  assert.equal(result.types.length, 1);
  assert.match(ended.stdout, /cannot tell types apart/);
});

test('other methods are trained and judged beside EM-DPO; stopped among them, the run goes on to the same numbers', async (t) => {
  const evaluate = { baselines: true, heldOut: 0.3, attribute: 'people.csv' };
  const { folder, experiment } = experimentIn(t, { evaluate }, { learningRate: 0.02, epochs: 4 });
  const people = Array.from({ length: 16 }, (_, h) => `a${h},${h % 2 === 0 ? 'north' : 'south'}`);
  writeFileSync(path.join(folder, 'people.csv'), ['annotator,region', ...people].join('\n'));
  const whole = path.join(folder, 'whole');
  const ended = await run(['train', experiment, '--run-dir', whole]);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /Other methods on the same records/);
  const result = await readResult(whole);
  assert.ok(result);
  const { baselines, comparison } = result;
  assert.ok(baselines && comparison);
  assert.deepEqual(
    baselines.map(({ kind }) => kind),
    ['em-min-max', 'em-uniform', 'hard-em', 'clusters', 'plain-dpo', 'oracle'],
  );
  assert.equal(comparison.yardstick, 'known');
  assert.deepEqual([...comparison.types].sort(), ['agrees', 'refuses']);
  assert.equal(comparison.heldOutRecords, 16);
  for (const { regret, standardError, worst, worstInterval, also } of baselines) {
    assert.equal(worst, Math.max(...regret));
    assert.ok(standardError?.every((error) => error > 0));
    assert.equal(worstInterval, undefined, 'there are three prompts');
    assert.deepEqual(
      also.map(({ yardstick }) => yardstick),
      ['fitted'],
    );
  }
  const [em, , hard, clusters, plain, oracle] = baselines;
  for (const typed of [em, hard, clusters, oracle]) {
    assert.ok(typed.heldOutLogLikelihood! > plain.heldOutLogLikelihood!, typed.name);
    assert.ok(
      typed.accuracy.every((share) => share! > 0.8),
      typed.name,
    );
  }
  assert.deepEqual(
    [em.adjustedRand, hard.adjustedRand, plain.adjustedRand, oracle.adjustedRand],
    [1, 1, null, null],
  );
  assert.equal(result.attribute?.adjustedRand, 1);

  const cut = path.join(folder, 'cut');
  const started = start(['train', experiment, '--run-dir', cut]);
  const among = async () =>
    (await readEvents(cut).catch(() => undefined))?.events.some(
      (event) => event.type === 'phase' && event.title.endsWith('training hard EM'),
    );
  while (!(await among())) {
    assert.equal(started.child.exitCode, null, 'it ended before it was stopped');
    await sleep(20);
  }
  started.child.kill('SIGTERM');
  assert.equal((await started.ended).code, 143);
  const resumed = await run(['resume', cut]);
  assertCivil(resumed);
  assert.equal(resumed.code, 0, resumed.stderr);
  const again = await readResult(cut);
  assert.deepEqual(
    { ...again, fit: { ...again?.fit, seconds: 0 } },
    { ...result, fit: { ...result.fit, seconds: 0 } },
  );
  const { events } = await readEvents(cut);
  const losses = events.filter((event) => event.type === 'loss');
  // the run's curves are those of its own policies
  assert.ok(losses.every(({ policy }) => ['type 1', 'type 2', 'plain DPO'].includes(policy)));
});

test('a run whose dataset has changed does not go on, and one that never read it says so', async (t) => {
  const { folder, dataset, experiment } = experimentIn(t);
  const directory = path.join(folder, 'run');
  const started = start(['train', experiment, '--run-dir', directory]);
  while (!existsSync(path.join(directory, 'run.json'))) {
    assert.equal(started.child.exitCode, null, 'it ended before it was stopped');
    await sleep(20);
  }
  started.child.kill('SIGKILL');
  await started.ended;
  writeFileSync(dataset, readFileSync(dataset, 'utf8').replace('yes, sure', 'yes, fine'));
  // the training process notices within a moment that nobody supervises it
  let resumed = await run(['resume', directory]);
  while (/is in use/.test(resumed.stderr)) resumed = await run(['resume', directory]);
  assert.equal(resumed.code, 1);
  assert.match(resumed.stderr, /has changed since the run was started/);

  const empty = await run(['resume', path.join(folder, 'nothing')]);
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /is no run directory: it has neither run\.json nor events/);
});

test('contradicting options and impossible sizes are sentences', async (t) => {
  const { folder, experiment } = experimentIn(t);
  const both = await run(['train', experiment, '--policy', 'tabular', '--model', folder]);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--model and --policy tabular contradict each other/);
  const none = await run(['train', experiment, '--model', folder, '--run-dir', path.join(folder, 'a')]);
  assertCivil(none);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /config\.json/);
  const device = await run(['train', experiment, '--device', 'abacus', '--run-dir', path.join(folder, 'b')]);
  assertCivil(device);
  assert.equal(device.code, 1);
  assert.match(device.stderr, /There is no device “abacus”/);
});
