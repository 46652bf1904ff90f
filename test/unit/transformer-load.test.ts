import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadModel } from '../../src/policy/transformer/load-model';
import { ModelError } from '../../src/policy/transformer/model-error';
import { openCheckpoint } from '../../src/policy/transformer/safetensors/checkpoint';
import { writeSafetensors } from '../../src/policy/transformer/safetensors/write';
import type { HostTensor } from '../../src/compute/graph/program';
import { GOLDEN } from './transformer-golden';

const root = mkdtempSync(path.join(tmpdir(), 'emdpo-model-'));
after(() => {
  rmSync(root, { recursive: true, force: true });
});

function copyOf(model: string): string {
  const folder = mkdtempSync(path.join(root, 'x'));
  cpSync(path.join(GOLDEN, model), folder, { recursive: true });
  return folder;
}

function edit(folder: string, name: string, change: (json: Record<string, unknown>) => void): void {
  const file = path.join(folder, name);
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(json);
  writeFileSync(file, JSON.stringify(json));
}

async function rewrite(
  folder: string,
  change: (tensors: Record<string, HostTensor>) => Record<string, HostTensor>,
): Promise<void> {
  const checkpoint = await openCheckpoint(folder);
  const tensors: Record<string, HostTensor> = {};
  for (const name of checkpoint.shapes.keys()) tensors[name] = await checkpoint.read(name);
  await checkpoint.close();
  await writeSafetensors(path.join(folder, 'model.safetensors'), change(tensors));
}

async function refused(folder: string, sentence: RegExp): Promise<void> {
  await assert.rejects(loadModel(folder), (error) => {
    assert.ok(error instanceof ModelError, String(error));
    assert.match(error.message, sentence);
    return true;
  });
}

test('the hash follows weights, tokenizer and configuration, and nothing else', async () => {
  const folder = copyOf('gpt2');
  const { hash, name } = await loadModel(folder);
  assert.equal(name, path.basename(folder));
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.equal((await loadModel(path.join(GOLDEN, 'gpt2'))).hash, hash);
  edit(folder, 'config.json', (json) => (json.transformers_version = '0'));
  assert.equal((await loadModel(folder)).hash, hash);
  edit(folder, 'config.json', (json) => (json.layer_norm_epsilon = 1e-6));
  const changed = new Set([hash, (await loadModel(folder)).hash]);
  edit(folder, 'tokenizer_config.json', (json) => (json.chat_template = '{{ messages[0].content }}!'));
  changed.add((await loadModel(folder)).hash);
  await rewrite(folder, (tensors) => {
    tensors['transformer.ln_f.bias'].data[0] += 1e-3;
    return tensors;
  });
  changed.add((await loadModel(folder)).hash);
  assert.equal(changed.size, 4);
});

test("GPT-2's published names and old buffers are understood", async () => {
  const folder = copyOf('gpt2');
  const expected = await loadModel(folder);
  await rewrite(folder, (tensors) => {
    const published: Record<string, HostTensor> = {};
    for (const [name, tensor] of Object.entries(tensors))
      published[name.replace('transformer.', '')] = tensor;
    published['h.0.attn.bias'] = { shape: [1, 1, 2, 2], dtype: 'float32', data: Float32Array.of(1, 0, 1, 1) };
    published['h.0.attn.masked_bias'] = { shape: [], dtype: 'float32', data: Float32Array.of(-1e4) };
    return published;
  });
  assert.equal((await loadModel(folder)).hash, expected.hash);
});

test('weights that do not fit the configuration are named', async () => {
  let folder = copyOf('llama');
  await rewrite(folder, ({ 'model.norm.weight': norm, ...rest }) => ({
    ...rest,
    'model.extra.weight': norm,
  }));
  await refused(folder, /no tensor "model\.norm\.weight"/);
  folder = copyOf('llama');
  await rewrite(folder, (tensors) => ({ ...tensors, 'model.extra.weight': tensors['model.norm.weight'] }));
  await refused(folder, /"model\.extra\.weight".*more than is supported/);
  folder = copyOf('llama');
  edit(folder, 'config.json', (json) => (json.intermediate_size = 44));
  await refused(folder, /has the shape \[\d+, \d+\]; its config\.json says/);
  folder = copyOf('qwen2');
  edit(folder, 'config.json', (json) => (json.tie_word_embeddings = false));
  await refused(folder, /"lm_head\.weight".*tie_word_embeddings/);
});

test('a folder that is no model says what it lacks', async () => {
  const empty = mkdtempSync(path.join(root, 'x'));
  await refused(empty, /no .*config\.json/);
  writeFileSync(path.join(empty, 'config.json'), '[');
  await refused(empty, /config\.json is no JSON/);
  let folder = copyOf('llama');
  rmSync(path.join(folder, 'tokenizer.json'));
  await refused(folder, /no tokenizer\.json.*save_pretrained/);
  folder = copyOf('llama');
  rmSync(path.join(folder, 'model.safetensors'));
  await refused(folder, /neither model\.safetensors/);
  folder = copyOf('llama');
  edit(folder, 'config.json', (json) => (json.vocab_size = 300));
  await refused(folder, /360 tokens, its model only 300/);
});
