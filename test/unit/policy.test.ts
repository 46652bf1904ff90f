import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dot } from '../../src/compute/conjugate-gradient';
import { kernelOf } from '../../src/compute/kernels/likelihood-kernel';
import { weightedLogLikelihood } from '../../src/compute/kernels/plackett-luce';
import { ngramFeatures } from '../../src/policy/features';
import { featureRank, loglinear } from '../../src/policy/loglinear';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import { dividingPrompts } from '../../src/policy/opinions';
import { listResponses, policyFromReward } from '../../src/policy/response-policy';
import type { RewardPolicy } from '../../src/protocol/experiment';
import { maximise } from '../../src/training/m-step';
import type { RewardModel } from '../../src/policy/reward-model';
import { makeProblem, type Problem } from '../../src/training/problem';
import { random } from '../../src/random';
import { simulateItems, tableOf } from './mixtures';

const DESIGN = {
  annotators: 30,
  recordsEach: 3,
  offered: 4,
  ranked: 2,
  shares: [1],
  rewards: [[1, 0.5, 0, -0.5, -1]],
};
const CHOICES: RewardPolicy[] = [
  { kind: 'tabular', over: 'auto' },
  { kind: 'loglinear', features: 'ngrams', dimensions: 16 },
];

/** ∂/∂θ Σ weight × ℓ. */
function gradientAt(
  problem: Problem,
  model: RewardModel,
  weight: Float64Array,
  theta: Float64Array,
): Float64Array {
  const kernel = kernelOf(problem);
  const gradient = new Float64Array(model.parameters);
  kernel.weigh(weight);
  model.on(kernel).gradient(theta, gradient);
  return gradient;
}

for (const policy of CHOICES) {
  const setUp = async (tie = false) => {
    const records = simulateItems(DESIGN, 2).map((r) =>
      tie ? { ...r, ranking: [r.ranking as number[]] } : r,
    );
    const table = await tableOf(records);
    const alternatives = chooseAlternatives(table, policy);
    const problem = makeProblem(table, alternatives.of, alternatives.count, {
      unranked: 'offered',
      ties: 'average',
    });
    return { problem, model: makeModel(table, policy, alternatives, problem.components) };
  };

  test(`${policy.kind}: the gradient in θ agrees with finite differences`, async () => {
    const { problem, model } = await setUp();
    const weight = new Float64Array(problem.rankings.count).fill(1);
    const utility = new Float64Array(problem.rankings.alternatives);
    const value = (theta: Float64Array) => {
      model.rewards(theta, utility);
      return weightedLogLikelihood(problem.rankings, utility, weight);
    };
    const source = random(1);
    const theta = new Float64Array(model.parameters).map(() => source.normal());
    const gradient = gradientAt(problem, model, weight, theta);
    for (let j = 0; j < theta.length; j++) {
      const h = 1e-5;
      const difference = (value(theta.with(j, theta[j] + h)) - value(theta.with(j, theta[j] - h))) / (2 * h);
      assert.ok(Math.abs(gradient[j] - difference) < 1e-6);
    }
  });

  for (const tie of [false, true]) {
    for (const prior of [0, 0.5]) {
      test(`${policy.kind}: the M-step ends where the gradient is 0 (prior ${prior}, ties ${tie})`, async () => {
        const { problem, model } = await setUp(tie);
        const weight = Float64Array.from({ length: problem.rankings.count }, (_, r) => 0.5 + (r % 3));
        const theta = new Float64Array(model.parameters);
        const utility = new Float64Array(problem.rankings.alternatives);
        maximise(problem, model, weight, prior, theta, utility);
        const gradient = gradientAt(problem, model, weight, theta);
        for (let j = 0; j < theta.length; j++) assert.ok(Math.abs(gradient[j] - prior * theta[j]) < 1e-4);
      });
    }
  }
}

test('π ∝ π_ref exp(r/β) sums to 1 and returns the reward it was made from', async () => {
  const list = listResponses(await tableOf(simulateItems(DESIGN, 1)));
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 5, maxLength: 5 }),
      fc.double({ min: 0.01, max: 3, noNaN: true }),
      (values, beta) => {
        const reward = Float64Array.from(values);
        const policy = policyFromReward(list, reward, beta);
        assert.ok(Math.abs(policy.reduce((sum, logP) => sum + Math.exp(logP), 0) - 1) < 1e-10);
        // the implicit reward β log(π/π_ref) differs from r by a constant of the prompt
        const implicit = Array.from(
          policy,
          (logP, i) => beta * (logP - list.logReference[i]) - reward[list.response[i]],
        );
        assert.ok(Math.max(...implicit) - Math.min(...implicit) < 1e-9);
      },
    ),
  );
});

test('n-gram features in their own span give the same inner products as in the full space', async () => {
  const texts = ['the cat sat', 'the dog sat down', 'a bird flew', 'nothing at all'];
  const table = await tableOf([{ annotator: 'a', prompt: 'p', responses: texts, ranking: [0, 1, 2, 3] }]);
  const small = ngramFeatures(table, 512);
  const full = ngramFeatures(table, 3); // fewer buckets than responses: not reduced
  assert.equal(small.dimensions, featureRank(small));
  assert.ok(small.dimensions <= 3, 'four centred rows span at most three dimensions');
  assert.equal(full.dimensions, 3);
  // each row is (unit vector − mean), so squared distances of rows are those of the unit vectors: 2 − 2 cos
  const row = (y: number) => small.values.subarray(y * small.dimensions, (y + 1) * small.dimensions);
  const distance = (a: number, b: number) => {
    const difference = row(a).map((v, j) => v - row(b)[j]);
    return dot(difference, difference);
  };
  assert.ok(Math.abs(distance(2, 3) - 2) < 0.5, 'texts without a word in common are nearly orthogonal');
  assert.ok(distance(0, 1) < distance(0, 3), 'texts that share words are closer');
});

test('the rank of features counts independent directions', () => {
  const features = (rows: number[][]) => ({
    alternatives: rows.length,
    dimensions: rows[0].length,
    values: Float64Array.from(rows.flat()),
  });
  assert.equal(
    featureRank(
      features([
        [1, 2, 3],
        [2, 4, 6],
        [0, 0, 1],
      ]),
    ),
    2,
  );
  assert.equal(
    featureRank(
      features([
        [0, 0],
        [0, 0],
      ]),
    ),
    0,
  );
  assert.equal(
    loglinear(
      features([
        [1, 0],
        [0, 1],
        [1, 1],
      ]),
    ).freeParameters,
    2,
  );
});

test('types that agree divide no prompt; opposite types divide it by ln 2 at most', async () => {
  const table = await tableOf([{ annotator: 'a', prompt: 'p', responses: ['x', 'y'], ranking: [0, 1] }]);
  const list = listResponses(table);
  const toX = policyFromReward(list, Float64Array.of(50, 0), 1);
  const toY = policyFromReward(list, Float64Array.of(0, 50), 1);
  assert.deepEqual(dividingPrompts(table, list, [toX, toX], [0.5, 0.5]), []);
  const [prompt] = dividingPrompts(table, list, [toX, toY], [0.5, 0.5]);
  assert.ok(Math.abs(prompt.divergence - Math.LN2) < 1e-9);
});
