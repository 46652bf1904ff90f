import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Executor } from '../../src/compute/graph/executor';
import type { RunEventBody } from '../../src/protocol/event';
import { random } from '../../src/random';
import { scratchModel } from '../../src/policy/transformer/scratch';
import type { CheckpointFiles } from '../../src/training/language/checkpoint';
import { prepareLanguageData } from '../../src/training/language/prepare';
import { pretrain } from '../../src/training/language/pretrain';
import { trainLanguage, type LanguageFit } from '../../src/training/language/train';
import { fullPolicy, loraPolicy } from '../../src/training/language/transformer-policy';
import { knownTypeAgreement } from '../../src/training/known-types';
import { hardLabels } from '../../src/training/labels';
import { filesInMemory, LORA, onOnnxruntime } from './language-fixtures';
import { twoTypes } from './language-population';
import { tableOf } from './mixtures';

const TREATMENT = { unranked: 'offered', ties: 'average' } as const;
const LIMITS = { promptTokens: 32, responseTokens: 48 };
const OPTIMIZER = {
  learningRate: 3e-3,
  batch: 16,
  accumulate: 1,
  epochs: 1,
  warmup: 3,
  weightDecay: 0.01,
  clip: 1,
};

test('two planted types of annotators are told apart by language models, and wish what they were planted to', async () => {
  const table = await tableOf(
    twoTypes({ annotators: 40, recordsEach: 6, prompts: 12, seed: 3, strength: 0.9 }),
  );
  const executor = await onOnnxruntime();
  const raw = scratchModel({ layers: 2, hidden: 32, heads: 2, positions: 128, seed: 1 });
  const data = prepareLanguageData(table, raw.tokenizer, LIMITS, TREATMENT);
  const events: RunEventBody[] = [];
  const emit = (event: RunEventBody) => events.push(event);
  const breathe = () => Promise.resolve();
  const { model, loss } = await pretrain(raw, data.texts, executor, {
    epochs: 25,
    learningRate: 1e-2,
    heldOut: 0.1,
    seed: 1,
    breathe,
    emit,
  });
  assert.ok(loss < 1, `${loss} nats per token: the model has learnt to spell`);
  assert.notEqual(model.hash, raw.hash);
  const fit = await trainLanguage({
    data,
    policy: loraPolicy(model, LORA),
    modelHash: model.hash,
    executor,
    beta: 0.1,
    seed: 5,
    options: {
      types: 2,
      rounds: 4,
      crossFit: true,
      prior: 0.1,
      optimizer: { ...OPTIMIZER, epochs: 3 },
      starts: 4,
    },
    signal: new AbortController().signal,
    emit,
  });
  const labels = hardLabels(fit.gamma, 2);
  const found = Int32Array.from({ length: 40 }, (_, h) => labels[data.problem.profileOf[h]]);
  const agreement = knownTypeAgreement(table.knownType, found, ['polite', 'long'], 2)!;
  assert.ok(agreement.accuracy >= 0.85, `${agreement.accuracy} of the annotators`);
  assert.ok(fit.crossFittedLogLikelihood! > fit.chanceLogLikelihood + 20);
  const start = fit.starts.find(({ chosen }) => chosen)!.logLikelihood!;
  const rounds = Math.max(...fit.rounds.map(({ logLikelihood }) => logLikelihood));
  assert.equal(fit.crossFittedLogLikelihood, Math.max(start, rounds), 'the likeliest assignments are kept');
  assert.equal(fit.startKept, start > rounds);
  assert.ok(fit.logLikelihood > fit.plainLogLikelihood + 20);
  assert.ok(fit.shares[0] >= fit.shares[1] && Math.abs(fit.shares[0] + fit.shares[1] - 1) < 1e-9);
  // mean reward of the answers that each planted type likes, minus that of the others, under the type found for it
  const kindOf = (y: number) => table.responses.text(y);
  const [polite, long] = agreement.confusion.map((row) => (row[0] >= row[1] ? 0 : 1));
  const gap = (k: number, likes: (text: string) => boolean) => {
    const used = Array.from(data.texts.used);
    const mean = (ys: number[]) => ys.reduce((sum, y) => sum + fit.types[k].rewards[y], 0) / ys.length;
    return mean(used.filter((y) => likes(kindOf(y)))) - mean(used.filter((y) => !likes(kindOf(y))));
  };
  assert.ok(gap(polite, (text) => text.startsWith('please')) > 0.3);
  assert.ok(gap(long, (text) => text.includes('and')) > 0.3);
  assert.ok(fit.types.every(({ metrics }) => metrics.accuracy > 0.6 && metrics.margin > 0));
  for (const type of ['pretraining', 'loss', 'em', 'heldOut', 'progress']) {
    assert.ok(
      events.some((event) => event.type === type),
      type,
    );
  }
});

/** A training small enough to be repeated many times, interrupted after some of its steps. */
async function smallTraining(
  executor: Executor,
  kind: 'lora' | 'full',
  interruption?: { readonly files: CheckpointFiles; readonly afterStep: number },
): Promise<LanguageFit | undefined> {
  const table = await tableOf(twoTypes({ annotators: 8, recordsEach: 3, prompts: 6, seed: 4, strength: 1 }));
  const model = scratchModel({ layers: 1, hidden: 8, heads: 1, positions: 96, seed: 2 });
  const data = prepareLanguageData(table, model.tokenizer, LIMITS, TREATMENT);
  const stop = new AbortController();
  let steps = 0;
  try {
    return await trainLanguage({
      data,
      policy: kind === 'lora' ? loraPolicy(model, { ...LORA, rank: 2 }) : fullPolicy(model),
      modelHash: model.hash,
      executor,
      beta: 0.1,
      seed: 6,
      options: {
        types: 2,
        rounds: 2,
        crossFit: true,
        prior: 0.1,
        optimizer: OPTIMIZER,
        starts: 2,
        settled: 0,
      },
      signal: stop.signal,
      emit: () => undefined,
      checkpointFiles: interruption?.files,
      checkpointDue: () => {
        steps++;
        if (steps === interruption?.afterStep) stop.abort(new Error('killed'));
        return steps % 3 === 0;
      },
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return undefined;
  } finally {
    counted = steps;
  }
}

let counted = 0;

function bytesOf(fit: LanguageFit): Buffer {
  const columns = [
    fit.gamma,
    fit.shares,
    ...[...fit.types, fit.plain].flatMap(({ parameters }) =>
      Object.values(parameters).map(({ data }) => data),
    ),
  ];
  return Buffer.concat(columns.map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength)));
}

for (const [device, make, kind] of [
  ['LoRA, one thread', () => onOnnxruntime(1), 'lora'],
  ['full fine-tuning, two threads', () => onOnnxruntime(2), 'full'],
] as const) {
  test(`training killed after any of ten steps goes on to the same bytes (${device})`, async () => {
    const executor = await make();
    const undisturbed = await smallTraining(executor, kind);
    assert.ok(undisturbed);
    const steps = counted;
    assert.ok(steps > 20, `${steps} steps`);
    const source = random(9);
    for (let i = 0; i < 10; i++) {
      const files = filesInMemory();
      const afterStep = 1 + source.below(steps - 1);
      assert.equal(await smallTraining(executor, kind, { files, afterStep }), undefined);
      const resumed = await smallTraining(executor, kind, { files, afterStep: Infinity });
      assert.ok(resumed);
      assert.ok(afterStep < 3 || counted < steps, 'it went on instead of beginning anew');
      assert.ok(bytesOf(resumed).equals(bytesOf(undisturbed)), `killed after step ${afterStep}`);
      assert.equal(resumed.logLikelihood, undisturbed.logLikelihood);
      assert.deepEqual(resumed.rounds, undisturbed.rounds);
    }
  });
}
