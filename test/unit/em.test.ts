import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RankingTable } from '../../src/dataset/table';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import type { RewardPolicy } from '../../src/protocol/experiment';
import { runEm } from '../../src/training/em';
import { fitMixture, type MixtureFit } from '../../src/training/fit';
import { hardLabels, adjustedRand } from '../../src/training/labels';
import { makeProblem, type Problem } from '../../src/training/problem';
import { makeStart } from '../../src/training/starts';
import { simulateItems, tableOf } from './mixtures';

const TABULAR: RewardPolicy = { kind: 'tabular', over: 'auto' };
const NGRAMS: RewardPolicy = { kind: 'loglinear', features: 'ngrams', dimensions: 32 };
const breathe = () => Promise.resolve();

function setUp(table: RankingTable, policy: RewardPolicy) {
  const alternatives = chooseAlternatives(table, policy);
  const problem = makeProblem(table, alternatives.of, alternatives.count, {
    unranked: 'offered',
    ties: 'average',
  });
  return { problem, model: makeModel(table, policy, alternatives, problem.components) };
}

async function fit(
  table: RankingTable,
  policy: RewardPolicy,
  types: number,
  prior = 0,
): Promise<[Problem, MixtureFit]> {
  const { problem, model } = setUp(table, policy);
  const options = {
    types,
    prior,
    starts: 6,
    seed: 1,
    tolerance: 1e-9,
    iterations: 2000,
    breathe,
    onIteration: () => {},
  };
  return [problem, await fitMixture(problem, model, options)];
}

const TWO_TYPES = {
  shares: [0.6, 0.4],
  rewards: [
    [1.5, 0.5, -0.5, -1.5, 0],
    [-1.5, 1, 0.5, 0, 0],
  ],
};

test('one type from pairs of two items is the closed form log(wins/losses)', async () => {
  const pair = (annotator: string, best: number) => ({
    annotator,
    prompt: 'p',
    responses: ['a', 'b'],
    ranking: [best, 1 - best],
  });
  const table = await tableOf([
    ...Array.from({ length: 7 }, (_, i) => pair(`w${i}`, 0)),
    pair('l1', 1),
    pair('l2', 1),
  ]);
  const [, { mixture, logLikelihood }] = await fit(table, TABULAR, 1);
  assert.ok(Math.abs(mixture.utility[0][0] - mixture.utility[0][1] - Math.log(7 / 2)) < 1e-9);
  assert.ok(Math.abs(logLikelihood - (7 * Math.log(7 / 9) + 2 * Math.log(2 / 9))) < 1e-9);
});

test('two planted types are found: rewards, shares and annotators', async () => {
  const design = { annotators: 600, recordsEach: 6, offered: 4, ranked: 4, ...TWO_TYPES };
  const table = await tableOf(simulateItems(design, 5));
  const [problem, found] = await fit(table, TABULAR, 2);
  const labels = hardLabels(found.gamma, 2);
  const byAnnotator = Array.from({ length: 600 }, (_, h) => labels[problem.profileOf[h]]);
  assert.ok(adjustedRand(byAnnotator, table.knownType) > 0.9);
  assert.ok(Math.abs(found.mixture.shares[0] - 0.6) < 0.06);
  TWO_TYPES.rewards.forEach((truth, k) => {
    const mean = truth.reduce((sum, r) => sum + r, 0) / truth.length;
    truth.forEach((reward, item) => {
      const id = Array.from({ length: 5 }, (_, y) => y).find(
        (y) => table.responses.text(y) === `item ${item}`,
      )!;
      assert.ok(Math.abs(found.mixture.utility[k][id] - (reward - mean)) < 0.25, `type ${k} item ${item}`);
    });
  });
});

test('records of one annotator share a type: pairs alone suffice when there are many', async () => {
  const design = { annotators: 300, recordsEach: 12, offered: 2, ranked: 2, ...TWO_TYPES };
  const table = await tableOf(simulateItems(design, 6));
  const [problem, found] = await fit(table, TABULAR, 2);
  const labels = hardLabels(found.gamma, 2);
  assert.ok(
    adjustedRand(
      Array.from({ length: 300 }, (_, h) => labels[problem.profileOf[h]]),
      table.knownType,
    ) > 0.6,
  );
});

test('the penalised likelihood never falls, posteriors sum to 1, shares lie on the simplex', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        annotators: fc.integer({ min: 3, max: 25 }),
        recordsEach: fc.integer({ min: 1, max: 4 }),
        offered: fc.integer({ min: 2, max: 5 }),
        ranked: fc.integer({ min: 1, max: 5 }),
        types: fc.integer({ min: 1, max: 4 }),
        prior: fc.constantFrom(0, 0.1, 2),
        policy: fc.constantFrom(TABULAR, NGRAMS),
        tie: fc.boolean(),
        seed: fc.nat(1000),
      }),
      async ({ types, prior, policy, tie, seed, ...design }) => {
        const records = simulateItems(
          { ...design, ranked: Math.min(design.ranked, design.offered), ...TWO_TYPES },
          seed,
        );
        const tied = records.map((r) =>
          tie && r.ranking.length > 1
            ? { ...r, ranking: [r.ranking.slice(0, 2) as number[], ...r.ranking.slice(2)] }
            : r,
        );
        const { problem, model } = setUp(await tableOf(tied), policy);
        for (const index of [0, 1, 2]) {
          const start = await makeStart(problem, model, types, seed, index, { prior, breathe });
          let last = -Infinity;
          const end = await runEm(problem, model, start.mixture, {
            prior,
            tolerance: 1e-7,
            iterations: 60,
            breathe,
            onIteration: (_, state) => {
              assert.ok(state.objective >= last - 1e-8 * (1 + Math.abs(state.objective)));
              last = state.objective;
            },
          });
          assert.ok(Math.abs(end.mixture.shares.reduce((sum, s) => sum + s, 0) - 1) < 1e-12);
          for (let p = 0; p < problem.profiles; p++) {
            const row = end.gamma.subarray(p * types, (p + 1) * types);
            assert.ok(Math.abs(row.reduce((sum, g) => sum + g, 0) - 1) < 1e-12);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('the same seed gives bit-identical fits', async () => {
  const table = await tableOf(
    simulateItems({ annotators: 80, recordsEach: 3, offered: 3, ranked: 3, ...TWO_TYPES }, 9),
  );
  const [, a] = await fit(table, TABULAR, 2, 0.1);
  const [, b] = await fit(table, TABULAR, 2, 0.1);
  assert.deepEqual(a.mixture, b.mixture);
  assert.deepEqual(a.gamma, b.gamma);
});

test('a record that weighs 2 counts like the same record twice', async () => {
  const records = simulateItems({ annotators: 40, recordsEach: 2, offered: 3, ranked: 3, ...TWO_TYPES }, 3);
  const [, weighted] = await fit(await tableOf(records.map((r) => ({ ...r, weight: 2 }))), TABULAR, 1, 0.1);
  const [, twice] = await fit(await tableOf([...records, ...records]), TABULAR, 1, 0.1);
  assert.ok(Math.abs(weighted.objective - twice.objective) < 1e-9);
});

test('an ordering of the records does not matter', async () => {
  const records = simulateItems({ annotators: 50, recordsEach: 3, offered: 3, ranked: 2, ...TWO_TYPES }, 4);
  const [, forward] = await fit(await tableOf(records), TABULAR, 1, 0.1);
  const [, backward] = await fit(await tableOf(records.toReversed()), TABULAR, 1, 0.1);
  assert.ok(Math.abs(forward.objective - backward.objective) < 1e-9);
});

test('dropping ties leaves out what averaging keeps, and counts it', async () => {
  const record = (annotator: string, ranking: (number | number[])[]) => ({
    annotator,
    prompt: 'p',
    responses: ['a', 'b'],
    ranking,
  });
  const table = await tableOf([record('x', [0, 1]), record('y', [[0, 1]]), record('x', [1, 0])]);
  const alternatives = chooseAlternatives(table, TABULAR);
  const make = (ties: 'average' | 'drop') =>
    makeProblem(table, alternatives.of, alternatives.count, { unranked: 'offered', ties });
  assert.equal(make('average').annotators, 2);
  const dropped = make('drop');
  assert.equal(dropped.annotators, 1);
  assert.equal(dropped.treatment.droppedTies, 1);
  assert.equal(dropped.treatment.emptied, 1);
});
