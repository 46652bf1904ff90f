import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { Experiment } from '../../src/protocol/experiment';
import { experimentOf } from '../../src/run/duplicate';
import { DEFAULTS, readExperiment } from '../../src/run/experiment';
import { checkExperiment } from '../../src/run/experiment-check';
import { manifest } from './run-files';

const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-duplicate-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const plain: Experiment = {
  ...manifest.experiment,
  dataset: {
    path: path.join(folder, 'answers.jsonl'),
    form: 'canonical',
    unranked: 'offered',
    ties: 'average',
  },
};

test('of a run with every default, its dataset, types and policy are left', () => {
  assert.deepEqual(experimentOf(plain, folder, '20260131-120000-answers'), {
    parent: '20260131-120000-answers',
    dataset: 'answers.jsonl',
    types: 2,
    policy: 'tabular',
  });
});

test('what differs is written, and paths start at the folder of the file', () => {
  const changed: Experiment = {
    ...plain,
    dataset: { ...plain.dataset, form: 'arena-csv', columns: { a: 'left' }, unranked: 'absent' },
    policy: { ...DEFAULTS.transformer, model: path.join(folder, 'models', 'tiny'), rounds: 3 },
    em: { ...plain.em, prior: 0 },
    evaluate: { ...plain.evaluate, attribute: path.join(folder, 'who.csv') },
  };
  const home = path.join(folder, 'experiments');
  assert.deepEqual(experimentOf(changed, home, 'p'), {
    parent: 'p',
    dataset: {
      path: '../answers.jsonl',
      form: 'arena-csv',
      columns: { a: 'left' },
      unranked: 'absent',
    },
    types: 2,
    policy: { kind: 'transformer', model: '../models/tiny', rounds: 3 },
    em: { prior: 0 },
    evaluate: { attribute: '../who.csv' },
  });
});

const or = <T>(usual: T, other: fc.Arbitrary<T>) => fc.oneof(fc.constant(usual), other);
const count = fc.integer({ min: 1, max: 60 });
const positive = fc.double({ min: 1e-6, max: 10, noNaN: true });

const policies = fc.oneof(
  fc.record({ kind: fc.constant('tabular' as const), over: fc.constantFrom('auto', 'items', 'responses') }),
  fc.record({
    kind: fc.constant('loglinear' as const),
    features: fc.constantFrom('auto', 'given', 'ngrams'),
    dimensions: or(256, fc.integer({ min: 16, max: 4096 })),
  }),
  fc
    .record({
      rounds: or(6, count),
      rank: or(8, count),
      targets: or<'all-linear' | string[]>('all-linear', fc.constant(['q_proj'])),
      model: fc.constantFrom('scratch', path.join(folder, 'models', 'tiny')),
      learningRate: or(1e-3, positive),
      crossFit: fc.boolean(),
    })
    .map(({ rounds, rank, targets, model, learningRate, crossFit }) => ({
      ...DEFAULTS.transformer,
      model,
      rounds,
      crossFit,
      lora: { ...DEFAULTS.transformer.lora, rank, targets },
      optimizer: { ...DEFAULTS.transformer.optimizer, learningRate },
    })),
);

const experiments: fc.Arbitrary<Experiment> = fc.record({
  name: fc.constant('copy'),
  dataset: fc.record({
    path: fc.constantFrom(path.join(folder, 'answers.jsonl'), path.join(folder, 'data', 'a b.csv')),
    form: fc.constantFrom('preflib', 'arena-csv'),
    unranked: fc.constantFrom('offered', 'absent'),
    ties: fc.constantFrom('average', 'drop'),
  }),
  policy: policies,
  types: fc.oneof(count, fc.constant('auto' as const), fc.constant([1, 2, 3])),
  beta: or(0.1, positive),
  em: fc.record({
    starts: or(8, count),
    tolerance: or(1e-8, positive),
    iterations: or(2000, count),
    prior: or(0.1, fc.constant(0)),
  }),
  aggregate: fc.record({
    protection: fc.constantFrom([], [2]),
    single: fc.constantFrom('mixture', 'loglinear'),
    solver: fc.constantFrom('exact', 'multiplicative-weights'),
  }),
  evaluate: fc.record({
    folds: or(5, fc.constant(3)),
    bootstrap: or(0, count),
    calibration: fc.boolean(),
    baselines: fc.boolean(),
    heldOut: or(0.2, fc.constant(0.5)),
  }),
  compute: fc.record({ device: fc.constantFrom('auto', 'cpu'), threads: or(0, count) }),
  seed: or(1, count),
});

test('what is written is a good experiment file that asks for the same again', async () => {
  const home = path.join(folder, 'made');
  mkdirSync(home, { recursive: true });
  const file = path.join(home, 'copy.emdpo.json');
  await fc.assert(
    fc.asyncProperty(experiments, async (experiment) => {
      const text = JSON.stringify(experimentOf(experiment, home, 'parent'));
      assert.deepEqual(checkExperiment(text), [], text);
      writeFileSync(file, text);
      const { parent, ...again } = await readExperiment(file);
      assert.equal(parent, 'parent');
      // what is left out of a ranking counts as offered, whatever the form
      const dataset = { ...again.dataset, unranked: again.dataset.unranked ?? 'offered' };
      assert.deepEqual({ ...again, dataset }, JSON.parse(JSON.stringify(experiment)));
    }),
    { numRuns: 60 },
  );
});
