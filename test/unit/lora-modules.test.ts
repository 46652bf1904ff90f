import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loraA, loraB } from '../../src/policy/transformer/adapter';
import { loadModel } from '../../src/policy/transformer/load-model';
import { initialAdapter, targetModules } from '../../src/policy/transformer/lora';
import { parameterShapes } from '../../src/policy/transformer/parameters';
import { scratchConfig, scratchModel } from '../../src/policy/transformer/scratch';
import { GOLDEN, golden, MODELS } from './transformer-golden';

test('"all-linear" means the modules that it means to peft, with the same shapes', async () => {
  for (const name of MODELS) {
    const { config } = await loadModel(path.join(GOLDEN, name));
    const adapter = initialAdapter(config, { rank: 2, targets: 'all-linear', seed: 1 });
    const expected = golden(name).gradients;
    assert.deepEqual(Object.keys(adapter).sort(), Object.keys(expected).sort());
    for (const [key, { data }] of Object.entries(adapter))
      assert.equal(data.length, expected[key].length, key);
    const settings = JSON.parse(
      readFileSync(path.join(GOLDEN, name, 'adapter', 'adapter_config.json'), 'utf8'),
    ) as {
      target_modules: string[];
    };
    assert.ok(settings.target_modules.length > 0);
    assert.equal(targetModules(config, settings.target_modules).length, Object.keys(expected).length / 2);
  }
});

test('a fresh A is uniform in ±1/√in and follows the seed; B is 0', () => {
  const config = scratchConfig();
  const options = { rank: 8, targets: ['q_proj', 'down_proj'], seed: 3 };
  const adapter = initialAdapter(config, options);
  for (const { name, in: width } of targetModules(config, options.targets)) {
    const { data } = adapter[loraA(name)];
    const bound = 1 / Math.sqrt(width);
    assert.ok(data.every((v) => Math.abs(v) <= bound));
    const variance = Float32Array.from(data).reduce((sum, v) => sum + v * v, 0) / data.length;
    // 12 standard errors of the variance of at least 1,024 uniform draws
    assert.ok(Math.abs((variance * 3) / bound ** 2 - 1) < 0.35);
    assert.ok(adapter[loraB(name)].data.every((v) => v === 0));
  }
  assert.deepEqual(initialAdapter(config, options), adapter);
  assert.notDeepEqual(initialAdapter(config, { ...options, seed: 4 }), adapter);
});

test('unknown targets and ranks are refused with what there is', () => {
  const config = scratchConfig();
  assert.throws(() => targetModules(config, ['q_proj', 'c_attn']), /no module "c_attn".*q_proj, k_proj/);
  assert.throws(() => targetModules(config, []), /No LoRA target/);
  for (const rank of [0, 1.5, NaN]) {
    assert.throws(() => initialAdapter(config, { rank, targets: 'all-linear', seed: 1 }), /rank of LoRA/);
  }
});

test('the scratch model has 0.9 million parameters, and its hash follows the seed', () => {
  const size = Object.values(parameterShapes(scratchConfig()))
    .map((shape) => shape.reduce((a, b) => a * b, 1))
    .reduce((a, b) => a + b);
  assert.ok(size > 0.85e6 && size < 0.95e6, String(size));
  const small = { layers: 1, hidden: 16, heads: 2 };
  assert.equal(scratchModel({ ...small, seed: 1 }).hash, scratchModel({ ...small, seed: 1 }).hash);
  assert.notEqual(scratchModel({ ...small, seed: 1 }).hash, scratchModel({ ...small, seed: 2 }).hash);
  assert.throws(() => scratchConfig({ hidden: 100, heads: 8 }), /multiple of twice its 8 heads/);
  assert.throws(() => scratchConfig({ layers: 0 }), /"layers" of the scratch model/);
});
