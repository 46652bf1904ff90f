import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { readText } from '../../src/dataset/read';
import { simulateParametric } from '../../src/dataset/simulate/simulate';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import { random } from '../../src/random';
import { fitMixture } from '../../src/training/fit';
import { annotatorFolds, withoutAnnotators } from '../../src/training/folds';
import { heldOutLikelihoods, meanWithError, recommendTypes } from '../../src/training/held-out';
import { makeProblem } from '../../src/training/problem';

const POLICY = { kind: 'loglinear', features: 'given', dimensions: 2 } as const;
const EM = {
  starts: 2,
  tolerance: 1e-5,
  iterations: 300,
  prior: 0,
  seed: 1,
  breathe: () => Promise.resolve(),
  onIteration: () => undefined,
};

async function simulated(types: number, annotators: number, seed: number) {
  const { records } = simulateParametric(
    {
      types,
      annotators,
      prompts: 'fresh',
      responses: 3,
      features: 3,
      records: 8,
      formats: [{ format: 'ranking', share: 1 }],
      scale: 2,
    },
    seed,
  );
  const lines = [...records].map((record) => canonicalLine(record) + '\n').join('');
  const { table } = await readText(lines, { name: 'simulated.jsonl', form: 'canonical' });
  const alternatives = chooseAlternatives(table, POLICY);
  const problem = makeProblem(table, alternatives.of, alternatives.count, {
    unranked: 'offered',
    ties: 'average',
  });
  return { table, problem, model: makeModel(table, POLICY, alternatives, problem.components) };
}

test('folds hold every annotator out once and train on the others', async () => {
  const { problem } = await simulated(2, 37, 3);
  for (const folds of [2, 5, 10]) {
    const parts = annotatorFolds(problem, folds, random(4));
    const held = parts.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b);
    assert.deepEqual(held, [...problem.profileOf.keys()]);
    for (const { training, heldOut } of parts) {
      assert.ok(heldOut.length >= Math.floor(37 / folds) && heldOut.length <= Math.ceil(37 / folds));
      assert.equal(training.annotators, 37 - heldOut.length);
      assert.equal(
        training.profileCount.reduce((sum, n) => sum + n, 0),
        training.annotators,
      );
      assert.ok(heldOut.every((person) => training.profileOf[person] === -1));
    }
  }
});

test('leaving annotators out is the same as never having read them', async () => {
  const { problem, model } = await simulated(1, 12, 5);
  const left = Int32Array.of(0, 5, 6);
  const options = { ...EM, types: 1 };
  const one = await fitMixture(withoutAnnotators(problem, left), model, options);
  const counts = problem.profileCount.slice();
  for (const person of left) counts[problem.profileOf[person]]--;
  const weighted = { ...problem, annotators: 9, profileCount: counts };
  const other = await fitMixture(weighted, model, options);
  assert.deepEqual(one.mixture.theta, other.mixture.theta);
  assert.notEqual(one.logLikelihood, (await fitMixture(problem, model, options)).logLikelihood);
});

test('held-out likelihood finds the number of types that were planted', async () => {
  for (const types of [1, 2]) {
    const { problem, model } = await simulated(types, 120, 10 + types);
    const likelihoods = [];
    for (const k of [1, 2, 3]) {
      likelihoods.push(await heldOutLikelihoods(problem, model, { ...EM, types: k, folds: 4 }));
    }
    assert.equal(recommendTypes(likelihoods).recommended + 1, types);
  }
});

test('an annotator’s held-out likelihood does not depend on what they said', async () => {
  // with one type, what the others said decides; so a likelihood that used the annotator's own records is higher
  const { problem, model } = await simulated(1, 10, 8);
  const options = { ...EM, types: 1, folds: 10 };
  const heldOut = meanWithError(await heldOutLikelihoods(problem, model, options)).mean;
  const fitted = (await fitMixture(problem, model, options)).logLikelihood / problem.annotators;
  assert.ok(heldOut < fitted, `${heldOut} ${fitted}`);
});

test('the smallest number of types within one standard error of the best is recommended', () => {
  const noise = (scale: number, seed: number) => {
    const source = random(seed);
    return Float64Array.from({ length: 400 }, () => scale * source.normal());
  };
  const base = noise(5, 1);
  const plus = (gain: number, jitter: number, seed: number) =>
    noise(jitter, seed).map((e, i) => base[i] + gain + e);
  // 2 is far worse; 3 and 4 differ by noise only, though 4 has the highest mean; the spread of base does not matter
  const likelihoods = [plus(-2, 0.1, 2), plus(0, 0.1, 3), plus(0.001, 0.1, 4)];
  assert.equal(recommendTypes(likelihoods).recommended, 1);
  assert.equal(recommendTypes([plus(0, 0.1, 3), plus(1, 0.1, 4)]).recommended, 1);
});

test('the rule never recommends more types than the best one has', () => {
  const row = fc.array(fc.double({ min: -50, max: 0, noNaN: true }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const { recommended, best } = recommendTypes(rows.map((each) => Float64Array.from(each)));
      assert.ok(recommended >= 0 && recommended <= best);
    }),
  );
});
