import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mixturePolicy } from '../../src/aggregate/candidates';
import { comparedRegrets, crosswise, halfWeights, halved } from '../../src/aggregate/language/compared';
import { worstRegrets } from '../../src/aggregate/worst-regret';
import { random, type Random } from '../../src/random';
import { randomPolicies } from './aggregate-policies';
import { choosePrompts, drawRatios } from './language-regret-toy';

const PROTECTION = [1, 2, 1];
const POPULATION = 60;

/** Three judges, a method with two types of its own, and the judges' own min-max mixture; drawn as models are. */
function drawn(prompts: number, responses: number, source: Random) {
  const { list, logPolicies } = randomPolicies(5, 5, POPULATION, 1);
  const [judges, types] = [logPolicies.slice(0, 3), logPolicies.slice(3)];
  const asked = choosePrompts(POPULATION, prompts, source);
  const sample = (by: typeof judges, from: typeof judges) =>
    from.map((policy) => halved(drawRatios(list, by, policy, asked, responses, source)));
  return { list, judges, types, own: sample(judges, judges), judged: sample(judges, types) };
}

const WEIGHTS = [
  [0.9, 0.1],
  [0.5, 0.5],
] as const;

test('sampled regrets under judges who are not the method’s own types agree with the exact ones within their errors', () => {
  const { list, judges, types, own, judged } = drawn(POPULATION, 60, random(1));
  const [first] = comparedRegrets(own, [crosswise(WEIGHTS, judged)], PROTECTION, POPULATION, 1);
  const policy = mixturePolicy(types, [0.7, 0.3]);
  const [exact] = worstRegrets(list, { logPolicies: judges, protection: PROTECTION }, [policy], 1);
  first.regret.forEach((value, i) => {
    const error = first.standardError[i];
    assert.ok(error > 0 && error < 0.1);
    assert.ok(Math.abs(value - exact.regret[i]) < 4.5 * error, `type ${i}: ${value} for ${exact.regret[i]}`);
  });
  assert.equal(first.worst, Math.max(...first.regret));
  const [low, high] = first.worstInterval!;
  assert.ok(low < exact.worst && exact.worst < high);
  assert.equal(first.worstAgainstFirst, undefined);
});

test('standard errors are as large as the spread of repeated draws', () => {
  const source = random(2);
  const draws = Array.from({ length: 300 }, () => {
    const { own, judged } = drawn(POPULATION, 6, source);
    const both = crosswise(
      [
        [0.6, 0.3, 0.1],
        [0.2, 0.4, 0.4],
      ],
      own,
    );
    // the second policy is a mixture of the judges themselves: their samples are shared, and must not be counted twice
    return comparedRegrets(own, [crosswise(WEIGHTS, judged), both], PROTECTION, POPULATION, 3);
  });
  for (const p of [0, 1]) {
    for (const i of PROTECTION.keys()) {
      const values = draws.map((each) => each[p].regret[i]);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
      const error = draws.reduce((sum, each) => sum + each[p].standardError[i], 0) / draws.length;
      assert.ok(Math.abs(Math.log(error / spread)) < 0.2, `policy ${p}, type ${i}: ${error} for ${spread}`);
    }
  }
});

test('a judge’s own policy costs it nothing, and differences are from the first policy', () => {
  const { own, judged } = drawn(20, 4, random(4));
  const pure = crosswise(
    [
      [1, 0, 0],
      [1, 0, 0],
    ],
    own,
  );
  const [first, second] = comparedRegrets(own, [pure, crosswise(WEIGHTS, judged)], PROTECTION, POPULATION, 1);
  assert.ok(Math.abs(first.regret[0]) < 1e-12);
  assert.ok(first.standardError[0] < 1e-12);
  const [low, high] = second.worstAgainstFirst!;
  assert.ok(low <= second.worst - first.worst && second.worst - first.worst <= high);
  const few = drawn(4, 4, random(5));
  assert.equal(
    comparedRegrets(few.own, [crosswise(WEIGHTS, few.judged)], PROTECTION, POPULATION, 1)[0].worstInterval,
    undefined,
  );
});

test('weights come from either half of the responses, and one response cannot be halved', () => {
  const { own } = drawn(POPULATION, 8, random(6));
  const [first, second] = halfWeights(own, PROTECTION, POPULATION, 'exact');
  for (const weights of [first, second]) {
    assert.ok(Math.abs(weights.reduce((sum, w) => sum + w, 0) - 1) < 1e-9);
  }
  assert.notDeepEqual(first, second);
  const swapped = own.map(({ whole, halves: [a, b] }) => ({ whole, halves: [b, a] as const }));
  assert.deepEqual(halfWeights(swapped, PROTECTION, POPULATION, 'exact'), [second, first]);
  assert.throws(() => drawn(POPULATION, 1, random(7)), RangeError);
});
