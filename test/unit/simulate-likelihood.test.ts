import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { rankingLogLikelihood } from '../../src/dataset/simulate/ranking-likelihood';
import { simulate, simulateParametric } from '../../src/dataset/simulate/simulate';
import type { Truth } from '../../src/dataset/simulate/truth';
import { twoTypes } from './simulate-populations';

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    permutations(items.filter((i) => i !== first)).map((rest) => [first, ...rest]),
  );
}

/** Σ over all complete orders that agree with the ranking of their probabilities, over the orders its ties allow. */
function bruteForce(utility: readonly number[], ranking: CanonicalRecord['ranking']): number {
  const levels = ranking.map((level) => (typeof level === 'number' ? [level] : level));
  const levelOf = utility.map((_, i) => levels.findIndex((level) => level.includes(i)));
  const rank = levelOf.map((level) => (level < 0 ? levels.length : level));
  let sum = 0;
  for (const order of permutations([...utility.keys()])) {
    if (!order.every((i, at) => at === 0 || rank[order[at - 1]] <= rank[i])) continue;
    let probability = 1;
    order.forEach((i, at) => {
      probability *= Math.exp(utility[i]) / order.slice(at).reduce((s, j) => s + Math.exp(utility[j]), 0);
    });
    sum += probability;
  }
  const orders = levels.reduce((product, { length }) => product * [1, 1, 2, 6, 24, 120][length], 1);
  return sum / orders;
}

const ranked = fc
  .array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 2, maxLength: 5 })
  .chain((utility) =>
    fc.record({
      utility: fc.constant(utility),
      order: fc.shuffledSubarray([...utility.keys()], { minLength: 1 }),
      cuts: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    }),
  )
  .map(({ utility, order, cuts }) => {
    const levels: number[][] = [];
    order.forEach((option, i) => {
      if (i === 0 || cuts[i]) levels.push([option]);
      else levels[levels.length - 1].push(option);
    });
    return { utility, ranking: levels.map((level) => (level.length === 1 ? level[0] : level)) };
  });

test('the likelihood of a ranking is the sum over all complete orders that agree with it', () => {
  fc.assert(
    fc.property(ranked, ({ utility, ranking }) => {
      const expected = Math.log(bruteForce(utility, ranking));
      assert.ok(
        Math.abs(rankingLogLikelihood(utility, ranking) - expected) < 1e-9 * (1 + Math.abs(expected)),
      );
    }),
  );
});

test('closed forms: a tied pair is log ½, utilities far apart do not overflow', () => {
  assert.ok(Math.abs(rankingLogLikelihood([3, -1], [[0, 1]]) - Math.log(0.5)) < 1e-12);
  assert.equal(rankingLogLikelihood([0, 2000], [0, 1]), -2000);
  assert.ok(Math.abs(rankingLogLikelihood([0, 2000, 0], [[0, 2]]) + 4000) < 2);
});

/** Types found by the rewards in the truth file alone, from the records as they are written. */
function accuracy(truth: Truth, records: Iterable<CanonicalRecord>, utility: Utility): number {
  const posterior = new Map(
    truth.annotators.map((a) => [a.annotator, truth.types.map((type) => type.share)]),
  );
  for (const record of records) {
    const p = posterior.get(record.annotator ?? '') ?? [];
    p.forEach((_, k) => (p[k] *= bruteForce(utility(record, k), record.ranking)));
  }
  const right = truth.annotators.filter(({ annotator, type }) => {
    const p = posterior.get(annotator) ?? [];
    return truth.types[p.indexOf(Math.max(...p))].name === type;
  });
  return right.length / truth.annotators.length;
}

type Utility = (record: CanonicalRecord, type: number) => number[];

test('the ideal accuracy is that of Bayes’ rule by brute force, ties and careless annotators included', () => {
  for (const seed of [1, 2, 3]) {
    const { records, truth } = simulate(twoTypes(60, { ties: 0.3, careless: 0.1, taste: 0.4 }), seed);
    const rewards: Utility = ({ prompt, responses }, k) => {
      const known = (truth.prompts ?? []).find((x) => x.prompt === prompt);
      return responses.map((text) => known?.rewards[k][known.responses.indexOf(text)] ?? NaN);
    };
    assert.equal(truth.idealAccuracy, accuracy(truth, records, rewards));
    assert.ok(truth.idealAccuracy < 1, 'a test that everybody passes would show nothing');
  }
});

test('without shared prompts the rewards are scale · featuresᵀ weights of the truth', () => {
  const { records, truth } = simulateParametric(
    {
      types: 3,
      features: 2,
      prompts: 'fresh',
      responses: 3,
      annotators: 100,
      records: [1, 3],
      scale: 0.8,
      ties: 0.1,
    },
    4,
  );
  assert.equal(truth.prompts, undefined);
  const linear: Utility = ({ features }, k) =>
    (features as readonly (readonly number[])[]).map((phi) =>
      phi.reduce((sum, value, j) => sum + 0.8 * value * (truth.types[k].weights as readonly number[])[j], 0),
    );
  assert.equal(truth.idealAccuracy, accuracy(truth, records, linear));
});

test('the symmetric control has the accuracy of an ideal classifier that its pairs allow', () => {
  const types = [[1.5, -1, 0.5, 0], [-1.5, 1, -0.5, 0]].map((weights) => ({ share: 0.5, weights })); // prettier-ignore
  const { truth } = simulateParametric(
    { types, prompts: 'fresh', responses: 2, annotators: 20_000, records: 1 },
    5,
  );
  // one pair: right with probability E σ(|z|), z = 2-sided difference ~ N(0, 2|b|²); Simpson's rule
  const sd = Math.sqrt(2 * 3.5);
  const steps = 2000;
  let expected = 0;
  for (let i = 0; i <= steps; i++) {
    const z = -8 + (16 * i) / steps;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    expected += (weight * Math.exp((-z * z) / 2)) / (1 + Math.exp(-sd * Math.abs(z)));
  }
  expected *= 16 / steps / 3 / Math.sqrt(2 * Math.PI);
  const bound = 4 * Math.sqrt((expected * (1 - expected)) / 20_000);
  assert.ok(Math.abs(truth.idealAccuracy - expected) < bound, `${truth.idealAccuracy}, expected ${expected}`);
});
