import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseAlternatives, makeModel, rewardByResponse } from '../../src/policy/make-model';
import type { IterationHistory } from '../../src/protocol/history';
import type { RunEventBody } from '../../src/protocol/event';
import type { RewardExperiment } from '../../src/protocol/experiment';
import { fitExperiment } from '../../src/run/fit-experiment';
import { evenly, mostEntries } from '../../src/run/history/entries';
import { readHistory, writeHistory } from '../../src/run/history/history-file';
import { languageHistory } from '../../src/run/history/language-history';
import { RunError } from '../../src/run/run-error';
import { runFile } from '../../src/run/run-files';
import { rewardsOf, runEm, type Standing } from '../../src/training/em';
import { hardLabels } from '../../src/training/labels';
import { makeProblem } from '../../src/training/problem';
import { makeStart } from '../../src/training/starts';
import { traceStart } from '../../src/training/trace';
import { simulateItems, tableOf } from './mixtures';
import { scratchFolder } from './run-files';

const TYPES = 3;
const BETA = 0.5;
const EXPERIMENT: RewardExperiment = {
  name: 'test',
  dataset: { path: 'test.jsonl', unranked: 'offered', ties: 'average' },
  policy: { kind: 'tabular', over: 'auto' },
  types: TYPES,
  beta: BETA,
  em: { starts: 4, tolerance: 1e-13, iterations: 500, prior: 0.01 },
  aggregate: { protection: [1, 2], single: 'mixture', solver: 'exact' },
  evaluate: { folds: 5, bootstrap: 0, calibration: false, baselines: false, heldOut: 0.2 },
  compute: { device: 'auto', threads: 0 },
  seed: 1,
};

const table = () =>
  tableOf(
    simulateItems(
      {
        annotators: 90,
        recordsEach: 2,
        offered: 3,
        ranked: 3,
        shares: [0.5, 0.3, 0.2],
        rewards: [
          [1, 0.4, -0.4, -1],
          [-1, -0.4, 0.4, 1],
          [-0.5, 1, -0.5, 0],
        ],
      },
      3,
    ),
  );

async function fit(change: Partial<RewardExperiment> = {}) {
  const events: RunEventBody[] = [];
  const hooks = { signal: new AbortController().signal, emit: (event: RunEventBody) => events.push(event) };
  const fitted = await fitExperiment(await table(), { ...EXPERIMENT, ...change }, hooks);
  return { ...fitted, events };
}

const bytesOf = (base64: string) => Array.from(Buffer.from(base64, 'base64'));

/** Every iteration of one start, run by itself. */
async function replay({ start }: Pick<IterationHistory, 'start'>) {
  const data = await table();
  const alternatives = chooseAlternatives(data, EXPERIMENT.policy);
  const problem = makeProblem(data, alternatives.of, alternatives.count, EXPERIMENT.dataset);
  const model = makeModel(data, EXPERIMENT.policy, alternatives, problem.components);
  const options = { ...EXPERIMENT.em, breathe: () => Promise.resolve() };
  const { mixture } = await makeStart(problem, model, TYPES, EXPERIMENT.seed, start, options);
  const passed = new Map<number, Standing>();
  const outcome = await runEm(problem, model, mixture, {
    ...options,
    onIteration: (iteration, state) => passed.set(iteration, state),
  });
  const rewards = (state: Standing) =>
    rewardsOf(problem, model, state.theta).map((u) => Array.from(rewardByResponse(alternatives, u)));
  return { problem, passed, outcome, rewards };
}

test('what is kept of each iteration is what EM run again passes through, bit for bit', async () => {
  const { history, events, result, posterior } = await fit();
  assert.ok(history);
  const { problem, passed, outcome } = await replay(history);
  assert.equal(history.step, 'iteration');
  assert.equal(history.annotators, 90);
  const told = events.flatMap((e) =>
    e.type === 'em' && e.types === TYPES && e.start === history.start ? [e.iteration] : [],
  );
  assert.deepEqual(
    history.entries.map(({ iteration }) => iteration),
    told,
  );
  assert.ok(
    told.length > 20 && told.at(-1) === outcome.iterations,
    `${told.join()} of ${outcome.iterations}: the fit goes on after the first 20`,
  );

  const final = outcome.mixture.shares;
  const order = [0, 1, 2].sort((a, b) => final[b] - final[a]);
  let before: number[] | undefined;
  for (const { iteration, logLikelihood, shares, assignments, moved } of history.entries) {
    const state = passed.get(iteration)!;
    assert.equal(logLikelihood, state.logLikelihood);
    assert.deepEqual(
      shares,
      order.map((k) => state.shares[k]),
    );
    const labels = hardLabels(state.gamma, TYPES);
    const own = bytesOf(assignments);
    assert.deepEqual(
      own,
      Array.from({ length: 90 }, (_, h) => order.indexOf(labels[problem.profileOf[h]])),
    );
    assert.equal(moved, before ? own.filter((label, h) => label !== before![h]).length : null);
    before = own;
  }
  assert.ok(history.entries.slice(1).some(({ moved }) => moved! > 0));

  const last = history.entries.at(-1)!;
  assert.deepEqual(
    last.shares,
    result.types.map(({ share }) => share),
  );
  assert.deepEqual(bytesOf(last.assignments), Array.from(hardLabels(posterior.gamma, TYPES)));
});

test('regrets of each iteration are those of its own policies, and the last are those of the result', async () => {
  const { history, result } = await fit();
  const { matrix, weights, value } = result.regret;
  assert.deepEqual(history!.entries.at(-1)!.regret, { matrix, weights, value });

  const { passed, outcome, rewards } = await replay(history!);
  const final = outcome.mixture.shares;
  const order = [0, 1, 2].sort((a, b) => final[b] - final[a]);
  const protection = [1, 2, 1];
  for (const { iteration, regret } of history!.entries) {
    const byType = rewards(passed.get(iteration)!);
    const policies = order.map((k) => {
      const odds = byType[k].map((r) => Math.exp(r / BETA));
      const all = odds.reduce((sum, o) => sum + o, 0);
      return odds.map((o) => o / all);
    });
    // one prompt with four responses, the reference gives each a quarter
    const worth = (i: number, j: number) =>
      policies[j].reduce((sum, p, y) => sum + p * Math.log(4 * policies[i][y]), 0);
    regret!.matrix.forEach((row, i) => {
      row.forEach((found, j) => {
        const expected = protection[i] * (worth(i, i) - worth(i, j));
        assert.ok(Math.abs(found - expected) < 1e-9, `${iteration}: ${found} for ${expected}`);
      });
    });
    const loss = regret!.matrix.map((row) => row.reduce((sum, r, j) => sum + r * regret!.weights[j], 0));
    assert.ok(Math.abs(Math.max(0, ...loss) - regret!.value) < 1e-9);
  }
});

test('the fit that the limit of iterations ended is the last entry, and one type has nothing to tell', async () => {
  const cut = await fit({ em: { ...EXPERIMENT.em, iterations: 6 } });
  const last = cut.history!.entries.at(-1)!;
  assert.equal(last.iteration, cut.result.fit.iterations);
  assert.equal(last.logLikelihood, cut.result.fit.logLikelihood);
  assert.deepEqual(
    last.shares,
    cut.result.types.map(({ share }) => share),
  );
  const aggregate = { ...EXPERIMENT.aggregate, protection: [] };
  assert.equal((await fit({ types: 1, aggregate })).history, undefined);
});

test('rounds of language models name types as the result does, where training named them in another order', async () => {
  const data = await table();
  const alternatives = chooseAlternatives(data, EXPERIMENT.policy);
  const problem = makeProblem(data, alternatives.of, alternatives.count, EXPERIMENT.dataset);
  const round = (number: number) => ({
    ...{ round: number, logLikelihood: -number, moved: 0, shares: [0.2, 0.5, 0.3] },
  });
  const first = new Int32Array(problem.profiles).fill(1);
  const second = first.map((label, profile) => (profile === 0 ? 0 : label));
  // the largest type was trained as the second, the smallest as the first
  const assigned = {
    order: [1, 2, 0],
    labels: new Map([
      [1, first],
      [2, second],
    ]),
  };
  const found = { rounds: [round(1), round(2)], assigned, startKept: false, bestRound: 2 };
  const history = languageHistory(problem, found);
  assert.ok(history);
  const [one, two] = history.entries;
  assert.deepEqual(one.shares, [0.5, 0.3, 0.2]);
  assert.deepEqual(new Set(bytesOf(one.assignments)), new Set([0]));
  const who = Array.from(problem.profileOf.subarray(0, history.annotators), (profile) =>
    profile === 0 ? 2 : 0,
  );
  assert.deepEqual(bytesOf(two.assignments), who);
  assert.equal(two.moved, who.filter((label) => label === 2).length);
  assert.equal(languageHistory(problem, { ...found, assigned: undefined }), undefined);
});

test('of many annotators fewer iterations are kept, the first and the last always', () => {
  assert.deepEqual([1, 10_000, 100_000, 1_000_000, 10_000_000].map(mostEntries), [64, 64, 41, 4, 2]);
  fc.assert(
    fc.property(fc.nat(300), fc.integer({ min: 2, max: 64 }), (length, most) => {
      const values = Array.from({ length }, (_, i) => i);
      const kept = evenly(values, most);
      assert.equal(kept.length, Math.min(length, most));
      assert.ok(kept.every((value, i) => i === 0 || value > kept[i - 1]));
      if (length > 0) assert.deepEqual([kept[0], kept.at(-1)], [0, length - 1]);
    }),
  );
  const state = (iteration: number): Standing => ({
    shares: Float64Array.of(1),
    theta: [new Float64Array(10).fill(iteration)],
    gamma: new Float64Array(20).fill(1),
    logLikelihood: -iteration,
    objective: -iteration,
    kept: [0],
  });
  const tracer = traceStart(1000);
  for (let iteration = 1; iteration <= 500; iteration++) tracer.add(iteration, state(iteration));
  assert.ok(tracer.points.length * 100 <= 1000 && tracer.points.length > 3, String(tracer.points.length));
  assert.equal(tracer.points[0].iteration, 1);
  assert.ok(tracer.points.every(({ iteration, theta }) => theta[0][0] === iteration));
});

test('iterations.json comes back as it was, cut to the annotators that are shown; damage is a sentence', async (t) => {
  const folder = scratchFolder(t);
  assert.equal(await readHistory(folder), undefined);
  const { history } = await fit();
  await writeHistory(folder, history!);
  const { schema, ...back } = (await readHistory(folder)) as IterationHistory & { schema: number };
  assert.equal(schema, 1);
  assert.deepEqual(back, history);
  const cut = await readHistory(folder, 7);
  assert.equal(cut?.annotators, 90);
  cut.entries.forEach(({ assignments, moved }, i) => {
    assert.deepEqual(bytesOf(assignments), bytesOf(history!.entries[i].assignments).slice(0, 7));
    assert.equal(moved, history!.entries[i].moved);
  });

  const file = runFile(folder, 'iterations');
  const whole = readFileSync(file, 'utf8');
  for (const [from, to, says] of [
    [`"types":${TYPES}`, '"types":1', /damaged: iteration 1 does not assign 90 annotators to 1 types/],
    ['"annotators":90', '"annotators":91', /does not assign 91 annotators/],
    ['"entries":[', '"entries":', /is not JSON/],
    ['"kept":', '"other":', /damaged at "kept"/],
  ] as const) {
    assert.ok(whole.includes(from), from);
    writeFileSync(file, whole.replace(from, to));
    await assert.rejects(
      readHistory(folder),
      (error) => error instanceof RunError && says.test(error.message),
    );
  }
});
