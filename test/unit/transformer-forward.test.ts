import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TransformerConfig } from '../../src/policy/transformer/language-model';
import { initialWeights, scratchConfig, scratchModel } from '../../src/policy/transformer/scratch';
import { initialAdapter } from '../../src/policy/transformer/lora';
import { EXECUTORS, relativeError } from './transformer-golden';
import { drawnAdapter, drawnRecords, scaled, score } from './transformer-score';

const base = { ...scratchConfig({ layers: 2, hidden: 16, heads: 4, positions: 128 }), vocabulary: 40 };
const CONFIGS: Readonly<Record<string, TransformerConfig>> = {
  'GPT-2': { ...base, family: 'gpt2', rotary: undefined },
  'Llama with shared keys': { ...base, keyValueHeads: 2, tied: false },
  'Mistral with a window of 3': { ...base, family: 'mistral', slidingWindow: 3 },
  Qwen2: { ...base, family: 'qwen2', attentionBias: true },
};

/** Prompts and responses of drawn lengths. */
const shapes = fc.array(
  fc.record({
    prompt: fc.integer({ min: 1, max: 12 }),
    responses: fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 3 },
);

for (const [device, start] of Object.entries(EXECUTORS)) {
  for (const [name, config] of Object.entries(CONFIGS)) {
    void test(`${name} on ${device}: packed together, responses score what they score alone`, async () => {
      const executor = await start();
      const model = { config, weights: scaled(initialWeights(config, 3), 10) };
      const adapter = drawnAdapter(config, { rank: 2, targets: 'all-linear', seed: 2 }, 2);
      await fc.assert(
        fc.asyncProperty(shapes, fc.nat(), fc.constantFrom(24, 40, 1024), async (drawn, seed, longest) => {
          const records = drawnRecords(config.vocabulary, drawn, seed);
          const together = await score(executor, model, adapter, records, { longest });
          const alone: number[] = [];
          for (const record of records) {
            for (const response of record.responses) {
              const [one] = await score(executor, model, adapter, [{ ...record, responses: [response] }]);
              alone.push(one);
            }
          }
          assert.ok(relativeError(together, alone) < 1e-5);
        }),
        { numRuns: device === 'tfjs/cpu' ? 4 : 3 },
      );
      await executor.dispose();
    });
  }
}

test('a slot that pads the batch scores 0', async () => {
  const executor = await EXECUTORS['tfjs/cpu']();
  const model = scratchModel({ layers: 1, hidden: 16, heads: 2 });
  const records = drawnRecords(model.config.vocabulary, [{ prompt: 2, responses: [3] }], 1);
  const shape = { rows: 2, length: 32, slots: 4, scored: 32 };
  const scores = await score(executor, model, undefined, records, { shape });
  assert.ok(scores[0] < 0);
  assert.deepEqual(Array.from(scores.subarray(1)), [0, 0, 0]);
});

test('a fresh adapter changes nothing', async () => {
  const executor = await EXECUTORS['tfjs/cpu']();
  const model = scratchModel({ layers: 1, hidden: 16, heads: 2, seed: 2 });
  const records = drawnRecords(model.config.vocabulary, [{ prompt: 3, responses: [4, 2] }], 1);

  const fresh = initialAdapter(model.config, { rank: 4, targets: 'all-linear', seed: 1 });
  assert.deepEqual(
    await score(executor, model, { tensors: fresh, scaling: 2 }, records),
    await score(executor, model, undefined, records),
  );
});
