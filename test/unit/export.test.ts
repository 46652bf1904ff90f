import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readDataset, readText } from '../../src/dataset/read';
import { rankingPairs, type TrlPair } from '../../src/dataset/write-trl';
import { trlLines, type TrlCount } from '../../src/run/export/trl';
import { assertCivil, run, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

const nothing = (): TrlCount => ({ pairs: 0, rankings: 0, tied: 0, withoutPosterior: 0, notDrawn: 0 });

async function tableOf(records: readonly object[]) {
  const text = records.map((record) => JSON.stringify(record) + '\n').join('');
  return (await readText(text, { name: 'answers.jsonl', form: 'canonical' })).table;
}

test('a ranking becomes its ordered pairs, ties left out, unranked responses last where they were offered', async () => {
  const record = { annotator: 'a', prompt: 'p', responses: ['A', 'B', 'C', 'D'], ranking: [2, [0, 1]] };
  const text = JSON.stringify(record) + '\n';
  for (const [unranked, expected] of [
    ['offered', ['C>A', 'C>B', 'C>D', 'A>D', 'B>D']],
    ['absent', ['C>A', 'C>B']],
  ] as const) {
    const { table } = await readText(text, { name: 'x.jsonl', form: 'canonical', unranked });
    const [{ pairs }] = rankingPairs(table);
    assert.deepEqual(
      pairs.map(([better, worse]) => `${table.responses.text(better)}>${table.responses.text(worse)}`),
      expected,
    );
  }
});

test('the pairs of a ranking share its weight, and every ranking is counted once', async () => {
  const ranking = fc.uniqueArray(fc.constantFrom(0, 1, 2, 3), { minLength: 2, maxLength: 4 });
  const record = fc.record({
    annotator: fc.constantFrom('a', 'b', 'c'),
    ranking,
    weight: fc.constantFrom(1, 2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
      const table = await tableOf(
        records.map((each) => ({ prompt: 'p', responses: ['A', 'B', 'C', 'D'], ...each })),
      );
      const gamma = Float64Array.from(records, ({ annotator }) =>
        annotator === 'c' ? NaN : annotator === 'a' ? 0.75 : 0,
      );
      const count = nothing();
      const lines = [...trlLines(table, gamma, { by: 'weight', seed: 1, type: 0 }, count)];
      const weights = lines.map((line) => (JSON.parse(line) as TrlPair).weight!);
      const expected = records.reduce(
        (sum, { weight }, r) => sum + (gamma[r] > 0 ? gamma[r] * weight : 0),
        0,
      );
      assert.ok(Math.abs(weights.reduce((sum, w) => sum + w, 0) - expected) < 1e-9);
      assert.equal(count.pairs, lines.length);
      assert.equal(count.rankings + count.tied + count.withoutPosterior + count.notDrawn, records.length);
    }),
  );
});

test('resampling keeps a ranking whole with the probability of its annotator’s type', async () => {
  const table = await tableOf(
    Array.from({ length: 4000 }, (_, i) => ({
      annotator: `a${i}`,
      prompt: 'p',
      responses: ['A', 'B', 'C'],
      ranking: [0, 1, 2],
    })),
  );
  const gamma = new Float64Array(4000).fill(0.3);
  const count = nothing();
  const lines = [...trlLines(table, gamma, { by: 'resample', seed: 5, type: 0 }, count)];
  assert.equal(lines.length, 3 * count.rankings);
  // five standard deviations of a binomial count
  assert.ok(Math.abs(count.rankings - 1200) < 5 * Math.sqrt(4000 * 0.3 * 0.7), String(count.rankings));
  assert.deepEqual([...trlLines(table, gamma, { by: 'resample', seed: 5, type: 0 }, nothing())], lines);
});

test('emdpo export writes weights and datasets that can be read again, and refuses a changed dataset', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const runDirectory = path.join(folder, 'run');
  assert.equal((await run(['train', file, '--run-dir', runDirectory])).code, 0);
  const out = path.join(folder, 'out');
  const ended = await run(['export', runDirectory, '--out', out, '--json']);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  const { types } = JSON.parse(readFileSync(path.join(out, 'weights.json'), 'utf8')) as {
    types: { share: number; weight: number }[];
  };
  assert.ok(Math.abs(types[0].share - 2 / 3) < 0.02);
  assert.ok(Math.abs(types.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-9);
  const { table, findings } = await readDataset(path.join(out, 'type2.trl.jsonl'));
  assert.equal(table.summary.form, 'trl');
  assert.ok(table.records > 0);
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );

  const again = await run(['export', runDirectory, '--out', out]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /is not empty/);
  writeFileSync(file, twoTypes() + twoTypes());
  const changed = await run(['export', runDirectory, '--out', path.join(folder, 'other')]);
  assert.equal(changed.code, 1);
  assert.match(changed.stderr, /has changed since the run/);
});
