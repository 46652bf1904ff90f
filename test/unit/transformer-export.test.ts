import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { eagerExecutor } from '../../src/compute/graph/executors/eager-executor';
import { writeCheckpoint } from '../../src/policy/transformer/export/checkpoint';
import { readAdapter, writeAdapter } from '../../src/policy/transformer/export/peft-adapter';
import type { LanguageModel } from '../../src/policy/transformer/language-model';
import { loadModel } from '../../src/policy/transformer/load-model';
import { ModelError } from '../../src/policy/transformer/model-error';
import { scratchModel } from '../../src/policy/transformer/scratch';
import { GOLDEN, relativeError } from './transformer-golden';
import { drawnAdapter, drawnRecords, scaled, score } from './transformer-score';

const PYTHON = process.env.EMDPO_TEST_PYTHON ?? 'python3';
const CHECK = path.join(import.meta.dirname, '..', '..', 'scripts', 'golden', 'check_export.py');
const TEXTS = ['Hello', 'two\nlines', '😀 and é', 'שלום', ' spaces  '];
const SHAPES = [
  { prompt: 7, responses: [3, 9, 5] },
  { prompt: 2, responses: [1, 12] },
];

const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-export-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Case {
  readonly model: LanguageModel;
  /** Folder of the base model, where it has one. */
  readonly source?: string;
}

async function cases(): Promise<Record<string, Case>> {
  const small = scratchModel({ layers: 2, hidden: 16, heads: 2, seed: 4 });
  const found: Record<string, Case> = { scratch: { model: { ...small, weights: scaled(small.weights, 8) } } };
  for (const name of ['gpt2', 'llama', 'qwen2', 'mistral']) {
    const source = path.join(GOLDEN, name);
    found[name] = { model: await loadModel(source), source };
  }
  return found;
}

test('a merged checkpoint gives the log-probabilities of its base with the adapter', async () => {
  const executor = await eagerExecutor({ backend: 'cpu' });
  for (const [name, { model, source }] of Object.entries(await cases())) {
    const adapter = drawnAdapter(model.config, { rank: 3, targets: 'all-linear', seed: 5 }, 1.5);
    const records = drawnRecords(model.config.vocabulary, SHAPES, 6);
    const out = path.join(folder, `merged-${name}`);
    await writeCheckpoint(out, { model, adapter, source });
    const merged = await loadModel(out);
    const expected = await score(executor, model, adapter, records);
    const base = await score(executor, model, undefined, records);
    assert.ok(relativeError(base, expected) > 1e-3, `${name}: the adapter changes something`);
    assert.ok(relativeError(await score(executor, merged, undefined, records), expected) < 1e-5, name);
    for (const text of TEXTS) {
      assert.deepEqual(merged.tokenizer.encodePrompt(text), model.tokenizer.encodePrompt(text), name);
      assert.deepEqual(merged.tokenizer.encode(text), model.tokenizer.encode(text), name);
    }
    assert.equal(merged.tokenizer.endOfText, model.tokenizer.endOfText);
  }
});

test('an adapter comes back from its files as it was', async () => {
  const { config } = scratchModel({ layers: 2, hidden: 16, heads: 2 });
  for (const targets of [
    'all-linear',
    ['q_proj', 'v_proj'],
    ['layers.1.self_attn.k_proj', 'mlp.up_proj'],
  ] as const) {
    const adapter = drawnAdapter(config, { rank: 2, targets, seed: 1 }, 4);
    const out = path.join(folder, 'adapter');
    await writeAdapter(out, { config, tensors: adapter.tensors, alpha: 8 });
    const back = await readAdapter(out);
    assert.equal(back.scaling, 4);
    assert.deepEqual(Object.keys(back.tensors).sort(), Object.keys(adapter.tensors).sort());
    for (const [name, { shape, data }] of Object.entries(adapter.tensors)) {
      assert.deepEqual(back.tensors[name].shape, shape);
      assert.deepEqual(back.tensors[name].data, data);
    }
    assert.deepEqual(readdirSync(out).sort(), ['adapter_config.json', 'adapter_model.safetensors']);
  }
});

test('half a pair is not written, and adapters of other kinds are refused by name', async () => {
  const { config } = scratchModel({ layers: 1, hidden: 16, heads: 2 });
  const { tensors } = drawnAdapter(config, { rank: 2, targets: ['q_proj'], seed: 1 }, 1);
  const [[a, value]] = Object.entries(tensors);
  await assert.rejects(
    writeAdapter(path.join(folder, 'half'), { config, tensors: { [a]: value }, alpha: 2 }),
    ModelError,
  );
  await assert.rejects(
    writeAdapter(path.join(folder, 'none'), { config, tensors: {}, alpha: 2 }),
    ModelError,
  );
  const out = path.join(folder, 'other');
  await writeAdapter(out, { config, tensors, alpha: 2 });
  const file = path.join(out, 'adapter_config.json');
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  for (const [change, word] of [
    [{ peft_type: 'IA3' }, /IA3/],
    [{ use_dora: true }, /use_dora/],
    [{ rank_pattern: { q_proj: 3 } }, /rank_pattern/],
    [{ modules_to_save: ['lm_head'] }, /modules_to_save/],
    [{ r: 0 }, /"r"/],
  ] as const) {
    writeFileSync(file, JSON.stringify({ ...written, ...change }));
    await assert.rejects(
      readAdapter(out),
      (error) => error instanceof ModelError && word.test(error.message),
    );
  }
});

test('a checkpoint never overwrites its own base', async () => {
  const source = path.join(GOLDEN, 'gpt2');
  await assert.rejects(
    writeCheckpoint(`${source}/.`, { model: await loadModel(source), source }),
    /overwrite/,
  );
});

test('peft and transformers compute the same with what was exported', async (t) => {
  const found = spawnSync(PYTHON, ['-c', 'import torch, transformers, peft'], { encoding: 'utf8' });
  if (found.status !== 0) {
    t.skip(`${PYTHON} has no torch, transformers and peft; name another one in EMDPO_TEST_PYTHON`);
    return;
  }
  const executor = await eagerExecutor({ backend: 'cpu' });
  const requests: Record<string, unknown>[] = [];
  const expected: { what: string; model: LanguageModel; scores: Float32Array }[] = [];
  for (const [name, { model, source }] of Object.entries(await cases())) {
    const tuned = drawnAdapter(model.config, { rank: 3, targets: 'all-linear', seed: 5 }, 1.5);
    const records = drawnRecords(model.config.vocabulary, SHAPES, 6);
    const scores = await score(executor, model, tuned, records);
    const [base, adapter, merged] = ['base', 'adapter', 'merged'].map((kind) =>
      path.join(folder, `${kind}-of-${name}`),
    );
    await writeAdapter(adapter, {
      config: model.config,
      tensors: tuned.tensors,
      alpha: 4.5,
      baseModel: source,
    });
    await writeCheckpoint(base, { model, source });
    await writeCheckpoint(merged, { model, adapter: tuned, source });
    const texts = name === 'gpt2' ? [] : TEXTS;
    requests.push({ base, adapter, records, texts }, { base: merged, adapter: null, records, texts });
    expected.push(
      { what: `${name} with its adapter`, model, scores },
      { what: `${name}, merged`, model, scores },
    );
  }
  const answers = ask(requests);
  expected.forEach(({ what, model, scores }, i) => {
    assert.ok(relativeError(scores, answers[i].logProbabilities.flat()) < 1e-4, what);
    answers[i].prompts.forEach((ids, j) => {
      assert.deepEqual(Array.from(model.tokenizer.encodePrompt(TEXTS[j])), ids, `${what}: ${TEXTS[j]}`);
    });
  });
});

interface Answer {
  readonly logProbabilities: number[][];
  readonly prompts: number[][];
}

function ask(requests: readonly Record<string, unknown>[]): Answer[] {
  const file = path.join(folder, 'requests.json');
  writeFileSync(
    file,
    JSON.stringify(requests, (_, value: unknown) =>
      value instanceof Int32Array ? Array.from(value) : value,
    ),
  );
  const { status, stdout, stderr } = spawnSync(PYTHON, [CHECK, file], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Answer[];
}
