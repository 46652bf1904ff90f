import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregate } from '../../src/aggregate/aggregate';
import { mixturePolicy } from '../../src/aggregate/candidates';
import {
  aggregateLanguage,
  type LanguageAggregateInput,
  type RatioSampler,
} from '../../src/aggregate/language/aggregate-language';
import { logRatio } from '../../src/aggregate/expectation';
import type { PolicySource } from '../../src/aggregate/language/policy-source';
import { policyFromReward, type LogPolicy } from '../../src/policy/response-policy';
import { random } from '../../src/random';
import { randomPolicies } from './aggregate-policies';
import { choosePrompts, drawRatios } from './language-regret-toy';

const POPULATION = 150;

/** Tabular policies behind the interface that language models have, and what is exact about them. */
function toy(seed: number, m: number) {
  const { list, logPolicies, rewards } = randomPolicies(seed, 3, POPULATION, 1);
  const mean = rewards[0].map((r, i) => (r + rewards[1][i] + rewards[2][i]) / 3);
  const plain = policyFromReward(list, mean, 1);
  const draw = random(seed, 8);
  const prompts = choosePrompts(POPULATION, m, draw);
  let learnt: LogPolicy | undefined;
  const tilted = (exponents: readonly number[]) => {
    const ratios = logPolicies.map((policy) => logRatio(list, policy));
    const sum = Float64Array.from(list.response, (_, i) =>
      exponents.reduce((total, a, k) => total + a * ratios[k][i], 0),
    );
    return policyFromReward(list, sum, 1);
  };
  const policyOf = (source: PolicySource): LogPolicy => {
    if (source.kind === 'type') return logPolicies[source.type];
    if (source.kind === 'reference') return list.logReference;
    if (source.kind === 'plain-dpo') return plain;
    if (source.kind === 'loglinear') return tilted(source.exponents);
    if (source.kind === 'mixture') return mixturePolicy(logPolicies, source.weights);
    assert.ok(learnt, 'the distilled policy was asked for before it was trained');
    return learnt;
  };
  const sampler: RatioSampler = {
    prompts: m,
    population: POPULATION,
    sample: (source, n) =>
      Promise.resolve({ ...drawRatios(list, logPolicies, policyOf(source), prompts, n, draw), cut: 0 }),
  };
  const names = ['type 1', 'type 2', 'type 3'];
  const input: LanguageAggregateInput = {
    sampler,
    responses: 40,
    names,
    protection: [1, 2],
    solver: 'exact',
    seed: 1,
    plain: true,
    distil: (weights) => {
      learnt = mixturePolicy(logPolicies, weights);
      return Promise.resolve();
    },
  };
  const exact = aggregate({ list, logPolicies, plain, names, protection: [1, 2], solver: 'exact' });
  return { input, exact };
}

test('sampled policies give the regrets, weights and candidates of the exact aggregation within their errors', async () => {
  const { input, exact } = toy(1, POPULATION);
  const { summary, candidates, alarms, exponents } = await aggregateLanguage(input);
  assert.ok(summary.standardError && summary.intervals);
  summary.matrix.forEach((row, i) => {
    row.forEach((value, j) => {
      assert.ok(Math.abs(value - exact.summary.matrix[i][j]) <= 4.5 * summary.standardError![i][j] + 1e-12);
    });
  });
  const [low, high] = summary.intervals.value;
  assert.ok(low < exact.summary.value && exact.summary.value < high);
  summary.weights.forEach((w, k) => {
    assert.ok(Math.abs(w - exact.summary.weights[k]) < 0.1);
    assert.ok(summary.intervals!.weights[k][0] <= w && w <= summary.intervals!.weights[k][1]);
  });
  assert.ok(Math.abs(summary.gap) < 1e-9);
  assert.deepEqual(summary.sampling, { prompts: POPULATION, population: POPULATION, responses: 40, cut: 0 });
  assert.deepEqual(candidates.map(({ kind }) => kind), ['type', 'type', 'type', 'plain-dpo', 'mixture', 'loglinear', 'distilled']); // prettier-ignore
  for (const { name, kind, regret, standardError, worst, worstInterval, weights } of candidates) {
    const expected = exact.candidates.find(
      (c) => c.kind === (kind === 'distilled' ? 'mixture' : kind) && (kind !== 'type' || c.name === name),
    );
    assert.ok(expected && standardError && worstInterval);
    regret.forEach((value, i) => {
      // weights chosen on samples are a little off too
      assert.ok(
        Math.abs(value - expected.regret[i]) <= 5 * standardError[i] + 0.02,
        `${name} ${i}: ${value} ${expected.regret[i]}`,
      );
    });
    assert.equal(worst, Math.max(...regret));
    assert.ok(worstInterval[0] <= expected.worst + 0.02 && expected.worst - 0.02 <= worstInterval[1], name);
    if (kind === 'loglinear')
      weights!.forEach((l, k) => {
        assert.ok(Math.abs(l - expected.weights![k]) < 0.1);
      });
  }
  const logLinear = candidates.find(({ kind }) => kind === 'loglinear')!;
  exponents.forEach((a, k) => {
    assert.equal(a, logLinear.weights![k] * [1, 2, 1][k]);
  });
  const plain = candidates.find(({ kind }) => kind === 'plain-dpo')!;
  assert.deepEqual(plain.worstAgainstPlain, [0, 0]);
  // within a prompt a table is a whole response: token by token is exact
  assert.ok(!alarms.some(({ code }) => code === 'aggregate/log-linear-by-token'));
  assert.ok(!alarms.some(({ code }) => code === 'aggregate/uncertain-regret'));
});

test('the same seed gives the same result; a run without plain DPO and distillation has neither', async () => {
  const results = [];
  for (let i = 0; i < 2; i++) {
    const { input } = toy(2, 30);
    results.push(await aggregateLanguage({ ...input, plain: false, distil: undefined, responses: 4 }));
  }
  assert.deepEqual(results[0], results[1]);
  assert.deepEqual(results[0].candidates.map(({ kind }) => kind), ['type', 'type', 'type', 'mixture', 'loglinear']); // prettier-ignore
  assert.ok(results[0].candidates.every(({ worstAgainstPlain }) => worstAgainstPlain === undefined));
});

test('with one type plain DPO is that type: its samples are shared, and its regret is 0', async () => {
  const { input } = toy(3, 20);
  const asked: string[] = [];
  const sampler: RatioSampler = {
    ...input.sampler,
    sample: async (source, n) => {
      asked.push(source.kind);
      const sampled = await input.sampler.sample(source, n);
      return { ...sampled, ratio: sampled.ratio.slice(0, 1) };
    },
  };
  const { candidates } = await aggregateLanguage({
    ...input,
    sampler,
    names: ['type 1'],
    protection: [],
    distil: undefined,
  });
  assert.deepEqual(asked, ['type', 'reference', 'loglinear']);
  const plain = candidates.find(({ kind }) => kind === 'plain-dpo')!;
  assert.equal(plain.worst, 0);
  assert.deepEqual(plain.standardError, [0]);
});

test('alarms: few samples, cut responses, negative regrets only beyond their error', async () => {
  const { input } = toy(3, 4);
  const rough = await aggregateLanguage({
    ...input,
    responses: 2,
    plain: false,
    distil: undefined,
    sampler: {
      ...input.sampler,
      sample: async (source, n) => ({ ...(await input.sampler.sample(source, n)), cut: 4 }),
    },
  });
  const codes = rough.alarms.map(({ code }) => code);
  assert.ok(codes.includes('aggregate/uncertain-regret') && codes.includes('aggregate/cut-responses'));
  assert.match(rough.alarms.find(({ code }) => code === 'aggregate/cut-responses')!.message, /^50 %/);

  // type 1's policy is a mild version of type 2's: what type 2 writes suits type 1 better than its own
  const { list, logPolicies } = randomPolicies(5, 1, 60, 1);
  const mild = policyFromReward(list, logRatio(list, logPolicies[0]).map((r) => r / 4), 1); // prettier-ignore
  const types = [mild, logPolicies[0]];
  const all = Int32Array.from({ length: 60 }, (_, x) => x);
  const draw = random(9);
  const sampler: RatioSampler = {
    prompts: 60,
    population: 60,
    sample: (source, n) => {
      const policy = source.kind === 'type' ? types[source.type] : list.logReference;
      return Promise.resolve({ ...drawRatios(list, types, policy, all, n, draw), cut: 0 });
    },
  };
  const names = ['mild', 'strong'];
  const { alarms } = await aggregateLanguage({
    ...input,
    sampler,
    names,
    protection: [],
    plain: false,
    distil: undefined,
  });
  const negative = alarms.filter(({ code }) => code === 'aggregate/negative-regret');
  assert.equal(negative.length, 1);
  assert.match(negative[0].message, /^The policy of strong suits mild better/);
});

test('one response to a prompt is refused: errors could not be told', async () => {
  const { input } = toy(4, 5);
  await assert.rejects(aggregateLanguage({ ...input, responses: 1 }), /at least 2 responses/);
});
