import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RankingTable } from '../../src/dataset/table';
import type { RunEventBody } from '../../src/protocol/event';
import type { RewardExperiment } from '../../src/protocol/experiment';
import { fitExperiment } from '../../src/run/fit-experiment';
import { fitAlarms } from '../../src/training/alarms';
import type { MixtureFit } from '../../src/training/fit';
import { makeProblem } from '../../src/training/problem';
import { simulateItems, tableOf } from './mixtures';

const REWARDS = [
  [2, 0.7, -0.7, -2],
  [-2, -0.7, 0.7, 2],
];
const DESIGN = {
  annotators: 120,
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
  em: { starts: 4, tolerance: 1e-9, iterations: 500, prior: 0.1 },
  aggregate: { protection: [], single: 'mixture', solver: 'exact' },
  evaluate: { folds: 5, bootstrap: 0, calibration: false, baselines: false, heldOut: 0.2 },
  compute: { device: 'auto', threads: 0 },
  seed: 1,
};

async function fit(table: RankingTable, change: Partial<RewardExperiment> = {}) {
  const events: RunEventBody[] = [];
  const emit = (event: RunEventBody) => events.push(event);
  const fitted = await fitExperiment(
    table,
    { ...EXPERIMENT, ...change },
    { signal: new AbortController().signal, emit },
  );
  return { ...fitted, events };
}

test('a run finds the planted types, ranks them by share and matches them with the known ones', async () => {
  const { result, posterior } = await fit(await tableOf(simulateItems(DESIGN, 3)));
  assert.ok(result.types[0].share >= result.types[1].share);
  assert.ok(Math.abs(result.types.reduce((sum, t) => sum + t.share, 0) - 1) < 1e-12);
  assert.ok(result.known && result.known.accuracy > 0.95);
  assert.equal(
    result.types.reduce((sum, t) => sum + t.annotators, 0),
    120,
  );
  assert.equal(posterior.annotators.length, 120);
  assert.equal(result.types[0].liked[0].response, 'item 0');
  assert.equal(result.types[0].disliked[0].response, 'item 3');
  assert.deepEqual(
    result.selection.map((row) => row.types),
    [1, 2],
  );
  assert.equal(result.fit.bic, null, 'BIC is about maximum likelihood and there is a prior');
});

test('plain DPO hurts the minority most, and the fair policies hurt the worst-off type less', async () => {
  const { result } = await fit(await tableOf(simulateItems(DESIGN, 3)));
  const worst = (kind: string) => result.candidates.find((c) => c.kind === kind)?.worst ?? NaN;
  const plain = result.candidates.find(({ kind }) => kind === 'plain-dpo');
  assert.ok(plain && plain.regret[1] > plain.regret[0]);
  assert.ok(worst('mixture') < plain.worst);
  assert.ok(worst('loglinear') <= worst('mixture') + 1e-9);
  assert.ok(Math.abs(worst('mixture') - result.regret.value) < 1e-9);
  assert.deepEqual(
    result.regret.sensitivity.map(({ beta }) => Number(beta.toFixed(6))),
    [0.166667, 1.5],
  );
});

test('protecting the minority moves the fair policy towards it', async () => {
  const table = await tableOf(simulateItems(DESIGN, 3));
  const even = (await fit(table)).result.regret.weights[1];
  const aggregate = { ...EXPERIMENT.aggregate, protection: [1, 5] };
  const protectedWeight = (await fit(table, { aggregate })).result.regret.weights[1];
  assert.ok(protectedWeight > even + 0.1, `${even} ${protectedWeight}`);
});

test('without a prior BIC and ICL are there; one type is plain DPO itself', async () => {
  const table = await tableOf(simulateItems(DESIGN, 3));
  const { result } = await fit(table, { types: 1, em: { ...EXPERIMENT.em, prior: 0 } });
  assert.equal(result.fit.parameters, 3);
  assert.ok(
    result.fit.bic !== null && result.fit.icl !== null && Math.abs(result.fit.bic - result.fit.icl) < 1e-9,
  );
  assert.equal(result.selection.length, 1);
  assert.deepEqual(result.regret.weights, [1]);
});

test('events tell each start, its last iteration, and progress to the end', async () => {
  const { events, result } = await fit(await tableOf(simulateItems(DESIGN, 3)));
  const starts = new Set(events.flatMap((e) => (e.type === 'em' && e.types === 2 ? [e.start] : [])));
  assert.equal(starts.size, 4);
  const last = events.flatMap((e) => (e.type === 'progress' && e.phase === 'fitting' ? [e] : [])).at(-1);
  assert.ok(last && last.done === last.total && last.total === 5);
  for (const [start, { logLikelihood }] of result.starts.entries()) {
    const told = events.filter((e) => e.type === 'em' && e.types === 2 && e.start === start).at(-1);
    assert.ok(told?.type === 'em' && told.logLikelihood === logLikelihood);
  }
});

test('an aborted fit ends with the reason of its signal', async () => {
  const table = await tableOf(simulateItems(DESIGN, 3));
  const controller = new AbortController();
  const reason = new Error('stopped by a person');
  const emit = (event: RunEventBody) => {
    if (event.type === 'em') controller.abort(reason);
  };
  await assert.rejects(fitExperiment(table, EXPERIMENT, { signal: controller.signal, emit }), reason);
});

test('annotators who share no prompt raise an alarm for a tabular policy, not for a log-linear one', async () => {
  const records = Array.from({ length: 40 }, (_, h) => ({
    annotator: `a${h}`,
    prompt: `prompt ${h}`,
    responses: ['short answer', 'a longer and kinder answer', 'no'],
    ranking: h % 2 === 0 ? [0, 1, 2] : [1, 0, 2],
  }));
  const table = await tableOf(records);
  const codes = async (policy: RewardExperiment['policy']) =>
    (await fit(table, { policy })).result.alarms.map(({ code }) => code);
  assert.ok((await codes({ kind: 'tabular', over: 'auto' })).includes('identify/no-shared-prompts'));
  const linear = await codes({ kind: 'loglinear', features: 'ngrams', dimensions: 32 });
  assert.ok(!linear.includes('identify/no-shared-prompts'));
});

test('alarms: collapse, small types, starts that disagree, rewards that run away', async () => {
  const table = await tableOf(simulateItems(DESIGN, 3));
  const problem = makeProblem(table, Int32Array.of(0, 1, 2, 3), 4, { unranked: 'offered', ties: 'average' });
  const start = {
    kind: 'random',
    logLikelihood: -10,
    objective: -10,
    iterations: 3,
    converged: true,
    agreement: 1,
  } as const;
  const made = (change: Partial<MixtureFit>, shares = [0.6, 0.4]): string[] => {
    const utility = shares.map((_, k) => Float64Array.of(k, -k, 0, 0));
    const mixture = { shares: Float64Array.from(shares), theta: utility, utility };
    const fine = {
      mixture,
      gamma: new Float64Array(),
      logLikelihood: -10,
      objective: -10,
      iterations: 3,
      converged: true,
    };
    return fitAlarms(problem, { ...fine, starts: [start, start, start, start], ...change }).map(
      ({ code }) => code,
    );
  };
  assert.deepEqual(made({}), []);
  assert.deepEqual(made({ converged: false }), ['em/not-converged']);
  assert.deepEqual(made({}, [0.93, 0.07]), ['em/collapse']);
  assert.deepEqual(made({}, [0.98, 0.02]), ['em/collapse', 'em/small-type']);
  assert.deepEqual(made({ starts: [start, { ...start, objective: -11, agreement: 0.2 }] }), [
    'em/starts-disagree',
  ]);
  const alone = { ...start, objective: -40, agreement: 0.9 };
  assert.deepEqual(made({ starts: [start, alone, alone, alone] }), ['em/starts-disagree']);
  const away = [Float64Array.of(20, 0, 0, -20), new Float64Array(4)];
  assert.deepEqual(made({ mixture: { shares: Float64Array.of(0.6, 0.4), theta: away, utility: away } }), [
    'em/boundary',
  ]);
});

test('of a long start the last iteration is told too, though not every one before it', async () => {
  // one favourite each is hardly informative, so that EM creeps
  const design = { ...DESIGN, recordsEach: 1, offered: 3, ranked: 1 };
  const em = { starts: 3, tolerance: 1e-13, iterations: 57, prior: 0.1 };
  const { events, result } = await fit(await tableOf(simulateItems(design, 4)), { em });
  const long = result.starts.flatMap(({ iterations }, start) =>
    iterations! > 40 ? [{ iterations, start }] : [],
  );
  assert.ok(long.length > 0);
  for (const { iterations, start } of long) {
    const told = events.flatMap((e) =>
      e.type === 'em' && e.types === 2 && e.start === start ? [e.iteration] : [],
    );
    assert.equal(told.at(-1), iterations);
    assert.ok(told.length < iterations!);
  }
});
