import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RankingTable } from '../../src/dataset/table';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import { assignMostLikely } from '../../src/training/baselines/assign';
import { clusterThenFit } from '../../src/training/baselines/cluster-then-fit';
import { hardEm } from '../../src/training/baselines/hard-em';
import { oracleTypes } from '../../src/training/baselines/oracle';
import { predict } from '../../src/training/baselines/predict';
import { holdOutRecords, selectRecords } from '../../src/training/baselines/records';
import { adjustedRand, hardLabels } from '../../src/training/labels';
import { makeProblem } from '../../src/training/problem';
import { simulateItems, tableOf } from './mixtures';

const DESIGN = {
  annotators: 60,
  recordsEach: 6,
  offered: 3,
  ranked: 3,
  shares: [0.6, 0.4],
  rewards: [
    [2, 0.7, -0.7, -2],
    [-2, -0.7, 0.7, 2],
  ],
};
const OPTIONS = { types: 2, prior: 0.1, seed: 1, breathe: () => Promise.resolve() };

function prepare(table: RankingTable) {
  const alternatives = chooseAlternatives(table, { kind: 'tabular', over: 'auto' });
  const problem = makeProblem(table, alternatives.of, alternatives.count, {
    unranked: 'offered',
    ties: 'average',
  });
  const model = makeModel(table, { kind: 'tabular', over: 'auto' }, alternatives, problem.components);
  return { alternatives, problem, model };
}

test('held-out records and training records are all records, and every annotator keeps one to learn from', async () => {
  const table = await tableOf(simulateItems(DESIGN, 1));
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.integer({ min: 0, max: 1000 }),
      (share, seed) => {
        const { training, heldOut } = holdOutRecords(table, share, seed);
        assert.deepEqual(
          [...training.line, ...heldOut.line].sort((a, b) => a - b),
          [...table.line],
        );
        const expected = Math.min(5, Math.max(1, Math.round(share * 6)));
        for (let h = 0; h < table.annotators.size; h++) {
          assert.equal(heldOut.annotator.filter((a) => a === h).length, expected);
          assert.equal(training.annotator.filter((a) => a === h).length, 6 - expected);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a lone record stays in training', async () => {
  const table = await tableOf(simulateItems({ ...DESIGN, recordsEach: 1 }, 1));
  const { training, heldOut } = holdOutRecords(table, 0.5, 1);
  assert.equal(training.records, table.records);
  assert.equal(heldOut.records, 0);
});

test('selected records keep their rankings', async () => {
  const table = await tableOf(simulateItems(DESIGN, 2));
  const some = selectRecords(table, Int32Array.of(5, 2));
  for (const [i, r] of [5, 2].entries()) {
    const [from, to] = [table.start[r], table.start[r + 1]];
    assert.deepEqual(some.option.slice(some.start[i], some.start[i + 1]), table.option.slice(from, to));
    assert.deepEqual(some.level.slice(some.start[i], some.start[i + 1]), table.level.slice(from, to));
    assert.equal(some.line[i], table.line[r]);
  }
});

test('hard EM, clusters and the oracle find planted types that lie far apart', async () => {
  const table = await tableOf(simulateItems(DESIGN, 3));
  const { problem, model } = prepare(table);
  const profile = [...problem.profileOf];
  for (const fit of [
    await hardEm(problem, model, { ...OPTIONS, starts: 4, iterations: 100 }),
    await clusterThenFit(problem, model, OPTIONS),
  ]) {
    assert.ok(fit);
    const labels = hardLabels(fit.gamma, 2);
    const found = profile.map((p) => labels[p]);
    assert.ok(adjustedRand(found, [...table.knownType]) > 0.9);
  }
  const oracle = await oracleTypes(problem, model, table.knownType, OPTIONS);
  const share = [...table.knownType].filter((t) => t === 0).length / 60;
  assert.ok(Math.abs(oracle.shares[0] - share) < 1e-12);
  assert.ok(Math.abs(oracle.shares.reduce((sum, s) => sum + s, 0) - 1) < 1e-12);
});

test('hard EM ends where nobody would move', async () => {
  const table = await tableOf(simulateItems({ ...DESIGN, recordsEach: 2 }, 5));
  const { problem, model } = prepare(table);
  const fit = await hardEm(problem, model, { ...OPTIONS, starts: 3, iterations: 500 });
  assert.deepEqual(assignMostLikely(problem, fit.utility).gamma, fit.gamma);
});

test('predictions: a sure posterior scores its own type, and pairs count half where rewards are equal', async () => {
  const table = await tableOf([
    { annotator: 'a', prompt: 'p', responses: ['x', 'y'], ranking: [0, 1] },
    { annotator: 'b', prompt: 'p', responses: ['x', 'y'], ranking: [1, 0] },
  ]);
  const { problem } = prepare(table);
  const x = table.responses.text(0) === 'x' ? 0 : 1;
  const likesX = new Float64Array(2);
  likesX[x] = 1;
  const believed = {
    utility: [likesX, new Float64Array(2)],
    posterior: Float64Array.of(1, 0, 0.5, 0.5),
  };
  const { logLikelihood, pairs, right } = predict(problem, believed, Int32Array.of(0, 1), 2);
  const chosen = 1 / (1 + Math.exp(-1));
  assert.ok(Math.abs(logLikelihood - (Math.log(chosen) + Math.log((1 - chosen + 0.5) / 2))) < 1e-12);
  assert.deepEqual(pairs, [1, 1]);
  assert.deepEqual(right, [1, 0]);
  const even = predict(
    problem,
    { utility: [new Float64Array(2)], posterior: Float64Array.of(1, 1) },
    Int32Array.of(0, -1),
    1,
  );
  assert.deepEqual(even.right, [0.5]);
  assert.ok(Math.abs(even.logLikelihood - 2 * Math.log(0.5)) < 1e-12);
});
