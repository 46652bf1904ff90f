/** Other protection weights than a run's: what the panel solves is what training with them would solve. */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { aggregate } from '../../src/aggregate/aggregate';
import { multiply } from '../../src/regret/matrix';
import { reweigh } from '../../src/regret/reweigh';
import { randomPolicies } from './aggregate-policies';

const near = (actual: readonly number[], expected: readonly number[], tolerance: number) => {
  actual.forEach((value, k) => {
    assert.ok(Math.abs(value - expected[k]) <= tolerance, `${actual.join()} is not ${expected.join()}`);
  });
};

describe('other protection weights', () => {
  test('give what a run with these weights gives', () => {
    const weight = fc.double({ min: 0.05, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.array(fc.tuple(weight, weight), { minLength: 1, maxLength: 5 }),
        (seed, weights) => {
          const [had, wanted] = [weights.map(([c]) => c), weights.map(([, c]) => c)];
          const { list, logPolicies } = randomPolicies(seed, weights.length, 6, 2);
          const train = (protection: readonly number[]) =>
            aggregate({
              ...{ list, logPolicies, protection, solver: 'exact' },
              names: weights.map((_, k) => `type ${k + 1}`),
            }).summary;
          const run = train(had);
          const there = train(wanted);
          const here = reweigh(run.matrix, run.protection, wanted);
          const size = Math.max(1, ...there.matrix.flat().map(Math.abs));
          near(here.matrix.flat(), there.matrix.flat(), 1e-12 * size);
          near([here.value, here.gap], [there.value, there.gap], 1e-9 * size);
          // where several weights are best the two may differ, but each is best for the other’s regrets
          near([Math.max(0, ...multiply(there.matrix, here.weights))], [there.value], 1e-9 * size);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of two types: w₁ = c₁a / (c₁a + c₂b), and the value is c₁c₂ab / (c₁a + c₂b)', () => {
    const [a, b, c1, c2] = [3, 0.7, 2.5, 0.4];
    const regret = [
      [0, a],
      [b, 0],
    ];
    const { weights, value, adversary, gap } = reweigh(regret, [1, 1], [c1, c2]);
    const sum = c1 * a + c2 * b;
    near([...weights, value], [(c1 * a) / sum, (c2 * b) / sum, (c1 * a * c2 * b) / sum], 1e-12);
    near([...adversary, gap], [(c2 * b) / sum, (c1 * a) / sum, 0], 1e-12);
  });

  test('the same weights change nothing, and those without an answer are refused', () => {
    const regret = [
      [0, 0.31],
      [0.17, 0],
    ];
    assert.deepEqual(reweigh(regret, [0.3, 0.7], [0.3, 0.7]).matrix, regret);
    assert.equal(reweigh(regret, [1, 1], [0, 1]).value, 0);
    const zeroed = [
      [0, 0],
      [0.17, 0],
    ];
    assert.throws(() => reweigh(zeroed, [0, 1], [1, 1]), /Type 1 had protection 0.*train with a weight/);
    assert.throws(() => reweigh(regret, [1, 1], [-1, 1]), /type 1 is -1: give a number/);
    assert.throws(() => reweigh(regret, [1, 1], [1]), /2 types/);
  });
});
