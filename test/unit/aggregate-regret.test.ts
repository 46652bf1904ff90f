import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregate } from '../../src/aggregate/aggregate';
import { mixturePolicy } from '../../src/aggregate/candidates';
import { multiply } from '../../src/regret/matrix';
import { regretMatrix, regretOf } from '../../src/aggregate/regret-matrix';
import { sensitivity } from '../../src/aggregate/sensitivity';
import { policyFromReward, type ResponseList } from '../../src/policy/response-policy';
import { randomPolicies } from './aggregate-policies';

const list = (logReference: number[], start: number[]): ResponseList => ({
  prompts: start.length - 1,
  start: Uint32Array.from(start),
  response: Int32Array.from(logReference.keys()),
  logReference: Float64Array.from(logReference),
});

test('the regret matrix of two types over one prompt, by hand', () => {
  const one = list([Math.log(0.5), Math.log(0.5)], [0, 2]);
  const a = Float64Array.from([Math.log(0.8), Math.log(0.2)]);
  const b = Float64Array.from([Math.log(0.4), Math.log(0.6)]);
  const { reward, matrix, protection } = regretMatrix(one, [a, b], [1, 2]);
  const own = 0.8 * Math.log(1.6) + 0.2 * Math.log(0.4);
  const under = 0.4 * Math.log(1.6) + 0.6 * Math.log(0.4);
  assert.ok(Math.abs(reward[0][0] - own) < 1e-15 && Math.abs(reward[0][1] - under) < 1e-15);
  assert.ok(Math.abs(matrix[0][1] - (own - under)) < 1e-15);
  const second = 0.4 * Math.log(0.8) + 0.6 * Math.log(1.2) - (0.8 * Math.log(0.8) + 0.2 * Math.log(1.2));
  assert.ok(Math.abs(matrix[1][0] - 2 * second) < 1e-15);
  assert.deepEqual([matrix[0][0], matrix[1][1], ...protection], [0, 0, 1, 2]);
});

test('prompts count equally however many responses they have, and prompts without responses not at all', () => {
  const half = Math.log(0.5);
  const sharp = [Math.log(0.9), Math.log(0.1)];
  const quarter = Math.log(0.25);
  const wide = list([half, half, quarter, quarter, quarter, quarter], [0, 2, 2, 6]);
  const policy = Float64Array.from([...sharp, quarter, quarter, quarter, quarter]);
  const kl = 0.9 * Math.log(1.8) + 0.1 * Math.log(0.2);
  assert.ok(Math.abs(regretMatrix(wide, [policy], []).reward[0][0] - kl / 2) < 1e-15);
});

test('a response that the reference rules out adds nothing', () => {
  const barred = list([Math.log(0.5), Math.log(0.5), -Infinity], [0, 3]);
  const policies = [[1, 0, 5], [0, 1, 9]].map((r) => policyFromReward(barred, Float64Array.from(r), 1)); // prettier-ignore
  const plain = list([Math.log(0.5), Math.log(0.5)], [0, 2]);
  const without = [[1, 0], [0, 1]].map((r) => policyFromReward(plain, Float64Array.from(r), 1)); // prettier-ignore
  const { matrix } = regretMatrix(barred, policies, []);
  assert.deepEqual(matrix, regretMatrix(plain, without, []).matrix);
  assert.equal(mixturePolicy(policies, [0.5, 0.5])[2], -Infinity);
});

test('protection weights are checked', () => {
  const { list: some, logPolicies } = randomPolicies(1, 2, 3, 1);
  assert.throws(() => regretMatrix(some, logPolicies, [1, 1, 1]), /3 weights but there are 2 types/);
  assert.throws(() => regretMatrix(some, logPolicies, [1, -1]), /type 2 is -1/);
  assert.deepEqual(regretMatrix(some, logPolicies, [3]).protection, [3, 1]);
});

test('the regret of the mixture is R·w, and of a type its column', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { list: some, logPolicies } = randomPolicies(seed, 4, 6, 3);
    const found = aggregate({
      list: some,
      logPolicies,
      plain: logPolicies[1],
      protection: [2, 1, 0.5],
      solver: 'exact',
      names: ['a', 'b', 'c', 'd'],
    });
    const { matrix, weights, value } = found.summary;
    const mixture = found.candidates.find((c) => c.kind === 'mixture')!;
    multiply(matrix, weights).forEach((r, i) => { assert.ok(Math.abs(r - mixture.regret[i]) < 1e-10); }); // prettier-ignore
    assert.ok(Math.abs(Math.max(0, mixture.worst) - value) < 1e-10);
    found.candidates.slice(0, 4).forEach((c, j) => {
      c.regret.forEach((r, i) => { assert.ok(Math.abs(r - matrix[i][j]) < 1e-10); }); // prettier-ignore
    });
    assert.deepEqual(found.candidates.map((c) => c.kind), ['type', 'type', 'type', 'type', 'plain-dpo', 'mixture', 'loglinear']); // prettier-ignore
    assert.deepEqual(found.candidates[4].regret, found.candidates[1].regret);
  }
});

test('one type: nobody regrets anything, and the reference policy is not needed', () => {
  const { list: some, logPolicies } = randomPolicies(5, 1, 4, 2);
  const found = aggregate({ list: some, logPolicies, protection: [], solver: 'exact', names: ['all'] });
  assert.deepEqual([found.summary.value, found.summary.gap, ...found.summary.weights], [0, 0, 1]);
  assert.deepEqual(found.candidates.map((c) => c.kind), ['type', 'mixture', 'loglinear']); // prettier-ignore
});

test('a policy that suits a type better than its own raises an alarm that names both and the amount', () => {
  const { list: some } = randomPolicies(2, 1, 3, 1);
  const mild = policyFromReward(
    some,
    Float64Array.from(some.response, (i) => i % 3),
    1,
  );
  const strong = policyFromReward(
    some,
    Float64Array.from(some.response, (i) => 3 * (i % 3)),
    1,
  );
  const found = aggregate({
    list: some,
    logPolicies: [mild, strong],
    protection: [4, 1],
    solver: 'exact',
    names: ['mild', 'strong'],
  });
  assert.equal(found.alarms.length, 1);
  assert.equal(found.alarms[0].code, 'aggregate/negative-regret');
  const gain = -found.summary.matrix[0][1] / 4;
  assert.ok(
    found.alarms[0].message.includes('strong suits mild') &&
      found.alarms[0].message.includes(gain.toPrecision(3)),
  );
});

test('sensitivity solves the same problem at β/3 and 3β', () => {
  const { list: some, rewards } = randomPolicies(9, 3, 5, 0.3);
  const names = ['a', 'b', 'c'];
  const rows = sensitivity({
    list: some,
    rewards,
    plainReward: rewards[0],
    beta: 0.3,
    protection: [],
    solver: 'exact',
    names,
  });
  assert.deepEqual(rows.map((row) => row.beta.toFixed(12)), ['0.100000000000', '0.900000000000']); // prettier-ignore
  const logPolicies = rewards.map((reward) => policyFromReward(some, reward, rows[1].beta));
  const direct = aggregate({ list: some, logPolicies, protection: [], solver: 'exact', names });
  assert.deepEqual(rows[1].weights, direct.summary.weights);
  assert.equal(rows[1].candidates.length, 6);
  assert.ok(rows[0].value > rows[1].value, 'a smaller β makes policies, and so regrets, more extreme');
  assert.ok(!('policy' in rows[0].candidates[0]), 'policies are not part of the result file');
});

test('the regret of the reference policy is what a type gains from its own', () => {
  const { list: some, logPolicies } = randomPolicies(11, 2, 4, 1);
  const regret = regretMatrix(some, logPolicies, []);
  const reference = regretOf(some, logPolicies, regret, some.logReference);
  reference.forEach((r, i) => { assert.ok(r >= regret.reward[i][i], 'KL(π_ref‖π_i) is never negative'); }); // prettier-ignore
});
