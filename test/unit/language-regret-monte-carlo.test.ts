import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLinear } from '../../src/aggregate/log-linear';
import { heldOutMixture } from '../../src/aggregate/language/held-out-mixture';
import { weightedSamples } from '../../src/aggregate/language/importance';
import { bootstrapIntervals } from '../../src/aggregate/language/intervals';
import { monteCarloRegret, regretByPrompt } from '../../src/aggregate/language/monte-carlo-regret';
import { estimate } from '../../src/aggregate/language/clustered';
import {
  halfOfPrompts,
  halfOfResponses,
  promptMeans,
  promptVariances,
} from '../../src/aggregate/language/sampled-ratios';
import { planResponses } from '../../src/aggregate/language/sample-size';
import { multiply } from '../../src/regret/matrix';
import { minMax } from '../../src/regret/min-max';
import { regretMatrix } from '../../src/aggregate/regret-matrix';
import { random } from '../../src/random';
import { randomPolicies } from './aggregate-policies';
import { choosePrompts, drawRatios } from './language-regret-toy';

const POPULATION = 120;

function toy(seed: number) {
  const { list, logPolicies } = randomPolicies(seed, 3, POPULATION, 1);
  return { list, logPolicies, exact: regretMatrix(list, logPolicies, [1, 2, 0.5]) };
}

/** Responses of every type to m prompts. */
function sampled(seed: number, { list, logPolicies }: ReturnType<typeof toy>, m: number, n: number) {
  const draw = random(seed, 77);
  const prompts = choosePrompts(POPULATION, m, draw);
  const types = logPolicies.map((policy) => drawRatios(list, logPolicies, policy, prompts, n, draw));
  const reference = drawRatios(list, logPolicies, list.logReference, prompts, n, draw);
  return { types, reference };
}

for (const [m, n] of [
  [40, 4],
  [120, 4],
  [120, 1],
]) {
  test(`the exact regret lies in 95 % intervals at that rate: ${m} of ${POPULATION} prompts, ${n} responses`, () => {
    const problem = toy(3);
    let inside = 0;
    let total = 0;
    for (let round = 0; round < 400; round++) {
      const { types } = sampled(round, problem, m, n);
      const { matrix, standardError } = monteCarloRegret(types, [1, 2, 0.5], POPULATION);
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          if (i === j) continue;
          total++;
          if (Math.abs(matrix[i][j] - problem.exact.matrix[i][j]) <= 1.96 * standardError[i][j]) inside++;
        }
      }
    }
    const rate = inside / total;
    // entries of one round depend on one another, so the rate is known to about ±0.01; with one response the error
    // is meant to be too large
    assert.ok(rate > 0.925 && rate < (n === 1 ? 1 : 0.97), `covered ${rate}`);
  });
}

test('the matrix has no bias: its mean over many samples is the exact one', () => {
  const problem = toy(4);
  const rounds = 600;
  const sum = [0, 0, 0].map(() => [0, 0, 0]);
  const squares = [0, 0, 0].map(() => [0, 0, 0]);
  for (let round = 0; round < rounds; round++) {
    const { matrix } = monteCarloRegret(sampled(round, problem, 30, 3).types, [1, 2, 0.5], POPULATION);
    matrix.forEach((row, i) => {
      row.forEach((value, j) => {
        sum[i][j] += value / rounds;
        squares[i][j] += value ** 2 / rounds;
      });
    });
  }
  sum.forEach((row, i) => {
    row.forEach((mean, j) => {
      const error = Math.sqrt((squares[i][j] - mean ** 2) / rounds);
      assert.ok(Math.abs(mean - problem.exact.matrix[i][j]) <= 4 * error + 1e-12);
    });
  });
});

test('protection weights scale rows; the diagonal is exactly 0', () => {
  const { types } = sampled(1, toy(5), 20, 4);
  const plain = monteCarloRegret(types, [], POPULATION);
  const weighted = monteCarloRegret(types, [3, 1, 0], POPULATION);
  plain.matrix.forEach((row, i) => {
    row.forEach((value, j) => {
      const c = [3, 1, 0][i];
      assert.ok(Math.abs(weighted.matrix[i][j] - c * value) < 1e-12);
      assert.ok(Math.abs(weighted.standardError[i][j] - c * plain.standardError[i][j]) < 1e-12);
      if (i === j) assert.equal(value, 0);
    });
  });
});

test('the regret of a mixture of sampled policies is R·w, and its own policy has regret 0 without error', () => {
  const { types } = sampled(2, toy(6), 25, 4);
  const { matrix } = monteCarloRegret(types, [1, 2, 3], POPULATION);
  const w = [0.2, 0.5, 0.3];
  const expected = multiply(matrix, w);
  [1, 2, 3].forEach((c, i) => {
    const mixture = w.map((coefficient, j) => ({ coefficient, samples: types[j] }));
    assert.ok(
      Math.abs(estimate(regretByPrompt(types, i, c, mixture), POPULATION).value - expected[i]) < 1e-12,
    );
    const own = estimate(regretByPrompt(types, i, c, [{ coefficient: 1, samples: types[i] }]), POPULATION);
    assert.deepEqual(own, { value: 0, standardError: 0 });
  });
});

test('halves share no response and together are all', () => {
  const ratio = [Float64Array.from({ length: 10 }, (_, i) => i)];
  const all = { prompts: 2, responses: 5, ratio };
  assert.deepEqual([...halfOfResponses(all, 0).ratio[0]], [0, 2, 4, 5, 7, 9]);
  assert.deepEqual([...halfOfResponses(all, 1).ratio[0]], [1, 3, 6, 8]);
  assert.deepEqual([...halfOfPrompts(all, 0).ratio[0]], [0, 1, 2, 3, 4]);
  assert.deepEqual([...halfOfPrompts(all, 1).ratio[0]], [5, 6, 7, 8, 9]);
  assert.deepEqual([...promptMeans(all)[0]], [2, 7]);
  assert.deepEqual([...promptVariances(all)[0]], [2.5, 2.5]);
});

for (const [m, n] of [
  [12, 2],
  [POPULATION, 2],
]) {
  test(`weights look too good on the samples that chose them; held out they have no bias: ${m} prompts`, () => {
    const problem = toy(7);
    const c = [1, 2, 0.5];
    const halve = m < POPULATION ? halfOfPrompts : halfOfResponses;
    const optimism: number[] = [];
    const heldOut: number[][] = [[], [], []];
    for (let round = 0; round < 400; round++) {
      const { types } = sampled(round, problem, m, n);
      const { matrix } = monteCarloRegret(types, c, POPULATION);
      const { weights } = minMax(matrix);
      optimism.push(
        Math.max(...multiply(matrix, weights)) - Math.max(...multiply(problem.exact.matrix, weights)),
      );
      const truth = ([0, 1] as const).map((which) => {
        const chosenOn = types.map((samples) => halve(samples, which));
        return multiply(
          problem.exact.matrix,
          minMax(monteCarloRegret(chosenOn, c, POPULATION).matrix).weights,
        );
      });
      heldOutMixture(types, c, POPULATION).forEach(({ value }, i) =>
        heldOut[i].push(value - (truth[0][i] + truth[1][i]) / 2),
      );
    }
    assert.ok(z(optimism) < -4, `in-sample ${z(optimism)}`);
    heldOut.forEach((differences, i) => {
      // with prompts drawn from few, one half tells a little of the other: the bias that leaves is upwards
      assert.ok(z(differences) > -3, `type ${i}: ${z(differences)}`);
      if (m === POPULATION) assert.ok(z(differences) < 3, `type ${i}: ${z(differences)}`);
    });
  });
}

/** Mean in standard errors. */
function z(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return mean / Math.sqrt(spread / values.length);
}

test('samples of all policies, weighted, give the exact log-linear policy as they grow', () => {
  const problem = toy(8);
  const diagonal = problem.exact.reward.map((row, k) => row[k]);
  const exact = logLinear(problem.list, problem.logPolicies, diagonal, [1, 1, 1]);
  const { types, reference } = sampled(1, problem, POPULATION, 60);
  const { list, logPolicies, effective } = weightedSamples(types, reference);
  for (let x = 0; x < 3; x++) {
    let sum = 0;
    for (let i = list.start[x]; i < list.start[x + 1]; i++) sum += Math.exp(list.logReference[i]);
    assert.ok(Math.abs(sum - 1) < 1e-12);
  }
  const { reward, protection } = regretMatrix(list, logPolicies, [1, 1, 1]);
  reward.forEach((row, i) => {
    row.forEach((value, j) => {
      assert.ok(Math.abs(value - problem.exact.reward[i][j]) < 0.05, `L ${i} ${j}`);
    });
  });
  const found = logLinear(
    list,
    logPolicies,
    reward.map((row, k) => row[k]),
    protection,
  );
  exact.lambda.forEach((lambda, k) => {
    assert.ok(Math.abs(lambda - found.lambda[k]) < 0.06);
  });
  assert.ok(Math.abs(exact.value - found.value) < 0.02);
  assert.ok(effective.every((n) => n > 60 && n <= 240));
});

test('intervals of weights and value hold the exact ones at about their rate', () => {
  const { list, logPolicies } = randomPolicies(9, 2, 2000, 1);
  const exact = minMax(regretMatrix(list, logPolicies, [1, 1]).matrix);
  let weight = 0;
  let value = 0;
  const rounds = 120;
  for (let round = 0; round < rounds; round++) {
    const draw = random(round, 5);
    const prompts = choosePrompts(2000, 60, draw);
    const types = logPolicies.map((policy) => drawRatios(list, logPolicies, policy, prompts, 4, draw));
    const found = bootstrapIntervals(types, [1, 1], [], { draws: 200, seed: round });
    if (found.weights[0][0] <= exact.weights[0] && exact.weights[0] <= found.weights[0][1]) weight++;
    if (found.value[0] <= exact.value && exact.value <= found.value[1]) value++;
  }
  assert.ok(weight / rounds > 0.88 && value / rounds > 0.85, `${weight / rounds} ${value / rounds}`);
});

test('the interval of a difference between policies: a policy against itself is exactly 0', () => {
  const { types } = sampled(3, toy(10), 30, 4);
  const one = [{ coefficient: 1, samples: types[0] }];
  const two = [{ coefficient: 1, samples: types[1] }];
  const found = bootstrapIntervals(types, [1, 1, 1], [one, one, two], { draws: 100, seed: 1 });
  assert.deepEqual(found.difference.slice(0, 2), [
    [0, 0],
    [0, 0],
  ]);
  assert.ok(found.difference[2][0] < found.difference[2][1]);
  assert.deepEqual(found, bootstrapIntervals(types, [1, 1, 1], [one, one, two], { draws: 100, seed: 1 }));
});

test('a pilot says how many responses reach a standard error, and when only more prompts help', () => {
  const problem = toy(11);
  const { types } = sampled(4, problem, POPULATION, 8);
  const now = Math.max(...monteCarloRegret(types, [1, 1, 1], POPULATION).standardError.flat());
  const plan = planResponses(types, [1, 1, 1], POPULATION, { target: now / 2, most: 1000 });
  assert.ok(Math.abs(plan.responses - 32) <= 1 && !plan.promptsLimit, `${plan.responses}`);
  const reached = sampled(5, problem, POPULATION, plan.responses);
  const error = Math.max(...monteCarloRegret(reached.types, [1, 1, 1], POPULATION).standardError.flat());
  assert.ok(Math.abs(error / (now / 2) - 1) < 0.15, `${error} of ${now / 2}`);
  const few = sampled(6, problem, 10, 8);
  const limited = planResponses(few.types, [1, 1, 1], POPULATION, { target: now / 20, most: 1000 });
  assert.ok(limited.promptsLimit && limited.responses < 1000);
});
