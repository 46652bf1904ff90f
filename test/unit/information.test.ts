import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateParametric } from '../../src/dataset/simulate/simulate';
import { context } from '../../src/identify/context';
import { designInformation, spectrumAt } from '../../src/identify/information/design-information';
import { designPatterns } from '../../src/identify/information/design-patterns';
import { fisherInformation } from '../../src/identify/information/fisher';
import type { MixturePoint } from '../../src/identify/information/scores';
import { allOutcomes, outcomeCount } from '../../src/identify/information/outcomes';
import { factoredSpectrum } from '../../src/identify/information/factored-spectrum';
import { lanczosSpectrum } from '../../src/identify/information/lanczos';
import { sparseInformation } from '../../src/identify/information/sparse-scores';
import { designModel, gaugeOf } from '../../src/identify/information/model';
import { genericPoint, symmetricPoint } from '../../src/identify/information/points';
import { spectrum } from '../../src/identify/information/spectrum';
import { validateTable } from '../../src/identify/verdicts';
import { givenFeatures } from '../../src/policy/features';
import { loglinear } from '../../src/policy/loglinear';
import { random } from '../../src/random';
import { simulateItems, tableOf } from './mixtures';

const SYMMETRIC = {
  shares: [0.5, 0.5],
  weights: [
    [1, 0.5],
    [-1, -0.5],
  ],
};
const GENERIC = {
  shares: [0.4, 0.6],
  weights: [
    [1, 0.5],
    [-0.8, 0.9],
  ],
};
const EQUAL = {
  shares: [0.4, 0.6],
  weights: [
    [1, 0.5],
    [1, 0.5],
  ],
};

async function design(responses: number, records: number, favouriteOnly: boolean, annotators = 60) {
  const format = favouriteOnly
    ? ({ format: 'best-of', of: responses, share: 1 } as const)
    : ({ format: 'ranking', share: 1 } as const);
  const types = [{ share: 1, weights: [0, 0] }];
  const simulated = simulateParametric(
    { types, prompts: 'fresh', responses, annotators, records, formats: [format] },
    3,
  );
  const table = await tableOf(simulated.records);
  const model = loglinear(givenFeatures(table));
  return {
    design: designPatterns(
      table,
      Int32Array.from({ length: table.responses.size }, (_, y) => y),
    ),
    model,
  };
}

type Design = Awaited<ReturnType<typeof design>>;

function pointOf({ model, design: { records } }: Design, { shares, weights }: typeof GENERIC): MixturePoint {
  const alternatives = 1 + records.reduce((most, { offered }) => Math.max(most, ...offered), 0);
  const utility = weights.map((theta) => {
    const u = new Float64Array(alternatives);
    model.rewards(Float64Array.from(theta), u);
    return u;
  });
  return { shares, utility };
}

test('outcomes of a record are all there, and their probabilities sum to 1 for every type', () => {
  const record = { offered: Int32Array.of(0, 1, 2, 3), depth: 2 };
  const outcomes = allOutcomes(record, [Float64Array.of(1, 0, -1, 2), Float64Array.of(0, 0, 0, 0)]);
  assert.equal(outcomes.length, 12);
  assert.equal(outcomeCount(record), 12);
  for (const k of [0, 1]) {
    const sum = outcomes.reduce((total, { logProbability }) => total + Math.exp(logProbability[k]), 0);
    assert.ok(Math.abs(sum - 1) < 1e-12);
  }
});

test('a reward far above the others leaves their order its probability', () => {
  const utility = [Float64Array.of(2000, 0, 1), Float64Array.of(0, 2000, 1)];
  const outcomes = allOutcomes({ offered: Int32Array.of(0, 1, 2), depth: 2 }, utility);
  const better = Math.log(Math.E / (1 + Math.E));
  // 0 1 2, 0 2 1, 1 0 2, 1 2 0, 2 0 1, 2 1 0
  const expected = [better - 1, better, -2000, -3999, -1999, -3999];
  outcomes.forEach(({ logProbability, gradient }, i) => {
    assert.ok(Math.abs(logProbability[0] - expected[i]) < 1e-9, `${i}: ${logProbability[0]}`);
    assert.ok(gradient.every(Number.isFinite));
  });
});

for (const responses of [3, 6]) {
  test(`scores of ${responses} responses have mean 0, and information equals the differences of the log-probabilities`, async () => {
    const made = await design(responses, 1, false, 1);
    const { shares, weights } = GENERIC;
    const value = (eta: number, theta: number[]) => {
      const point = pointOf(made, { shares: [eta, 1 - eta], weights: [theta.slice(0, 2), theta.slice(2)] });
      return allOutcomes(made.design.records[0], point.utility).map(({ logProbability }) =>
        Math.log(
          point.shares[0] * Math.exp(logProbability[0]) + point.shares[1] * Math.exp(logProbability[1]),
        ),
      );
    };
    const parameters = [shares[0], ...weights.flat()];
    const at = (p: number[]) => value(p[0], p.slice(1));
    const h = 1e-5;
    const scores = parameters.map((_, i) => {
      const up = at(parameters.with(i, parameters[i] + h));
      const down = at(parameters.with(i, parameters[i] - h));
      return up.map((u, o) => (u - down[o]) / (2 * h));
    });
    const probability = at(parameters).map(Math.exp);
    const point = pointOf(made, GENERIC);
    const { matrix, size, exact } = fisherInformation(made.design, made.model, point, {
      seed: 1,
      budget: 1e9,
    });
    assert.ok(exact);
    for (let i = 0; i < size; i++) {
      assert.ok(Math.abs(probability.reduce((sum, p, o) => sum + p * scores[i][o], 0)) < 1e-8);
      for (let j = 0; j < size; j++) {
        const expected = probability.reduce((sum, p, o) => sum + p * scores[i][o] * scores[j][o], 0);
        assert.ok(Math.abs(matrix[i * size + j] - expected) < 1e-7);
      }
    }
  });
}

for (const [name, responses, records, favouriteOnly, ranks] of [
  ['one pair', 2, 1, false, [3, 5, 2]],
  ['best of three', 3, 1, true, [5, 5, 2]],
  ['a ranking of three', 3, 1, false, [5, 5, 2]],
  ['two pairs', 2, 2, false, [5, 5, 2]],
] as const) {
  test(`${name}: rank at the symmetric point, at a generic one, and for equal types`, async () => {
    const made = await design(responses, records, favouriteOnly);
    const found = [SYMMETRIC, GENERIC, EQUAL].map((point) => {
      const information = fisherInformation(made.design, made.model, pointOf(made, point), {
        seed: 1,
        budget: 1e9,
      });
      return spectrum(information, []).rank;
    });
    assert.deepEqual(found, ranks);
  });
}

test('drawn outcomes estimate what enumeration gives', async () => {
  const made = await design(3, 2, false, 400);
  const point = pointOf(made, GENERIC);
  const exact = fisherInformation(made.design, made.model, point, { seed: 1, budget: 1e10 });
  const drawn = fisherInformation(made.design, made.model, point, { seed: 1, budget: 3e6 });
  assert.ok(exact.exact && !drawn.exact && drawn.outcomes < exact.outcomes);
  const [a, b] = [exact, drawn].map((information) => spectrum(information, []).smallest);
  assert.ok(Math.abs(b / a - 1) < 0.25, `${a} ${b}`);
});

test('annotators that are drawn estimate what all of them give', async () => {
  const made = await design(3, 2, false, 3000);
  const point = pointOf(made, GENERIC);
  const information = (everyone: boolean) =>
    fisherInformation(made.design, made.model, point, { seed: 1, budget: 3e5, everyone });
  const all = information(true);
  const some = information(false);
  assert.ok(!all.drawn && some.drawn && some.outcomes < all.outcomes / 2);
  const [a, b] = [all, some].map((each) => spectrum(each, []).smallest);
  assert.ok(Math.abs(b / a - 1) < 0.25, `${a} ${b}`);
});

test('a feature that one of many annotators was asked about is not said to be unknown', async () => {
  const source = random(5);
  const table = await tableOf(
    Array.from({ length: 60 }, (_, h) => ({
      annotator: `h${h}`,
      prompt: `p${h}`,
      responses: ['a', 'b'],
      ranking: [0, 1],
      features: [
        [source.normal(), h === 40 ? 1 : 0],
        [source.normal(), 0],
      ],
    })),
  );
  const made = designModel(context(table, [1]));
  const point = genericPoint(made.model, made.alternatives, 1, 3);
  const few = fisherInformation(made.design, made.model, point, { seed: 20251015, budget: 1e3 });
  assert.ok(few.drawn && spectrum(few, []).rank === 1, 'those that are drawn do not know of it');
  const { result, information } = spectrumAt(made, point, 1e3);
  assert.equal(result.rank, 2);
  assert.equal(information.drawn, false);
});

test('a tabular design loses only its gauge: one constant a component and type', async () => {
  const rewards = [[1, 0, -1, 0.5]];
  const table = await tableOf(
    simulateItems({ annotators: 40, recordsEach: 4, offered: 3, ranked: 3, shares: [1], rewards }, 1),
  );
  const [one, two] = designInformation(context(table, [1, 2])).filter(({ at }) => at === 'generic');
  assert.equal(one.parameters, 3);
  assert.equal(one.rank, 3);
  assert.equal(two.parameters, 7);
  assert.equal(two.rank, 7);
  assert.ok(two.standardErrors && two.standardErrors.shares.length === 2);
  assert.ok(
    Math.abs(two.standardErrors.shares[0] - two.standardErrors.shares[1]) < 1e-9,
    'two shares sum to 1',
  );
});

test('single pairs of few items: singular in the worst case, and the finding says so', async () => {
  const rewards = [[1, 0, -1, 0.5]];
  const table = await tableOf(
    simulateItems({ annotators: 80, recordsEach: 1, offered: 2, ranked: 2, shares: [1], rewards }, 1),
  );
  const { design: found, findings } = validateTable(table, [], { types: 2, information: true });
  const symmetric = found.find(({ at }) => at === 'symmetric');
  assert.ok(symmetric && symmetric.rank < symmetric.parameters && symmetric.standardErrors === null);
  const finding = findings.find(({ code }) => code === 'identify/singular-information');
  assert.ok(finding);
  assert.match(finding.message, /without any information/);
});

test('the ends of a spectrum by one factor, and by Lanczos, are those of the whole decomposition', async () => {
  for (const [ranked, offered, point] of [
    [3, 3, 'generic'],
    [2, 2, 'symmetric'],
  ] as const) {
    const rewards = [[1, 0.3, -1, 0.5, 0.1, -0.4]];
    const records = simulateItems(
      { annotators: 60, recordsEach: 1, offered, ranked, shares: [1], rewards },
      1,
    );
    const made = designModel(context(await tableOf(records), [2]));
    const at = point === 'generic' ? genericPoint : symmetricPoint;
    const mixture = at(made.model, made.alternatives, 2, 3);
    const information = fisherInformation(made.design, made.model, mixture, { seed: 1, budget: 1e9 });
    const gauge = [0, 1].map((k) => {
      const g = new Float64Array(information.size);
      g.set(gaugeOf(made)[0], 1 + k * made.model.parameters);
      return g;
    });
    const whole = spectrum(information, gauge, 1);
    const ends = factoredSpectrum(information, gauge, 1);
    assert.equal(ends.parameters, whole.parameters);
    assert.equal(ends.rank, whole.rank);
    assert.equal(ends.rank < ends.parameters, point === 'symmetric');
    assert.ok(Math.abs(ends.eigenvalues.at(-1)! / whole.eigenvalues.at(-1)! - 1) < 1e-6);
    assert.ok(Math.abs(ends.smallest - whole.smallest) <= 1e-6 * whole.smallest);
    const sparse = sparseInformation(made.design, made.model, mixture, { seed: 1, budget: 1e9 });
    const bounds = lanczosSpectrum(sparse, gauge, 1);
    assert.equal(bounds.parameters, whole.parameters);
    assert.equal(bounds.nullVectors.length > 0, point === 'symmetric');
    assert.ok(Math.abs(bounds.eigenvalues.at(-1)! / whole.eigenvalues.at(-1)! - 1) < 1e-6);
    assert.ok(Math.abs(bounds.smallest - whole.smallest) <= 1e-6 * whole.smallest);
    if (point === 'symmetric') continue;
    assert.ok(Math.abs(ends.variance[0] / whole.variance[0] - 1) < 1e-6);
    assert.ok(Math.abs(ends.shareCovariance / whole.shareCovariance - 1) < 1e-6);
    assert.ok(Math.abs(bounds.shareCovariance / whole.shareCovariance - 1) < 1e-4);
  }
});

test('rounding does not lead Lanczos into the gauge of many prompts, where it would find nothing and call it unknown', async () => {
  const types = [{ share: 1, weights: [1, -0.5] }];
  const simulated = simulateParametric({ types, prompts: 40, responses: 4, annotators: 250, records: 6 }, 2);
  const records = Array.from(simulated.records, (record) => ({ ...record, features: undefined }));
  const made = designModel(context(await tableOf(records), [2]));
  const mixture = genericPoint(made.model, made.alternatives, 2, 3);
  const options = { seed: 1, budget: 1e7 };
  const gauge = [0, 1].flatMap((k) =>
    gaugeOf(made).map((direction) => {
      const g = new Float64Array(1 + 2 * made.model.parameters);
      g.set(direction, 1 + k * made.model.parameters);
      return g;
    }),
  );
  const ends = factoredSpectrum(fisherInformation(made.design, made.model, mixture, options), gauge, 1);
  const bounds = lanczosSpectrum(sparseInformation(made.design, made.model, mixture, options), gauge, 1);
  assert.equal(ends.rank, ends.parameters);
  assert.equal(bounds.rank, bounds.parameters);
  assert.ok(bounds.smallest >= ends.smallest * (1 - 1e-9) && bounds.smallest < ends.smallest * 1.05);
});
