import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eagerExecutor } from '../../src/compute/graph/executors/eager-executor';
import { writeCheckpoint } from '../../src/policy/transformer/export/checkpoint';
import {
  readAdapter,
  writeAdapter,
  type StoredAdapter,
} from '../../src/policy/transformer/export/peft-adapter';
import type { LanguageModel } from '../../src/policy/transformer/language-model';
import { loadModel } from '../../src/policy/transformer/load-model';
import { exportPolicies, policySource } from '../../src/run/export/export-policies';
import { RunError } from '../../src/run/run-error';
import { tinyScratch } from './generate-run';
import { scratchFolder } from './run-files';
import { GOLDEN, relativeError } from './transformer-golden';
import { drawnAdapter, drawnRecords, score } from './transformer-score';

const PYTHON = process.env.EMDPO_TEST_PYTHON ?? 'python3';
const CHECK = path.join(import.meta.dirname, '..', '..', 'scripts', 'golden', 'check_export.py');
const NAMES = ['type1', 'type2', 'plain-dpo', 'distilled'];
const SHAPES = [
  { prompt: 7, responses: [3, 9, 5] },
  { prompt: 2, responses: [1, 12] },
];

interface Run {
  /** `policies/` of a run. */
  readonly folder: string;
  readonly base: LanguageModel;
  /** Folder of the base where the run did not make it. */
  readonly source?: string;
  readonly adapters: Record<string, StoredAdapter>;
}

/** Two types, plain DPO and the distilled policy, as training leaves them. */
async function adapters(t: TestContext, kind: 'scratch' | 'gpt2' | 'smollm'): Promise<Run> {
  const folder = path.join(scratchFolder(t), 'policies');
  const source = kind === 'scratch' ? undefined : path.join(GOLDEN, kind);
  const base = source === undefined ? tinyScratch(1) : await loadModel(source);
  if (source === undefined) await writeCheckpoint(path.join(folder, 'base'), { model: base });
  const written: Record<string, StoredAdapter> = {};
  for (const [i, name] of NAMES.entries()) {
    written[name] = drawnAdapter(base.config, { rank: 2, targets: 'all-linear', seed: 5 + i }, 2);
    await writeAdapter(path.join(folder, name), {
      config: base.config,
      tensors: written[name].tensors,
      alpha: 4,
      baseModel: source ?? '../base',
    });
  }
  return { folder, base, source, adapters: written };
}

for (const kind of ['scratch', 'gpt2', 'smollm'] as const) {
  test(`exported adapters and merged models of a run on ${kind} compute what the run’s policies do`, async (t) => {
    const run = await adapters(t, kind);
    const out = scratchFolder(t);
    const exported = await exportPolicies(await policySource(run.folder, run.source, true), out);
    assert.deepEqual(
      exported.map(({ policy, kind: what }) => `${what} ${policy}`),
      [
        ...(kind === 'scratch' ? ['base base'] : []),
        ...NAMES.map((name) => `adapter ${name}`),
        ...NAMES.map((name) => `merged ${name}`),
      ],
    );
    for (const { folder, files } of exported) assert.equal(readdirSync(path.join(out, folder)).length, files);
    const executor = await eagerExecutor({ backend: 'cpu' });
    const records = drawnRecords(run.base.config.vocabulary, SHAPES, 6);
    const unchanged = await score(executor, run.base, undefined, records);
    for (const name of NAMES) {
      const expected = await score(executor, run.base, run.adapters[name], records);
      assert.ok(relativeError(unchanged, expected) > 1e-3, `${name} differs from its base`);
      const merged = await loadModel(path.join(out, 'merged', name));
      assert.ok(relativeError(await score(executor, merged, undefined, records), expected) < 1e-5, name);
      const adapter = path.join(out, 'policies', name);
      const again = await score(executor, run.base, await readAdapter(adapter), records);
      assert.equal(relativeError(again, expected), 0, name);
      assert.equal(baseOf(adapter), run.source ?? path.join(out, 'policies', 'base'));
    }
  });
}

test('only the policies that are named are merged, each once', async (t) => {
  const { folder } = await adapters(t, 'scratch');
  const out = scratchFolder(t);
  const wanted = ['distilled', 'type2', 'distilled'];
  const exported = await exportPolicies(await policySource(folder, undefined, wanted), out);
  assert.deepEqual(readdirSync(path.join(out, 'merged')).sort(), ['distilled', 'type2']);
  assert.equal(exported.filter(({ kind }) => kind === 'merged').length, 2);
  assert.ok(exported.every(({ bytes }) => bytes > 1000));
});

test('whole models are copied to the byte, and are not merged', async (t) => {
  const folder = path.join(scratchFolder(t), 'policies');
  for (const [seed, name] of ['base', 'type1', 'plain-dpo'].entries()) {
    await writeCheckpoint(path.join(folder, name), { model: tinyScratch(seed) });
  }
  const out = scratchFolder(t);
  const exported = await exportPolicies(await policySource(folder, undefined, false), out);
  assert.deepEqual(
    exported.map(({ policy, kind }) => `${kind} ${policy}`),
    ['checkpoint type1', 'checkpoint plain-dpo'],
  );
  for (const name of ['type1', 'plain-dpo']) {
    const files = readdirSync(path.join(folder, name));
    assert.deepEqual(readdirSync(path.join(out, 'policies', name)).sort(), files.sort());
    for (const file of files) {
      assert.deepEqual(
        readFileSync(path.join(out, 'policies', name, file)),
        readFileSync(path.join(folder, name, file)),
      );
    }
  }
  await assert.rejects(
    policySource(folder, undefined, true),
    (error) => error instanceof RunError && /nothing to merge/.test(error.message),
  );
});

test('what cannot be exported is refused in a sentence, and half a policy is never left behind', async (t) => {
  const { folder } = await adapters(t, 'scratch');
  await assert.rejects(policySource(scratchFolder(t), undefined, false), /no language models/);
  await assert.rejects(
    policySource(folder, undefined, ['type1', 'type9']),
    (error) =>
      error instanceof RangeError && /"type9".*type1, type2, plain-dpo, distilled/.test(error.message),
  );
  const out = scratchFolder(t);
  const source = await policySource(folder, undefined, ['type1']);
  rmSync(path.join(folder, 'base'), { recursive: true });
  mkdirSync(path.join(folder, 'base'));
  writeFileSync(path.join(folder, 'base', 'config.json'), '{}');
  await assert.rejects(exportPolicies(source, out), /config\.json/);
  assert.throws(() => readdirSync(path.join(out, 'merged')), /ENOENT/);
});

test('peft loads an exported adapter with the base that it names, and computes the same', async (t) => {
  const found = spawnSync(PYTHON, ['-c', 'import torch, transformers, peft'], { encoding: 'utf8' });
  if (found.status !== 0) {
    t.skip(`${PYTHON} has no torch, transformers and peft; name another one in EMDPO_TEST_PYTHON`);
    return;
  }
  const executor = await eagerExecutor({ backend: 'cpu' });
  const requests: object[] = [];
  const expected: { what: string; scores: Float32Array }[] = [];
  for (const kind of ['scratch', 'gpt2', 'smollm'] as const) {
    const run = await adapters(t, kind);
    const out = scratchFolder(t);
    await exportPolicies(await policySource(run.folder, run.source, ['distilled']), out);
    const drawn = drawnRecords(run.base.config.vocabulary, SHAPES, 6);
    const records = drawn.map(({ prompt, responses }) => ({
      prompt: Array.from(prompt),
      responses: responses.map((tokens) => Array.from(tokens)),
    }));
    for (const [name, base, adapter] of [
      ['type2', null, path.join(out, 'policies', 'type2')],
      ['distilled', path.join(out, 'merged', 'distilled'), null],
    ] as const) {
      requests.push({ base, adapter, records, texts: [] });
      const scores = await score(executor, run.base, run.adapters[name], drawn);
      expected.push({ what: `${name} over ${kind}`, scores });
    }
  }
  const file = path.join(scratchFolder(t), 'requests.json');
  writeFileSync(file, JSON.stringify(requests));
  const { status, stdout, stderr } = spawnSync(PYTHON, [CHECK, file], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const answers = JSON.parse(stdout) as { logProbabilities: number[][] }[];
  expected.forEach(({ what, scores }, i) => {
    assert.ok(relativeError(scores, answers[i].logProbabilities.flat()) < 1e-4, what);
  });
});

function baseOf(adapter: string): unknown {
  const text = readFileSync(path.join(adapter, 'adapter_config.json'), 'utf8');
  return (JSON.parse(text) as Record<string, unknown>).base_model_name_or_path;
}
