import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../../src/policy/transformer/config';
import type { JsonObject } from '../../src/policy/transformer/json-file';
import { ModelError } from '../../src/policy/transformer/model-error';
import { frequencies } from '../../src/policy/transformer/rotary';
import { GOLDEN } from './transformer-golden';

const fileOf = (model: string) =>
  JSON.parse(readFileSync(path.join(GOLDEN, model, 'config.json'), 'utf8')) as JsonObject;
const [gpt2, llama, qwen2, mistral] = ['gpt2', 'llama', 'qwen2', 'mistral'].map(fileOf);

const without = (json: JsonObject, ...names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));

test('each family is read with its own defaults', () => {
  assert.deepEqual(readConfig(without(gpt2, 'n_inner', 'activation_function', 'tie_word_embeddings')), {
    family: 'gpt2',
    layers: 2,
    hidden: 24,
    heads: 3,
    keyValueHeads: 3,
    headSize: 8,
    intermediate: 96,
    vocabulary: 360,
    positions: 128,
    normEpsilon: 1e-5,
    tied: true,
    attentionBias: true,
    activation: 'gelu-tanh',
  });
  const bare = readConfig(
    without(llama, 'num_key_value_heads', 'head_dim', 'rope_parameters', 'tie_word_embeddings'),
  );
  assert.equal(bare.keyValueHeads, 4);
  assert.equal(bare.headSize, 6);
  assert.equal(bare.tied, false);
  assert.equal(bare.attentionBias, false);
  assert.deepEqual(bare.rotary, { theta: 10_000 });
  assert.equal(readConfig(qwen2).attentionBias, true);
  assert.equal(readConfig(qwen2).attentionOutputBias, false);
  assert.equal(readConfig(mistral).slidingWindow, 9);
  assert.equal(readConfig({ ...mistral, sliding_window: null }).slidingWindow, undefined);
});

test('scaling is the same in the words of transformers 4 and 5', () => {
  const scaling = {
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 64,
  };
  const older = without(llama, 'rope_parameters');
  const expected = readConfig(llama).rotary;
  for (const key of ['rope_type', 'type']) {
    const json = { ...older, rope_theta: 10_000, rope_scaling: { ...scaling, [key]: 'llama3' } };
    assert.deepEqual(readConfig(json).rotary, expected);
  }
  const dynamic = readConfig({ ...older, rope_scaling: { rope_type: 'dynamic', factor: 2 } });
  assert.deepEqual(dynamic.rotary, {
    theta: 10_000,
    scaling: { kind: 'dynamic', factor: 2, originalPositions: 256 },
  });
  assert.equal(dynamic.positions, 256);
  const cut = { rope_type: 'dynamic', factor: 2, original_max_position_embeddings: 100 };
  assert.equal(readConfig({ ...older, rope_scaling: cut }).positions, 100);
});

test('llama3 scaling keeps fast pairs, stretches slow ones and blends between', () => {
  const scaling = {
    kind: 'llama3',
    factor: 8,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalPositions: 8192,
  } as const;
  const plain = frequencies({ theta: 500_000 }, 64);
  const scaled = frequencies({ theta: 500_000, scaling }, 64);
  plain.forEach((frequency, i) => {
    const turns = (8192 * frequency) / (2 * Math.PI);
    const ratio = scaled[i] / frequency;
    if (turns > 4.0001) assert.ok(Math.abs(ratio - 1) < 1e-6);
    else if (turns < 0.9999) assert.ok(Math.abs(ratio - 1 / 8) < 1e-6);
    else assert.ok(ratio > 1 / 8 && ratio < 1);
  });
});

test('what is not supported is refused by its name', () => {
  const rope = (type: string) => ({
    ...llama,
    rope_parameters: { rope_type: type, rope_theta: 1e4, factor: 2 },
  });
  const cases: [JsonObject, RegExp][] = [
    [{}, /no model type/],
    [
      { model_type: 'gemma2', architectures: ['Gemma2ForCausalLM'] },
      /gemma2, Gemma2ForCausalLM.*not supported/,
    ],
    [{ ...llama, model_type: 'mixtral' }, /mixtral/],
    [{ ...llama, architectures: ['LlamaForSequenceClassification'] }, /LlamaForSequenceClassification/],
    [{ ...llama, quantization_config: { quant_method: 'gptq' } }, /quantized \(gptq\)/],
    [rope('yarn'), /"yarn"/],
    [rope('longrope'), /"longrope"/],
    [{ ...llama, rope_scaling: 3, rope_parameters: null }, /must be an object/],
    [{ ...llama, partial_rotary_factor: 0.5 }, /partial_rotary_factor 0\.5/],
    [{ ...llama, hidden_act: 'xielu' }, /activation "xielu"/],
    [{ ...llama, num_key_value_heads: 3 }, /4 heads cannot share 3/],
    [{ ...llama, num_hidden_layers: 1e12, layer_types: null }, /more than any model has/],
    [{ ...llama, max_position_embeddings: 1e12 }, /positions are more than any model has/],
    [{ ...llama, head_dim: 5 }, /even size, not 5/],
    [{ ...without(llama, 'head_dim'), hidden_size: 25 }, /whole number|cannot be divided/],
    [{ ...llama, hidden_size: '24' }, /"hidden_size" in config\.json must be a whole number/],
    [without(llama, 'intermediate_size'), /no "intermediate_size"/],
    [{ ...llama, layer_types: ['full_attention', 'linear_attention'] }, /linear_attention/],
    [{ ...gpt2, scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse_layer_idx/],
    [{ ...gpt2, scale_attn_weights: false }, /scale_attn_weights/],
    [{ ...gpt2, add_cross_attention: true }, /add_cross_attention/],
    [
      {
        ...qwen2,
        use_sliding_window: true,
        sliding_window: 8,
        layer_types: ['full_attention', 'sliding_attention'],
      },
      /only some layers a sliding window/,
    ],
    [
      { ...without(qwen2, 'layer_types'), use_sliding_window: true, sliding_window: 8, max_window_layers: 1 },
      /only some layers a sliding window/,
    ],
  ];
  for (const [json, sentence] of cases) {
    assert.throws(
      () => readConfig(json),
      (error) => {
        assert.ok(error instanceof ModelError, String(error));
        assert.match(error.message, sentence);
        return true;
      },
    );
  }
});

test('Qwen2 whose layers all slide slides', () => {
  const sliding = { ...qwen2, use_sliding_window: true, sliding_window: 8 };
  const all = { ...sliding, layer_types: ['sliding_attention', 'sliding_attention'] };
  assert.equal(readConfig(all).slidingWindow, 8);
  assert.equal(readConfig({ ...without(sliding, 'layer_types'), max_window_layers: 0 }).slidingWindow, 8);
});

test('any field of any value is understood or refused with a sentence', () => {
  const base = fc.constantFrom(gpt2, llama, qwen2, mistral);
  const changed = base.chain((json) =>
    fc
      .tuple(fc.constantFrom(...Object.keys(json)), fc.jsonValue())
      .map(([key, value]) => ({ ...json, [key]: value })),
  );
  const objects: fc.Arbitrary<JsonObject> = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(fc.oneof(changed, objects), (json) => {
      try {
        const config = readConfig(json);
        assert.ok(Number.isInteger(config.headSize) && config.headSize > 0);
        assert.equal(config.heads % config.keyValueHeads, 0);
      } catch (error) {
        assert.ok(error instanceof ModelError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
