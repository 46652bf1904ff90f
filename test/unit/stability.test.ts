import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunEventBody } from '../../src/protocol/event';
import type { EvaluateChoice, RewardExperiment } from '../../src/protocol/experiment';
import type { RankingTable } from '../../src/dataset/table';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import { random } from '../../src/random';
import { fitExperiment } from '../../src/run/fit-experiment';
import { fitAlarms } from '../../src/training/alarms';
import { alignTypes } from '../../src/training/align';
import { bootstrapFits, drawAnnotators } from '../../src/training/bootstrap';
import { bootstrapInterval, quantile } from '../../src/training/bootstrap-interval';
import { reliability } from '../../src/training/calibration';
import { fitMixture } from '../../src/training/fit';
import { makeProblem } from '../../src/training/problem';
import { countSwitching } from '../../src/training/switching';
import { simulateItems, tableOf } from './mixtures';

const REWARDS = [
  [2, 0.7, -0.7, -2],
  [-2, -0.7, 0.7, 2],
];
const DESIGN = {
  annotators: 60,
  recordsEach: 5,
  offered: 3,
  ranked: 3,
  shares: [0.65, 0.35],
  rewards: REWARDS,
};
const EXPERIMENT: RewardExperiment = {
  name: 'test',
  dataset: { path: 'test.jsonl', unranked: 'offered', ties: 'average' },
  policy: { kind: 'tabular', over: 'auto' },
  types: 2,
  beta: 0.5,
  em: { starts: 3, tolerance: 1e-8, iterations: 500, prior: 0.1 },
  aggregate: { protection: [], single: 'mixture', solver: 'exact' },
  evaluate: { folds: 4, bootstrap: 0, calibration: false, baselines: false, heldOut: 0.2 },
  compute: { device: 'auto', threads: 0 },
  seed: 1,
};

async function run(
  table: RankingTable,
  evaluate: Partial<EvaluateChoice>,
  change: Partial<RewardExperiment> = {},
) {
  const events: RunEventBody[] = [];
  const { result } = await fitExperiment(
    table,
    { ...EXPERIMENT, ...change, evaluate: { ...EXPERIMENT.evaluate, ...evaluate } },
    { signal: new AbortController().signal, emit: (event) => events.push(event) },
  );
  return { result, events };
}

async function fitted(seed: number, design = DESIGN) {
  const table = await tableOf(simulateItems(design, seed));
  const alternatives = chooseAlternatives(table, { kind: 'tabular', over: 'auto' });
  const problem = makeProblem(table, alternatives.of, alternatives.count, EXPERIMENT.dataset);
  const model = makeModel(table, { kind: 'tabular', over: 'auto' }, alternatives, problem.components);
  const options = {
    ...EXPERIMENT.em,
    seed: 1,
    breathe: () => Promise.resolve(),
    onIteration: () => undefined,
  };
  const fit = await fitMixture(problem, model, { ...options, types: 2 });
  const plain = await fitMixture(problem, model, { ...options, types: 1 });
  return { problem, model, fit, plain, options };
}

test('a resample draws as many annotators as there are, only those that exist, and not each once', async () => {
  const { problem } = await fitted(2);
  const drawn = drawAnnotators(problem, random(3));
  assert.equal(
    drawn.profileCount.reduce((sum, n) => sum + n, 0),
    problem.annotators,
  );
  assert.ok(drawn.profileCount.every((n, p) => n === 0 || problem.profileCount[p] > 0));
  assert.notDeepEqual(drawn.profileCount, problem.profileCount);
  const left = drawn.profileCount.filter((n) => n === 0).length / problem.profiles;
  assert.ok(left > 0.25 && left < 0.5, `about 1/e are left out: ${left}`);
});

test('types in any order are put back into the order of the fit', async () => {
  const { problem, fit } = await fitted(4);
  const { shares, theta, utility } = fit.mixture;
  const swapped = {
    mixture: {
      shares: shares.slice().reverse(),
      theta: theta.slice().reverse(),
      utility: utility.slice().reverse(),
    },
    gamma: fit.gamma.map((_, i) => fit.gamma[i % 2 === 0 ? i + 1 : i - 1]),
  };
  const aligned = alignTypes(problem, fit.gamma, swapped);
  assert.deepEqual(aligned.mixture, fit.mixture);
  assert.deepEqual(aligned.gamma, fit.gamma);
});

test('more than 20 types are matched with the nearest first', () => {
  const types = 21;
  const gamma = new Float64Array(types * types);
  for (let p = 0; p < types; p++) gamma[p * types + p] = 1;
  const order = random(5).shuffle(Array.from({ length: types }, (_, k) => k));
  const theta = order.map((k) => Float64Array.of(k));
  const problem = { profiles: types, profileCount: new Float64Array(types).fill(1) };
  const aligned = alignTypes(problem, gamma, {
    mixture: { shares: Float64Array.from(order), theta, utility: theta },
    gamma: Float64Array.from(gamma, (_, i) => (Math.floor(i / types) === order[i % types] ? 1 : 0)),
  });
  assert.deepEqual(
    Array.from(aligned.mixture.shares),
    Array.from({ length: types }, (_, k) => k),
  );
  assert.deepEqual(aligned.gamma, gamma);
});

test('replicates are the same for the same seed and others for another', async () => {
  const { problem, model, fit, plain, options } = await fitted(6);
  const shares = async (seed: number) => {
    const all: number[] = [];
    for await (const { mixture } of bootstrapFits(problem, model, fit, plain, {
      ...options,
      seed,
      replicates: 3,
    })) {
      all.push(mixture.shares[0]);
    }
    return all;
  };
  const first = await shares(1);
  assert.deepEqual(await shares(1), first);
  assert.notDeepEqual(await shares(2), first);
  assert.equal(new Set(first).size, 3);
  assert.ok(first.every((share) => share > 0.4 && share < 0.9));
});

test('a quantile lies between the order statistics around it, and intervals grow with the level', () => {
  assert.equal(quantile([1, 2, 3], 0.5), 2);
  assert.equal(quantile([10], 0.05), 10);
  const oneTo99 = Array.from({ length: 99 }, (_, i) => i + 1);
  const [fifth, last] = bootstrapInterval(oneTo99, 50, 0.9);
  assert.ok(Math.abs(fifth - 5) < 1e-4 && Math.abs(last - 95) < 1e-4, `${fifth} ${last}`);
  // 84 of 100 replicates above the estimate: z₀ = −1, so Φ(−2 ∓ 1.645) instead of Φ(∓ 1.645)
  const [, moved] = bootstrapInterval(oneTo99, 16, 0.9);
  assert.ok(Math.abs(moved - 36.1) < 0.5, `${moved}`);
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, (sample) => {
      const [low, high] = bootstrapInterval(sample, sample[0], 0.9);
      const [inner, outer] = bootstrapInterval(sample, sample[0], 0.5);
      assert.ok(Math.min(...sample) <= low && low <= inner && inner <= outer && outer <= high);
      assert.ok(high <= Math.max(...sample));
    }),
  );
});

test('annotators who switch are named with where to; a type that loses its annotators is counted', async () => {
  const { problem, fit } = await fitted(7);
  const names = Array.from({ length: problem.annotators }, (_, i) => `a${i}`);
  const count = countSwitching(problem, fit.gamma, 2);
  count.add(fit.gamma);
  assert.deepEqual(count.switching(names), { mean: 0, count: 0, often: 0.1, annotators: [] });
  const moved = fit.gamma.slice();
  const person = 11;
  const at = problem.profileOf[person] * 2;
  const own = moved[at] > moved[at + 1] ? 0 : 1;
  moved[at + own] = 0;
  moved[at + 1 - own] = 1;
  count.add(moved);
  const sharing = problem.profileOf.filter((p) => p === problem.profileOf[person]).length;
  const { annotators } = count.switching(names);
  assert.equal(annotators.length, sharing);
  assert.deepEqual(
    annotators.find(({ annotator }) => annotator === 'a11'),
    { annotator: 'a11', type: own, to: 1 - own, share: 0.5 },
  );
  assert.deepEqual(count.lost(), [0, 0]);
  count.add(fit.gamma.map((_, i) => (i % 2 === 0 ? 1 : 0)));
  assert.deepEqual(count.lost(), [0, 1 / 3]);
});

test('reliability: predictions that come true as often as stated have no error beyond chance', () => {
  const source = random(8);
  const fair = Array.from({ length: 5000 }, () => {
    const stated = 0.3 + 0.7 * source.uniform();
    return { stated, right: source.uniform() < stated ? 1 : 0 };
  });
  const good = reliability(fair);
  assert.ok(good.expectedError < 2 * good.errorByChance, `${good.expectedError} ${good.errorByChance}`);
  assert.equal(
    good.bins.reduce((sum, b) => sum + b.predictions, 0),
    5000,
  );
  const sure = reliability(fair.map(({ right }) => ({ stated: 0.99, right })));
  assert.ok(Math.abs(sure.expectedError - (0.99 - sure.observed)) < 1e-12);
  assert.ok(sure.expectedError > 10 * sure.errorByChance);
});

test('a run says intervals around what it found, for every number it gives', async () => {
  const { result, events } = await run(await tableOf(simulateItems(DESIGN, 9)), { bootstrap: 30 });
  const bootstrap = result.stability?.bootstrap;
  assert.ok(bootstrap);
  assert.equal(bootstrap.replicates, 30);
  const holds = ([low, high]: readonly [number, number], value: number) => {
    assert.ok(low <= value && value <= high, `${low} ≤ ${value} ≤ ${high}`);
  };
  result.types.forEach(({ share }, k) => {
    holds(bootstrap.shares[k], share);
    assert.ok(bootstrap.shares[k][0] > 0 && bootstrap.shares[k][1] < 1);
    assert.ok(bootstrap.shares[k][1] - bootstrap.shares[k][0] > 0.05);
  });
  holds(bootstrap.regret[0][1], result.regret.matrix[0][1]);
  assert.deepEqual(bootstrap.regret[0][0], [0, 0]);
  holds(bootstrap.value, result.regret.value);
  assert.deepEqual(
    bootstrap.candidates.map(({ name }) => name),
    result.candidates.map(({ name }) => name),
  );
  result.candidates.forEach(({ worst }, i) => {
    holds(bootstrap.candidates[i].worst, worst);
  });
  assert.equal(bootstrap.coefficients, undefined, 'single responses have no names');
  const told = events.filter((e) => e.type === 'progress').at(-1);
  assert.ok(told?.phase === 'stability' && told.done === 30 && told.total === 30);
});

test('stability changes nothing else, and is absent where nobody asks', async () => {
  const table = await tableOf(simulateItems(DESIGN, 9));
  const { result } = await run(table, {});
  assert.equal(result.stability, undefined);
  const { stability, alarms, fit, ...rest } = (await run(table, { bootstrap: 20, calibration: true })).result;
  assert.ok(stability?.bootstrap && stability.calibration);
  const { alarms: before, fit: fitBefore, ...restBefore } = result;
  assert.deepEqual({ ...rest, stability: undefined }, { ...restBefore, stability: undefined });
  assert.deepEqual({ ...fit, seconds: 0 }, { ...fitBefore, seconds: 0 });
  assert.deepEqual(alarms.slice(0, before.length), before);
});

test('well-separated types are calibrated on rankings held out; every annotator is accounted for', async () => {
  const table = await tableOf(simulateItems({ ...DESIGN, annotators: 150, recordsEach: 8 }, 10));
  const { result } = await run(table, { calibration: true });
  const calibration = result.stability?.calibration;
  assert.ok(calibration);
  assert.equal(calibration.annotators + calibration.unsplit, 150);
  assert.ok(calibration.predictions > 300);
  assert.ok(calibration.expectedError < 0.05, `${calibration.expectedError}`);
  assert.ok(!result.alarms.some(({ code }) => code === 'stability/miscalibrated'));
});

test('types that are not there switch from replicate to replicate, and alarms say so', async () => {
  const one = { ...DESIGN, annotators: 60, recordsEach: 2, rewards: [REWARDS[0], REWARDS[0]] };
  const { result } = await run(await tableOf(simulateItems(one, 11)), { bootstrap: 30 });
  const codes = new Set(result.alarms.map(({ code }) => code));
  assert.ok(codes.has('stability/label-switching'), [...codes].join(', '));
  const clear = (await run(await tableOf(simulateItems(DESIGN, 9)), { bootstrap: 30 })).result;
  assert.ok(!clear.alarms.some(({ code }) => code.startsWith('stability/')));
});

test('one type has intervals, too', async () => {
  const table = await tableOf(simulateItems(DESIGN, 12));
  const { result } = await run(table, { bootstrap: 20, calibration: true }, { types: 1 });
  assert.deepEqual(result.stability?.bootstrap?.shares, [[1, 1]]);
  assert.equal(result.stability.bootstrap.switching.count, 0);
  assert.ok((result.stability.calibration?.predictions ?? 0) > 0);
});

test('a type without annotators, and types that want the same, raise alarms of their own', async () => {
  const { problem, fit } = await fitted(13);
  const codes = (shares: number[], utility = fit.mixture.utility) =>
    fitAlarms(problem, {
      ...fit,
      mixture: { ...fit.mixture, shares: Float64Array.from(shares), utility },
    }).map(({ code }) => code);
  assert.deepEqual(codes([0.6, 0.4]), []);
  assert.deepEqual(codes([1 - 1e-6, 1e-6]), ['em/collapse', 'em/empty-type']);
  assert.deepEqual(codes([0.95, 0.05]), ['em/collapse', 'em/small-type']);
  const [one] = fit.mixture.utility;
  assert.deepEqual(codes([0.6, 0.4], [one, one.map((u) => u + 0.01)]), ['em/equal-types']);
});
