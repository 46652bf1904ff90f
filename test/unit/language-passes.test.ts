import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PretrainingEvent } from '../../src/protocol/event';
import { scratchModel } from '../../src/policy/transformer/scratch';
import { checkpoints } from '../../src/training/language/checkpoint';
import { newLearner } from '../../src/training/language/learner';
import { batchPlan, trainPasses, type PassesOptions } from '../../src/training/language/passes';
import { pretrain, type PretrainMeta } from '../../src/training/language/pretrain';
import { responseLogProbabilities } from '../../src/training/language/score';
import { prepareLanguageData } from '../../src/training/language/prepare';
import { trainLanguage } from '../../src/training/language/train';
import { loraPolicy } from '../../src/training/language/transformer-policy';
import { benchOf, filesInMemory, LORA, onOnnxruntime, tinyModel } from './language-fixtures';
import { twoTypes } from './language-population';
import { tableOf } from './mixtures';

const OPTIONS: PassesOptions = {
  learningRate: 3e-3,
  batch: 16,
  accumulate: 1,
  warmup: 2,
  weightDecay: 0,
  clip: 1,
  passes: 2,
  prior: 0,
  decay: 'constant',
  stream: [1],
  title: 'type 1',
};
const RECORDS = twoTypes({ annotators: 6, recordsEach: 4, prompts: 9, seed: 4, strength: 2 });

test('a loss that is no finite number is left out, said with its lines, and ends training when it stays', async () => {
  const bench = await benchOf(RECORDS, { executor: await onOnnxruntime() });
  const reference = await responseLogProbabilities(bench, bench.policy.initial(1));
  const weight = new Float64Array(bench.problem.rankings.count).fill(1);
  const plan = batchPlan(bench, OPTIONS);
  const once = newLearner(bench.policy, 1);
  const warnings: string[] = [];
  const spoilt = reference.slice();
  // one response whose reference is broken: only the steps that show it are left out
  spoilt[bench.problem.rankings.option[0]] = NaN;
  const outcome = await trainPasses(bench, plan, once, spoilt, weight, {
    ...OPTIONS,
    onWarning: (_, message) => warnings.push(message),
  });
  assert.equal(outcome.faults, 2, 'one step of each pass');
  assert.ok(outcome.steps > 2 && once.optimiser.steps === outcome.steps - 2);
  assert.match(warnings[0], /of type 1 gave a loss .* lines? \d+.*left out/);
  assert.ok(Object.values(once.parameters).every(({ data }) => data.every(Number.isFinite)));

  const broken = newLearner(bench.policy, 1);
  Object.values(broken.parameters)[0].data[0] = NaN;
  await assert.rejects(
    trainPasses(bench, plan, broken, reference, weight, OPTIONS),
    /records that begin in lines? \d+.*3 times in a row: training ends/,
  );
});

test('batches summed before a step are one larger batch', async () => {
  const bench = await benchOf(RECORDS, { executor: await onOnnxruntime() });
  const reference = await responseLogProbabilities(bench, bench.policy.initial(1));
  const weight = new Float64Array(bench.problem.rankings.count).fill(1);
  const whole = batchPlan(bench, { ...OPTIONS, batch: 1000 });
  const parts = batchPlan(bench, OPTIONS);
  assert.equal(whole.batches, 1);
  const pass = { ...OPTIONS, passes: 1, clip: 0 };
  const a = newLearner(bench.policy, 1);
  const b = newLearner(bench.policy, 1);
  const one = await trainPasses(bench, whole, a, reference, weight, pass);
  const summed = await trainPasses(bench, { ...parts, batches: 1000 }, b, reference, weight, pass);
  assert.equal(one.steps, 1);
  assert.equal(summed.steps, 1);
  assert.ok(Math.abs(one.loss - summed.loss) < 1e-5);
  for (const [name, { data }] of Object.entries(a.optimiser.first)) {
    const largest = Math.max(...data.map(Math.abs));
    data.forEach((m, i) => {
      assert.ok(Math.abs(m - b.optimiser.first[name].data[i]) <= 1e-4 * largest + 1e-9, name);
    });
  }
});

test('pretraining that is killed goes on to the same weights', async () => {
  const table = await tableOf(RECORDS);
  const raw = scratchModel({ layers: 1, hidden: 8, heads: 1, positions: 96, seed: 2 });
  const { texts } = prepareLanguageData(
    table,
    raw.tokenizer,
    { promptTokens: 32, responseTokens: 48 },
    {
      unranked: 'offered',
      ties: 'average',
    },
  );
  const executor = await onOnnxruntime();
  const files = filesInMemory();
  const run = async (afterStep: number, kept: boolean) => {
    let steps = 0;
    const events: PretrainingEvent[] = [];
    const breathe = () => (++steps > afterStep ? Promise.reject(new Error('killed')) : Promise.resolve());
    const own = kept ? checkpoints<PretrainMeta>(files, 'pretraining', 'f') : undefined;
    const result = await pretrain(raw, texts, executor, {
      epochs: 4,
      learningRate: 1e-2,
      heldOut: 0.1,
      seed: 3,
      breathe,
      emit: (event) => events.push(event),
      checkpoints: own,
      checkpointEvery: 0,
    });
    return { ...result, events };
  };
  const undisturbed = await run(Infinity, false);
  assert.ok(undisturbed.events[3].loss < undisturbed.events[0].loss);
  await assert.rejects(run(5, true), /killed/);
  const resumed = await run(Infinity, true);
  assert.equal(resumed.model.hash, undisturbed.model.hash);
  assert.equal(resumed.loss, undisturbed.loss);
  assert.equal((await run(Infinity, true)).events.length, 0, 'what is done is not done again');
});

test('one type is plain DPO; without cross-fitting all records train and score', async () => {
  const table = await tableOf(RECORDS);
  const model = tinyModel(3);
  const data = prepareLanguageData(
    table,
    model.tokenizer,
    { promptTokens: 32, responseTokens: 48 },
    {
      unranked: 'offered',
      ties: 'average',
    },
  );
  const executor = await onOnnxruntime();
  const fit = (types: number, crossFit: boolean) =>
    trainLanguage({
      data,
      policy: loraPolicy(model, LORA),
      modelHash: model.hash,
      executor,
      beta: 0.1,
      seed: 2,
      options: { types, rounds: 2, crossFit, prior: 0.1, optimizer: { ...OPTIONS, epochs: 1 }, starts: 2 },
      signal: new AbortController().signal,
      emit: () => undefined,
    });
  const one = await fit(1, true);
  assert.equal(one.types[0], one.plain);
  assert.deepEqual([...one.shares], [1]);
  assert.equal(one.logLikelihood, one.plainLogLikelihood);
  assert.ok(one.logLikelihood > one.chanceLogLikelihood);
  const two = await fit(2, false);
  assert.equal(two.crossFittedLogLikelihood, undefined);
  assert.equal(two.rounds.length <= 2, true);
  assert.ok(two.types.every(({ rewards }) => rewards.every(Number.isFinite)));
});
