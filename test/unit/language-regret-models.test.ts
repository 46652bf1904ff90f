import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { aggregateLanguage } from '../../src/aggregate/language/aggregate-language';
import { distil, type Distilled } from '../../src/aggregate/language/distil';
import { drawPrompts } from '../../src/aggregate/language/draw-prompts';
import type { LanguagePolicies } from '../../src/aggregate/language/language-policies';
import { languageSampler } from '../../src/aggregate/language/language-sampler';
import { nameOf } from '../../src/aggregate/language/policy-name';
import { readPolicies } from '../../src/aggregate/language/policies';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import { writeCheckpoint } from '../../src/policy/transformer/export/checkpoint';
import { loraPolicy } from '../../src/training/language/transformer-policy';
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

/** From trained models to the table of candidates, as a run goes. */
async function aggregated(count: number) {
  const executor = await onnxruntimeExecutor({ provider: 'cpu' });
  const prompts = Array.from({ length: count }, (_, x) => model.tokenizer.encodePrompt(`prompt ${x}`));
  const drawn: string[] = [];
  const sampling = { temperature: 1, topP: 1, maxTokens: 3 };
  const sampler = languageSampler({
    executor,
    policies,
    prompts: drawPrompts([...prompts.keys()], 8, 1).map((x) => prompts[x]),
    population: count,
    seed: 1,
    sampling,
    onResponses: (source) => drawn.push(nameOf(source)),
  });
  const learnt: Distilled[] = [];
  const found = await aggregateLanguage({
    sampler,
    responses: 4,
    names: ['type 1', 'type 2'],
    protection: [],
    solver: 'exact',
    seed: 1,
    plain: true,
    distil: async (weights) => {
      const one = await distil({
        executor,
        policies,
        weights,
        prompts,
        responses: 8,
        sampling,
        optimizer,
        seed: 1,
      });
      learnt.push(one);
      sampler.learn(one.parameters);
    },
  });
  await sampler.dispose();
  return { found, drawn, distilled: learnt[0] };
}

test('from trained models to the table of candidates, the distilled policy among them', async () => {
  const { found, drawn, distilled } = await aggregated(12);
  assert.deepEqual(drawn, ['type1', 'type2', 'reference', 'loglinear', 'plain-dpo', 'distilled']);
  assert.deepEqual(found.candidates.map(({ kind }) => kind), ['type', 'type', 'plain-dpo', 'mixture', 'loglinear', 'distilled']); // prettier-ignore
  assert.equal(distilled.trained, 10 * 8);
  assert.equal(found.summary.sampling!.prompts, 8);
  assert.equal(found.summary.sampling!.population, 12);
  const again = await aggregated(12);
  assert.deepEqual(again.found, found);
});

test('every number can be written as JSON, even with hardly any prompts', async () => {
  for (const count of [2, 3]) {
    const { found, distilled } = await aggregated(count);
    const written = { ...found, divergence: distilled.divergence };
    assert.deepEqual(JSON.parse(JSON.stringify(written)), written);
  }
});

test('over a base that lies elsewhere, a run keeps no copy of it', async (t) => {
  const folder = scratchFolder(t);
  const base = path.join(folder, 'model');
  await writeCheckpoint(base, { model });
  await writeCheckpoint(path.join(folder, 'policies', 'type1'), { model: tinyScratch(5), source: base });
  const read = await readPolicies(path.join(folder, 'policies'), base);
  assert.equal(read.model.name, 'model');
  assert.equal(read.types.length, 1);
  await assert.rejects(readPolicies(path.join(folder, 'policies')), /holds no base model/);
});
