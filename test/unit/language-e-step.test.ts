import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { logLikelihoods } from '../../src/compute/kernels/plackett-luce';
import { random } from '../../src/random';
import { assignMostLikely } from '../../src/training/baselines/assign';
import { expectation } from '../../src/training/e-step';
import {
  assertRowsSumToOne,
  crossFittedExpectation,
  hardExpectation,
} from '../../src/training/language/e-step';
import { half, makeFolds } from '../../src/training/language/folds';
import { referenceLogProbabilities, type NumberCache } from '../../src/training/language/reference';
import { responseLogProbabilities } from '../../src/training/language/score';
import { findStart, randomPosterior, responseFeatures } from '../../src/training/language/starts';
import { makeProblem } from '../../src/training/problem';
import { adjustedRand, hardLabels } from '../../src/training/labels';
import { benchOf, MIXED_RECORDS, onOnnxruntime, tinyModel } from './language-fixtures';
import { twoTypes } from './language-population';
import { simulateItems, tableOf } from './mixtures';

const DESIGN = {
  offered: 3,
  ranked: 3,
  shares: [0.5, 0.5],
  rewards: [
    [1, 0, -1, 0.5],
    [-1, 0, 1, 0],
  ],
};

async function problemOf(annotators: number, recordsEach: number, seed: number) {
  const table = await tableOf(simulateItems({ annotators, recordsEach, ...DESIGN }, seed));
  const single = new Int32Array(table.responses.size).map((_, y) => y);
  return makeProblem(table, single, single.length, { unranked: 'offered', ties: 'average' });
}

test('hard assignment is to the type that explains an annotator best, with the classification likelihood', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(100),
      async (n, each, seed) => {
        const problem = await problemOf(n, each, seed);
        const source = random(seed, 1);
        const rewards = [0, 1, 2].map(() =>
          Float64Array.from({ length: problem.rankings.alternatives }, () => source.normal()),
        );
        const equal = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
        const soft = expectation(problem, equal, rewards, new Float64Array(problem.profiles * 3));
        const hard = hardExpectation(problem, soft);
        const wanted = assignMostLikely(problem, rewards);
        assert.deepEqual(hard.gamma, wanted.gamma);
        assert.ok(
          Math.abs(hard.logLikelihood - wanted.logLikelihood) < 1e-9 * (1 + Math.abs(wanted.logLikelihood)),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('halves divide every annotator’s records, by at most one more in either, and the same seed divides the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 7 }),
      fc.nat(100),
      async (n, each, seed) => {
        const problem = await problemOf(n, each, seed);
        const folds = makeFolds(problem, seed);
        let single = 0;
        for (let p = 0; p < problem.profiles; p++) {
          const own = folds.of.subarray(problem.profileStart[p], problem.profileStart[p + 1]);
          const ones = own.reduce((sum, fold) => sum + fold, 0);
          assert.ok(Math.abs(own.length - 2 * ones) <= 1);
          if (own.length === 1) single += problem.profileCount[p];
        }
        assert.equal(folds.undivided, single);
        assert.deepEqual(makeFolds(problem, seed).of, folds.of);
        const weights = [0, 1].map((fold) => half(problem, folds, fold).profileWeight);
        problem.profileWeight.forEach((w, i) => {
          assert.equal(weights[0][i] + weights[1][i], w);
        });
      },
    ),
    { numRuns: 30 },
  );
});

test('each record is scored by the policies of the other half only', async () => {
  const problem = await problemOf(6, 4, 1);
  const folds = makeFolds(problem, 1);
  const source = random(3);
  const rewards = [0, 1].map(() => [0, 1].map(() => Float64Array.from({ length: 4 }, () => source.normal())));
  const shares = Float64Array.of(0.3, 0.7);
  const { gamma, logLikelihood } = crossFittedExpectation(problem, shares, rewards, folds);
  let total = 0;
  for (let p = 0; p < problem.profiles; p++) {
    const joint = [0, 1].map((k) => {
      let sum = Math.log(shares[k]);
      for (let i = problem.profileStart[p]; i < problem.profileStart[p + 1]; i++) {
        const out = new Float64Array(problem.rankings.count);
        logLikelihoods(problem.rankings, rewards[folds.of[i] === 0 ? 1 : 0][k], out);
        sum += problem.profileWeight[i] * out[problem.profileRanking[i]];
      }
      return Math.exp(sum);
    });
    total += problem.profileCount[p] * Math.log(joint[0] + joint[1]);
    assert.ok(Math.abs(gamma[2 * p] - joint[0] / (joint[0] + joint[1])) < 1e-12);
  }
  assert.ok(Math.abs(total - logLikelihood) < 1e-9);
});

test('with the same policies for both halves it is the ordinary E-step', async () => {
  const problem = await problemOf(10, 5, 2);
  const rewards = DESIGN.rewards.map((r) => Float64Array.from(r));
  const shares = Float64Array.of(0.4, 0.6);
  const crossed = crossFittedExpectation(problem, shares, [rewards, rewards], makeFolds(problem, 3));
  const plain = expectation(problem, shares, rewards, new Float64Array(problem.profiles * 2));
  assert.ok(Math.abs(crossed.logLikelihood - plain.logLikelihood) < 1e-9);
  crossed.gamma.forEach((g, i) => {
    assert.ok(Math.abs(g - plain.gamma[i]) < 1e-12);
  });
  assert.throws(() => {
    assertRowsSumToOne(Float64Array.of(0.5, 0.5, 0.5, NaN), 2);
  }, /annotator 2/);
});

test('reference log-probabilities are computed once, and again for another model only', async () => {
  const bench = await benchOf(MIXED_RECORDS, { executor: await onOnnxruntime() });
  const kept = new Map<string, number>();
  let puts = 0;
  const cache: NumberCache = {
    get: (key) => kept.get(key),
    put: (entries) => {
      for (const [key, value] of entries) {
        kept.set(key, value);
        puts++;
      }
      return Promise.resolve();
    },
  };
  const initial = bench.policy.initial(1);
  const direct = await responseLogProbabilities(bench, initial);
  const first = await referenceLogProbabilities(bench, 'model', initial, cache);
  assert.deepEqual(first, direct);
  assert.equal(puts, bench.texts.used.length);
  for (const [key, value] of kept) kept.set(key, value - 1);
  const second = await referenceLogProbabilities(bench, 'model', initial, cache);
  assert.deepEqual(
    second,
    direct.map((value) => value - 1),
    'taken from the cache',
  );
  assert.deepEqual(await referenceLogProbabilities(bench, 'other', initial, cache), direct);
  const shorter = await benchOf(MIXED_RECORDS, { executor: await onOnnxruntime(), responseTokens: 3 });
  puts = 0;
  await referenceLogProbabilities(shorter, 'other', initial, cache);
  assert.ok(puts > 0 && puts < shorter.texts.used.length, 'only what the other limit cut is new');
});

test('a start is far better than chance on text, never uniform, and the same for the same seed', async () => {
  const records = twoTypes({ annotators: 40, recordsEach: 6, prompts: 12, seed: 3, strength: 0.9 });
  const bench = await benchOf(records, { executor: await onOnnxruntime(), model: tinyModel(2) });
  const initial = bench.policy.initial(1);
  const reference = await responseLogProbabilities(bench, initial);
  const folds = makeFolds(bench.problem, 1);
  const find = () => findStart(bench, initial, reference, folds, { types: 2, starts: 4 });
  const first = await find();
  assert.deepEqual(
    first.candidates.map(({ kind }) => kind),
    ['embeddings', 'agreement'],
  );
  const truth = Array.from({ length: 40 }, (_, h) => h % 2);
  const labels = hardLabels(first.gamma, 2);
  assert.ok(
    adjustedRand(
      truth.map((_, h) => labels[bench.problem.profileOf[h]]),
      truth,
    ) > 0.5,
  );
  assert.deepEqual((await find()).gamma, first.gamma);
  const random2 = randomPosterior(bench, 2);
  assertRowsSumToOne(random2, 2);
  assert.ok(random2.some((g) => g > 0.6));
  const features = responseFeatures(
    bench.texts,
    new Float64Array(bench.texts.response.length * 4),
    4,
    reference,
    1,
  );
  assert.equal(features.dimensions, 2, 'embeddings that do not vary are no features');
});

test('features keep how much the embeddings vary in each direction, within prompts', async () => {
  const records = twoTypes({ annotators: 20, recordsEach: 6, prompts: 12, seed: 3, strength: 0.9 });
  const { texts } = await benchOf(records, { executor: await onOnnxruntime(), model: tinyModel(2) });
  const count = texts.response.length;
  const source = random(7);
  // three times as wide in one direction as in the other, and far apart between prompts
  const embeddings = new Float64Array(count * 2);
  for (const y of texts.used) {
    const away = 1000 * texts.promptOf[y];
    embeddings.set([away + 3 * source.normal(), away - source.normal()], 2 * y);
  }
  const reference = Float64Array.from({ length: count }, () => -10 * source.uniform());
  const { dimensions, values } = responseFeatures(texts, embeddings, 2, reference, 1);
  assert.equal(dimensions, 4);
  const deviations = Array.from({ length: 4 }, (_, j) => {
    const column = Array.from(texts.used, (y) => values[y * 4 + j]);
    return Math.sqrt(column.reduce((sum, v) => sum + v * v, 0) / column.length);
  });
  for (const j of [0, 2, 3]) assert.ok(Math.abs(deviations[j] - 1) < 1e-9);
  // the smaller eigenvalue of the within-prompt covariance, over the larger one
  const centred = [0, 1].map((j) =>
    Array.from(texts.used, (y) => {
      const members = Array.from(texts.used).filter((other) => texts.promptOf[other] === texts.promptOf[y]);
      const mean = members.reduce((sum, m) => sum + embeddings[2 * m + j], 0) / members.length;
      return embeddings[2 * y + j] - mean;
    }),
  );
  const product = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  const [xx, xy, yy] = [
    product(centred[0], centred[0]),
    product(centred[0], centred[1]),
    product(centred[1], centred[1]),
  ];
  const gap = Math.sqrt((xx - yy) ** 2 / 4 + xy ** 2);
  const ratio = Math.sqrt(((xx + yy) / 2 - gap) / ((xx + yy) / 2 + gap));
  assert.ok(Math.abs(deviations[1] - ratio) < 1e-9, `${deviations[1]} ${ratio}`);
});
