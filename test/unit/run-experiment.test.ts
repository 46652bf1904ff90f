import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import schema from '../../schema/experiment.schema.json';
import { checkExperiment } from '../../src/run/experiment-check';
import { DEFAULTS, ExperimentFileError, readExperiment } from '../../src/run/experiment';
import type { ExperimentPart } from '../../src/run/experiment';
import { scratchFolder } from './run-files';

function written(t: TestContext, content: string): string {
  const file = path.join(scratchFolder(t), 'study.emdpo.json');
  writeFileSync(file, content);
  return file;
}

test('a dataset alone is an experiment with every default', async () => {
  assert.deepEqual(await readExperiment('data/answers.v2.jsonl'), {
    name: 'answers.v2',
    dataset: { path: path.resolve('data/answers.v2.jsonl'), ties: 'average' },
    policy: { kind: 'auto' },
    types: 2,
    beta: 0.1,
    em: { starts: 8, tolerance: 1e-8, iterations: 2000, prior: 0.1 },
    aggregate: { protection: [], single: 'mixture', solver: 'exact' },
    evaluate: { folds: 5, bootstrap: 0, calibration: false, baselines: false, heldOut: 0.2 },
    compute: { device: 'auto', threads: 0 },
    seed: 1,
  });
});

test('details of a language model are laid over the defaults, and its folder is beside the file', async (t) => {
  const file = written(
    t,
    `{
      "dataset": "pilot.csv",
      "policy": { "kind": "transformer", "model": "models/small", "lora": { "targets": ["q_proj"] } },
    }`,
  );
  const { policy } = await readExperiment(file, { policy: { kind: 'transformer', lora: { rank: 4 } } });
  assert.deepEqual(policy, {
    ...DEFAULTS.transformer,
    model: path.join(path.dirname(file), 'models/small'),
    lora: { rank: 4, alpha: 16, targets: ['q_proj'] },
  });
});

test('a file with comments and trailing commas is read; its dataset is beside it', async (t) => {
  const file = written(
    t,
    `\uFEFF{
      // the pilot study
      "dataset": { "path": "pilot.csv", "form": "arena", "columns": { "annotator": "judge" }, },
      "policy": { "kind": "loglinear", "dimensions": 32 },
      "em": { "prior": 0 }, /* maximum likelihood */
    }`,
  );
  const read = await readExperiment(file);
  assert.equal(read.name, 'study');
  assert.deepEqual(read.dataset, {
    path: path.join(path.dirname(file), 'pilot.csv'),
    form: 'arena',
    columns: { annotator: 'judge' },
    ties: 'average',
  });
  assert.deepEqual(read.policy, { kind: 'loglinear', features: 'auto', dimensions: 32 });
  assert.deepEqual(read.em, { ...DEFAULTS.em, prior: 0 });
});

test('flags win over the file, and flags that nobody gave change nothing', async (t) => {
  const file = written(
    t,
    '{"dataset": "d.jsonl", "types": 3, "beta": 0.2, "em": {"starts": 4, "prior": 1}, "policy": {"kind": "loglinear", "dimensions": 32}}',
  );
  const nothing: ExperimentPart = {
    types: undefined,
    em: { starts: undefined },
    dataset: { form: undefined },
  };
  assert.deepEqual(await readExperiment(file, nothing), await readExperiment(file));
  const read = await readExperiment(file, {
    types: 5,
    em: { starts: 20 },
    policy: { kind: 'tabular' },
    dataset: { unranked: 'absent' },
  });
  assert.equal(read.types, 5);
  assert.equal(read.beta, 0.2);
  assert.equal(read.em.starts, 20);
  assert.equal(read.em.prior, 1);
  assert.deepEqual(read.policy, { kind: 'tabular', over: 'auto' });
  assert.equal(read.dataset.unranked, 'absent');
});

test('the defaults are those that the schema documents', () => {
  const { policy, types, beta, em, aggregate, seed, dataset } = schema.properties;
  assert.equal(DEFAULTS.policy.kind, policy.default);
  assert.equal(DEFAULTS.types, types.default);
  assert.equal(DEFAULTS.beta, beta.default);
  assert.equal(DEFAULTS.seed, seed.default);
  for (const key of ['starts', 'tolerance', 'iterations', 'prior'] as const) {
    assert.equal(DEFAULTS.em[key], em.properties[key].default);
  }
  for (const key of ['protection', 'single', 'solver'] as const) {
    assert.deepEqual(DEFAULTS.aggregate[key], aggregate.properties[key].default);
  }
  assert.equal(DEFAULTS.ties, dataset.anyOf[1].properties?.ties.default);
  const [tabular, loglinear] = policy.anyOf[1].oneOf ?? [];
  assert.equal(DEFAULTS.tabular.over, tabular.properties.over?.default);
  assert.equal(DEFAULTS.loglinear.features, loglinear.properties.features?.default);
  assert.equal(DEFAULTS.loglinear.dimensions, loglinear.properties.dimensions?.default);
});

const faulty: readonly (readonly [string, RegExp])[] = [
  ['', /^1:1: The file is empty\./],
  ['{"dataset": "d" "types": 2}', /^1:17: This is not JSON: comma expected\./],
  ['{\n  "dataset": \n', /^\d:\d+: This is not JSON: /],
  ['[]', /^1:1: The experiment must be an object, not a list\.$/],
  ['{}', /^1:1: The experiment has no "dataset"\. Add it\.$/],
  ['{"dataset": "d",\n "typs": 2}', /^2:2: "typs" is not a key here\. Did you mean "types"\?$/],
  ['{"dataset": "d", "epochs": 2}', /"epochs" is not a key here\. The keys are .*"dataset"/],
  ['{"dataset": "d",\n  "types": 0}', /^2:12: "types" must be at least 1, not 0\.$/],
  ['{"dataset": "d", "types": 2.5}', /"types" must be a whole number, a list or a text, not 2\.5\.$/],
  ['{"dataset": "d", "types": "two"}', /"types" must be "auto" where it is a text, not "two"\.$/],
  ['{"dataset": "d", "beta": 0}', /"beta" must be greater than 0, not 0\.$/],
  ['{"dataset": 5}', /^1:13: "dataset" must be a text or an object, not 5\.$/],
  ['{"dataset": ""}', /^1:13: "dataset" must not be empty\.$/],
  ['{"dataset": {}}', /^1:13: "dataset" has no "path"\. Add it\.$/],
  [
    '{"dataset": {"path": "d", "ties": "keep"}}',
    /"dataset\.ties" must be one of "average", "drop", not "keep"\.$/,
  ],
  [
    '{"dataset": {"path": "d", "columns": {"annotator": 3}}}',
    /"dataset\.columns\.annotator" must be a text, not 3\.$/,
  ],
  [
    '{"dataset": "d", "policy": "linear"}',
    /"policy" must be one of "auto", "tabular", "loglinear", "transformer", not "linear"\.$/,
  ],
  [
    '{"dataset": "d", "policy": {"over": "items"}}',
    /"policy" must have a "kind", one of "tabular", "loglinear", "transformer"\.$/,
  ],
  [
    '{"dataset": "d", "policy": {"kind": "linear"}}',
    /"policy" must have a "kind", one of "tabular", "loglinear", "transformer"\.$/,
  ],
  ['{"dataset": "d", "policy": {"kind": "tabular", "dimensions": 4}}', /"dimensions" is not a key here\./],
  ['{"dataset": "d", "em": {"starts": -1}}', /"em\.starts" must be at least 1, not -1\.$/],
  [
    '{"dataset": "d", "aggregate": {"protection": [1, "x"]}}',
    /"aggregate\.protection\.1" must be a number, not "x"\.$/,
  ],
  ['{"dataset": "d", "types": 2, "types": 3}', /^1:30: "types" is given twice\. Leave one\.$/],
  ['['.repeat(200_000), /nested too deeply|This is not JSON/],
];

for (const [content, sentence] of faulty) {
  test(`a broken experiment is one located sentence: ${content.slice(0, 60)}`, async (t) => {
    const file = written(t, content);
    await assert.rejects(readExperiment(file), (error) => {
      assert.ok(error instanceof ExperimentFileError);
      const first = error.message.split('\n')[0];
      assert.ok(first.startsWith(`${file}:`), first);
      assert.match(first.slice(file.length + 1), sentence);
      if (!sentence.source.includes('JSON')) assert.equal(error.faults.length, 1, error.message);
      return true;
    });
  });
}

test('every fault is named, in the order of the file', () => {
  const faults = checkExperiment('{"types": 0,\n "dataset": 1,\n "seed": "x"}');
  assert.deepEqual(
    faults.map(({ line, column }) => [line, column]),
    [
      [1, 11],
      [2, 13],
      [3, 10],
    ],
  );
});

test('no text makes the check throw', () => {
  const fragments = fc.constantFrom(
    ...'{}[]",:'.split(''),
    '"dataset"',
    '"policy"',
    '"kind"',
    '"em"',
    '1',
    'null',
    '//',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(fragments).map((parts) => parts.join('')),
        fc.string(),
        fc.json(),
      ),
      (text) => {
        for (const { line, column, message } of checkExperiment(text)) {
          assert.ok(line >= 1 && column >= 1);
          assert.match(message, /[.?]$/);
        }
      },
    ),
    { numRuns: 500 },
  );
});
