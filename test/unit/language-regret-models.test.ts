import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { aggregateModels, type AggregateModelsInput } from '../../src/aggregate/language/aggregate-models';
import type { LanguagePolicies } from '../../src/aggregate/language/language-policies';
import { nameOf } from '../../src/aggregate/language/policy-name';
import { readPolicies } from '../../src/aggregate/language/policies';
import { writePolicies } from '../../src/aggregate/language/write-policies';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import { fullPolicy, loraPolicy } from '../../src/training/language/transformer-policy';
import { ALPHA, RANK, tinyAdapter, tinyScratch } from './generate-run';
import { scratchFolder } from './run-files';

const model = tinyScratch(1);
const policies: LanguagePolicies = {
  model,
  trainable: loraPolicy(model, { rank: RANK, alpha: ALPHA, targets: 'all-linear' }),
  scaling: ALPHA / RANK,
  types: [1, 2].map((seed) => tinyAdapter(model, seed)),
  plain: tinyAdapter(model, 3),
};
const optimizer = {
  learningRate: 5e-3,
  batch: 32,
  accumulate: 1,
  epochs: 2,
  warmup: 2,
  weightDecay: 0,
  clip: 1,
};

test('from trained models to the table of candidates, the distilled policy among them', async () => {
  const phases: string[] = [];
  const drawn: string[] = [];
  const input: AggregateModelsInput = {
    executor: await onnxruntimeExecutor({ provider: 'cpu' }),
    policies,
    prompts: Array.from({ length: 12 }, (_, x) => model.tokenizer.encodePrompt(`prompt ${x}`)),
    sampling: { prompts: 8, responses: 4, temperature: 1, topP: 1 },
    responseTokens: 3,
    names: ['type 1', 'type 2'],
    protection: [],
    solver: 'exact',
    seed: 1,
    distil: { optimizer, responses: 8 },
    onPhase: (title) => phases.push(title),
    onResponses: (source, responses, prompts) => {
      drawn.push(nameOf(source));
      assert.equal(responses.length, 4 * prompts.length);
      assert.equal(new Set(prompts).size, 8);
    },
  };
  const found = await aggregateModels(input);
  assert.deepEqual(drawn, ['type1', 'type2', 'reference', 'loglinear', 'plain-dpo', 'distilled']);
  assert.deepEqual(found.candidates.map(({ kind }) => kind), ['type', 'type', 'plain-dpo', 'mixture', 'loglinear', 'distilled']); // prettier-ignore
  assert.ok(found.distilled && found.distilled.trained === 11 * 8);
  assert.deepEqual(found.summary.sampling, {
    prompts: 8,
    population: 12,
    responses: 4,
    cut: found.summary.sampling!.cut,
  });
  // every number can be written to result.json
  const { distilled, ...written } = found;
  assert.deepEqual(JSON.parse(JSON.stringify(written)), written);
  assert.ok(phases.includes('Distilling the mixture') && phases.includes('Responses of type 2'));
  const again = await aggregateModels(input);
  assert.deepEqual(again.summary, found.summary);
  assert.deepEqual(again.candidates, found.candidates);
  assert.ok(distilled);
});

test('policies come back as they were written, as adapters and as whole checkpoints', async (t) => {
  const folder = scratchFolder(t);
  const all = { ...policies, distilled: tinyAdapter(model, 4) };
  await writePolicies(path.join(folder, 'lora'), all);
  const lora = await readPolicies(path.join(folder, 'lora'));
  assert.equal(lora.scaling, policies.scaling);
  for (const [found, expected] of [
    [lora.types[0], all.types[0]],
    [lora.types[1], all.types[1]],
    [lora.plain!, all.plain!],
    [lora.distilled!, all.distilled],
  ]) {
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [name, { data }] of Object.entries(expected)) assert.deepEqual(found[name].data, data);
  }
  const whole: LanguagePolicies = {
    model,
    trainable: fullPolicy(model),
    types: [tinyScratch(5).weights, tinyScratch(6).weights],
  };
  await writePolicies(path.join(folder, 'full'), whole);
  const full = await readPolicies(path.join(folder, 'full'));
  assert.equal(full.scaling, undefined);
  assert.equal(full.plain, undefined);
  whole.types.forEach((weights, k) => {
    for (const [name, { data }] of Object.entries(weights)) assert.deepEqual(full.types[k][name].data, data);
  });
  // over a base that lies elsewhere, the run keeps no copy of it
  await writePolicies(path.join(folder, 'over'), policies, path.join(folder, 'lora', 'base'));
  const over = await readPolicies(path.join(folder, 'over'), path.join(folder, 'lora', 'base'));
  assert.equal(over.model.name, 'base');
  assert.equal(over.types.length, 2);
});
