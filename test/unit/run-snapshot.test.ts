import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { RunEventBody } from '../../src/protocol/event';
import type { RunResult } from '../../src/protocol/result';
import { endRun } from '../../src/run/end-run';
import { openEvents, readEvents } from '../../src/run/events';
import { acquireLock, lockHolder } from '../../src/run/lock';
import { readManifest, writeManifest } from '../../src/run/manifest';
import { POSTERIOR_ROWS, readSnapshot } from '../../src/run/snapshot';
import { writePosterior } from '../../src/run/posterior';
import { readResult, writeResult } from '../../src/run/result';
import { runFile } from '../../src/run/run-files';
import { readState } from '../../src/run/state';
import { readValidation, writeValidation } from '../../src/run/validation';
import { manifest, scratchFolder } from './run-files';

const result: RunResult = {
  fit: {
    policy: 'tabular',
    types: 1,
    logLikelihood: -3.5,
    bic: null,
    icl: null,
    parameters: 2,
    annotators: 2,
    records: 3,
    converged: true,
    iterations: 4,
    seconds: 0.1,
    prior: 0.1,
    beta: 0.1,
  },
  types: [{ name: 'type1', share: 1, annotators: 2, liked: [], disliked: [] }],
  starts: [
    { kind: 'random', logLikelihood: -3.5, objective: -3.6, iterations: 4, converged: true, agreement: 1 },
  ],
  selection: [
    {
      types: 1,
      logLikelihood: -3.5,
      parameters: 2,
      bic: null,
      icl: null,
      heldOut: null,
      heldOutStandardError: null,
    },
  ],
  posterior: { meanEntropy: 0, certain: 2, effectiveTypes: 1 },
  regret: {
    matrix: [[0]],
    standardError: null,
    protection: [1],
    weights: [1],
    value: 0,
    adversary: [0],
    gap: 0,
    solver: 'exact',
    sensitivity: [],
  },
  candidates: [{ name: 'type1', kind: 'type', regret: [0], worst: 0 }],
  divides: [],
  alarms: [],
  treatment: ['Ties are averaged.'],
};

function write(directory: string, ...events: RunEventBody[]): void {
  const writer = openEvents(directory);
  for (const event of events) writer.emit(event);
  writer.close();
}

test('the state of a run follows from its directory', async (t) => {
  const directory = scratchFolder(t);
  assert.equal(await readState(directory), 'created');
  const release = await acquireLock(directory);
  assert.equal(await readState(directory), 'running');
  write(directory, { type: 'started', pid: process.pid, types: 2 });
  assert.equal(await readState(directory), 'running');
  await release();
  assert.equal(await readState(directory), 'dead');
  const gone = { pid: process.pid, processStart: 'some other time', host: hostname() };
  writeFileSync(runFile(directory, 'lock'), JSON.stringify(gone));
  assert.equal(await readState(directory), 'dead');
  write(directory, { type: 'cancelled' });
  assert.equal(await readState(directory), 'cancelled');
});

test('a run is ended from outside once, and given back', async (t) => {
  const directory = scratchFolder(t);
  await acquireLock(directory);
  write(directory, { type: 'started', pid: process.pid, types: 2 });
  await endRun(directory, { type: 'failed', message: 'No memory.' });
  await endRun(directory, { type: 'cancelled' });
  assert.equal(await readState(directory), 'failed');
  assert.equal((await readEvents(directory)).events.length, 2);
  assert.equal((await lockHolder(directory)).kind, 'nobody');
});

test('a snapshot holds what the directory holds', async (t) => {
  const directory = scratchFolder(t);
  const validation = {
    dataset: manifest.dataset,
    findings: [],
    verdicts: [],
    design: [
      {
        at: 'symmetric' as const,
        types: 2,
        rank: 3,
        parameters: 5,
        smallestEigenvalue: 0,
        policy: 'tabular' as const,
        smallestEigenvalueOfAll: 0,
        condition: null,
        eigenvalues: [0, 0, 0.1, 0.2, 0.3],
        standardErrors: null,
        directions: ['the rewards of types 1 and 2'],
        outcomes: 4,
        exact: true,
        method: 'full' as const,
      },
    ],
  };
  await writeManifest(directory, manifest);
  await writeValidation(directory, validation);
  await writeResult(directory, result);
  await writePosterior(directory, {
    annotators: ['Ana', 'Ben'],
    gamma: Float64Array.of(1, 1),
    entropy: Float64Array.of(0, 0),
  });
  write(directory, { type: 'finished', seconds: 1, logLikelihood: -3.5 });
  const snapshot = await readSnapshot(directory);
  assert.equal(snapshot.state, 'finished');
  assert.deepEqual(snapshot.manifest, manifest);
  assert.deepEqual(snapshot.validation, validation);
  assert.deepEqual(snapshot.result, result);
  assert.deepEqual(snapshot.posterior?.annotators, ['Ana', 'Ben']);
  assert.deepEqual(snapshot.problems, []);
});

test('a snapshot keeps the first annotators, and counts all', async (t) => {
  const directory = scratchFolder(t);
  const total = POSTERIOR_ROWS + 7;
  await writeManifest(directory, manifest);
  await writePosterior(directory, {
    annotators: Array.from({ length: total }, (_, h) => `a${h}`),
    gamma: new Float64Array(total).fill(1),
    entropy: new Float64Array(total),
  });
  const { posterior } = await readSnapshot(directory);
  assert.equal(posterior?.annotators.length, POSTERIOR_ROWS);
  assert.equal(posterior.total, total);
});

test('a snapshot draws few iterations of a long start, the first and the last among them', async (t) => {
  const directory = scratchFolder(t);
  await writeManifest(directory, manifest);
  const iterations = 5000;
  write(
    directory,
    ...Array.from({ length: iterations }, (_, i) => ({
      type: 'em' as const,
      types: 2,
      start: 0,
      iteration: i + 1,
      logLikelihood: -10,
      objective: -11,
      shares: [0.5, 0.5],
      effectiveTypes: 2,
    })),
    { type: 'warning', code: 'a', message: 'b' },
  );
  const { events } = await readSnapshot(directory);
  const drawn = events.filter((event) => event.type === 'em');
  assert.ok(drawn.length <= 202, String(drawn.length));
  assert.equal(drawn[0].iteration, 1);
  assert.equal(drawn.at(-1)?.iteration, iterations);
  assert.equal(events.at(-1)?.type, 'warning');
});

test('a snapshot draws a bounded number of losses of each policy and of passes of pretraining', async (t) => {
  const directory = scratchFolder(t);
  await writeManifest(directory, manifest);
  const steps = 3000;
  const loss = (policy: string, step: number) => ({
    type: 'loss' as const,
    ...{ policy, round: 1, step, steps },
    ...{ loss: 2, margin: 0.1, accuracy: 0.6, drift: -1 },
  });
  write(
    directory,
    ...Array.from({ length: 900 }, (_, i) => ({
      type: 'pretraining' as const,
      ...{ pass: i + 1, passes: 900, loss: 1 / (i + 1) },
    })),
    ...Array.from({ length: steps }, (_, i) => [loss('type 1', i + 1), loss('type 2', i + 1)]).flat(),
    loss('plain DPO', 1),
  );
  const { events } = await readSnapshot(directory);
  for (const policy of ['type 1', 'type 2']) {
    const drawn = events.filter((event) => event.type === 'loss' && event.policy === policy);
    assert.ok(drawn.length > 200 && drawn.length <= 402, `${policy}: ${drawn.length}`);
    assert.deepEqual(
      [drawn[0], drawn.at(-1)].map((event) => event?.type === 'loss' && event.step),
      [1, steps],
    );
  }
  const passes = events.filter((event) => event.type === 'pretraining').map(({ pass }) => pass);
  assert.ok(passes.length > 100 && passes.length <= 202, String(passes.length));
  assert.deepEqual([passes[0], passes.at(-1)], [1, 900]);
  assert.equal(events.filter((event) => event.type === 'loss' && event.policy === 'plain DPO').length, 1);
});

test('damaged files are named, and the rest is shown', async (t) => {
  const directory = scratchFolder(t);
  await writeManifest(directory, manifest);
  writeFileSync(runFile(directory, 'result'), '{"fit": {"types": "two"}}');
  writeFileSync(runFile(directory, 'validation'), '{"dataset"');
  writeFileSync(runFile(directory, 'posterior'), 'nonsense');
  writeFileSync(runFile(directory, 'events'), 'nonsense\n');
  const snapshot = await readSnapshot(directory);
  assert.equal(snapshot.result, undefined);
  assert.equal(snapshot.problems?.length, 4);
  for (const file of ['events.jsonl', 'validation.json', 'result.json', 'posterior.csv']) {
    assert.ok(
      snapshot.problems.some((problem) => problem.includes(file)),
      file,
    );
  }
});

test('a file with a wrong value names the key', async (t) => {
  const directory = scratchFolder(t);
  const broken = { ...manifest, experiment: { ...manifest.experiment, beta: 'small' } };
  writeFileSync(runFile(directory, 'manifest'), JSON.stringify(broken));
  await assert.rejects(readManifest(directory), /run\.json is damaged at "experiment\.beta"/);
  writeFileSync(runFile(directory, 'validation'), '[]');
  await assert.rejects(readValidation(directory), /validation\.json is damaged/);
});

test('keys that a newer version adds are kept', async (t) => {
  const directory = scratchFolder(t);
  const newer = { ...result, fit: { ...result.fit, temperature: 1 }, extra: [1] };
  await writeResult(directory, newer);
  assert.deepEqual(await readResult(directory), newer);
});

test('a result that could not be read again is not written', async (t) => {
  const directory = scratchFolder(t);
  await assert.rejects(
    writeResult(directory, { ...result, fit: { ...result.fit, logLikelihood: NaN } }),
    /fit\.logLikelihood/,
  );
  assert.equal(await readResult(directory), undefined);
});

test('what is no run directory is a sentence', async (t) => {
  const directory = scratchFolder(t);
  await assert.rejects(readSnapshot(path.join(directory, 'none')), /there is no such folder/);
  await assert.rejects(readSnapshot(directory), /it has no run\.json/);
  write(directory, { type: 'failed', message: 'There is no file x.' });
  await assert.rejects(
    readSnapshot(directory),
    /failed before it had read its dataset\. There is no file x\./,
  );
});
