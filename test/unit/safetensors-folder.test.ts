import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openCheckpoint } from '../../src/policy/transformer/safetensors/checkpoint';
import { writeSafetensors } from '../../src/policy/transformer/safetensors/write';
import { GOLDEN } from './transformer-golden';

const root = mkdtempSync(path.join(tmpdir(), 'emdpo-checkpoint-'));
after(() => {
  rmSync(root, { recursive: true, force: true });
});

function copyOf(model: string): string {
  const folder = mkdtempSync(path.join(root, 'x'));
  cpSync(path.join(GOLDEN, model), folder, { recursive: true });
  return folder;
}

test('shards that an index names are one checkpoint', async () => {
  const checkpoint = await openCheckpoint(path.join(GOLDEN, 'smollm'));
  const name = 'model.layers.1.mlp.down_proj.weight';
  assert.deepEqual(checkpoint.shapes.get(name), [24, 40]);
  const { data } = await checkpoint.read(name);
  assert.equal(data.length, 960);
  assert.ok(data.every(Number.isFinite) && data.some((v) => v !== 0));
  await checkpoint.close();
});

test('a shard that is missing or lacks its tensors is named', async () => {
  const folder = copyOf('smollm');
  const shard = readdirSync(folder).find((name) => name.startsWith('model-00002'))!;
  rmSync(path.join(folder, shard));
  await assert.rejects(openCheckpoint(folder), /model-00002.* cannot be opened/);
  await writeSafetensors(path.join(folder, shard), {});
  await assert.rejects(openCheckpoint(folder), /puts tensor ".*" into model-00002.*, which does not have it/);
});

test('an index may not lead out of its folder', async () => {
  const folder = copyOf('smollm');
  for (const name of ['../other.safetensors', '/etc/passwd', 5, 'x.bin']) {
    writeFileSync(
      path.join(folder, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { w: name } }),
    );
    await assert.rejects(openCheckpoint(folder), /no safetensors file of this folder/);
  }
  for (const text of ['{', '[]', '{"weight_map": 3}']) {
    writeFileSync(path.join(folder, 'model.safetensors.index.json'), text);
    await assert.rejects(openCheckpoint(folder), /index\.json (cannot be read|has no "weight_map")/);
  }
});

test('a folder without safetensors says what it has instead', async () => {
  const folder = mkdtempSync(path.join(root, 'x'));
  await assert.rejects(openCheckpoint(folder), /neither model\.safetensors nor/);
  writeFileSync(path.join(folder, 'pytorch_model.bin'), '');
  await assert.rejects(openCheckpoint(folder), /pytorch_model\.bin, which is not read/);
  await assert.rejects(openCheckpoint(path.join(folder, 'none')), /cannot be read/);
});
