import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readDataset } from '../../src/dataset/read';
import { readPopulation } from '../../src/dataset/simulate/read-population';
import { simulateToFile } from '../../src/dataset/simulate/to-file';
import type { Truth } from '../../src/dataset/simulate/truth';

const SAMPLE = 'media/sample';
const parametric = { types: 2, features: 2, prompts: 3, responses: 3, annotators: 10, records: 2 } as const;

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), 'simulate-'));
  t.after(() => rm(made, { recursive: true }));
  return made;
}

const sampleTruth = async () => JSON.parse(await readFile(`${SAMPLE}/answers.truth.json`, 'utf8')) as Truth;

test('the bundled sample is what its population and seed make, byte for byte', async (t) => {
  const out = path.join(await folder(t), 'answers.jsonl');
  const { seed } = await sampleTruth();
  const made = await simulateToFile({
    population: await readPopulation(`${SAMPLE}/population.json`),
    seed,
    out,
  });
  assert.deepEqual(await readFile(out), await readFile(`${SAMPLE}/answers.jsonl`));
  assert.deepEqual(await readFile(made.truthPath), await readFile(`${SAMPLE}/answers.truth.json`));
});

test('the bundled sample is small, as noisy as life, and complete', async () => {
  const { table, findings } = await readDataset(`${SAMPLE}/answers.jsonl`);
  assert.deepEqual(findings.filter((f) => f.severity === 'error'), []); // prettier-ignore
  const truth = await sampleTruth();
  assert.equal(table.records, truth.records);
  assert.equal(table.prompts.size, truth.prompts?.length);
  assert.equal(
    table.responses.size,
    truth.prompts?.reduce((sum, x) => sum + x.responses.length, 0),
  );
  assert.ok(truth.idealAccuracy >= 0.88 && truth.idealAccuracy <= 0.95);
  const sizes = await Promise.all(
    (await readdir(SAMPLE)).map(async (name) => (await stat(`${SAMPLE}/${name}`)).size),
  );
  assert.ok(sizes.reduce((a, b) => a + b, 0) < 1.6e6);
});

test('nothing but the dataset and its truth is left behind', async (t) => {
  const dir = await folder(t);
  const out = path.join(dir, 'new', 'made.jsonl');
  const made = await simulateToFile({ parametric, seed: 1, out });
  assert.deepEqual((await readdir(path.dirname(out))).sort(), ['made.jsonl', 'made.truth.json']);
  assert.equal(made.truthPath, path.join(dir, 'new', 'made.truth.json'));
  assert.equal((await readFile(out, 'utf8')).split('\n').length - 1, made.records);
  const truth = JSON.parse(await readFile(made.truthPath, 'utf8')) as Truth;
  assert.deepEqual([truth.records, truth.annotators.length], [made.records, made.annotators]);
  assert.deepEqual([made.records, made.annotators], [20, 10]);
});

test('a simulated dataset may be replaced, any other is not', async (t) => {
  const dir = await folder(t);
  const out = path.join(dir, 'made.jsonl');
  await simulateToFile({ parametric, seed: 1, out });
  const before = await readFile(out, 'utf8');
  await simulateToFile({ parametric, seed: 2, out });
  assert.notEqual(await readFile(out, 'utf8'), before);

  const precious = path.join(dir, 'mine.jsonl');
  await writeFile(precious, 'years of work');
  await assert.rejects(
    simulateToFile({ parametric, seed: 1, out: precious }),
    /was not simulated .* choose another name/,
  );
  assert.equal(await readFile(precious, 'utf8'), 'years of work');
});

test('a place that cannot be written to is a sentence, and leaves nothing', async (t) => {
  const dir = await folder(t);
  await writeFile(path.join(dir, 'file'), '');
  await assert.rejects(simulateToFile({ parametric, seed: 1, out: dir }), /This is a folder/);
  await assert.rejects(
    simulateToFile({ parametric, seed: 1, out: path.join(dir, 'file', 'made.jsonl') }),
    /A part of this path is a file, not a folder/,
  );
  assert.deepEqual(await readdir(dir), ['file']);
});
