import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distil, type DistilInput } from '../../src/aggregate/language/distil';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import type { HostTensors } from '../../src/compute/graph/program';
import { mergeAdapter } from '../../src/policy/transformer/export/merge';
import { logSumExp } from '../../src/policy/transformer/generate/sampling';
import { fullPolicy, loraPolicy } from '../../src/training/language/transformer-policy';
import { logitsAfter, oracle } from './generate-models';
import { ALPHA, RANK, tinyAdapter, tinyScratch } from './generate-run';

const model = tinyScratch(1);
const types = [1, 2].map((seed) => tinyAdapter(model, seed));
const weights = [0.4, 0.6];
const prompts = Array.from({ length: 30 }, (_, x) => model.tokenizer.encodePrompt(`prompt ${x}`));

async function input(): Promise<DistilInput> {
  await oracle();
  return {
    executor: await onnxruntimeExecutor({ provider: 'cpu' }),
    policies: {
      model,
      trainable: loraPolicy(model, { rank: RANK, alpha: ALPHA, targets: 'all-linear' }),
      scaling: ALPHA / RANK,
      types,
    },
    weights,
    prompts,
    responses: 60,
    sampling: { temperature: 1, topP: 1, maxTokens: 1 },
    optimizer: {
      learningRate: 5e-3,
      batch: 32,
      accumulate: 1,
      epochs: 8,
      warmup: 5,
      weightDecay: 0,
      clip: 1,
    },
    seed: 1,
  };
}

/** log π of every token that may come first after a prompt. */
function first(adapter: HostTensors | undefined, prompt: Int32Array, weights = model.weights): Float64Array {
  const logits = logitsAfter(model.config, weights, adapter && { tensors: adapter, scaling: 2 }, prompt);
  const z = logSumExp(logits);
  return Float64Array.from(logits, (value) => value - z);
}

const byAdapter = (adapter: HostTensors, prompt: Int32Array) => first(adapter, prompt);

/** KL(mixture ‖ policy), exact: responses are one token long. */
function divergenceOf(policy: HostTensors, prompts: readonly Int32Array[], own = byAdapter): number {
  let sum = 0;
  for (const prompt of prompts) {
    const log = own(policy, prompt);
    const byType = types.map((type) => first(type, prompt));
    log.forEach((value, t) => {
      const p = byType.reduce((total, type, k) => total + weights[k] * Math.exp(type[t]), 0);
      sum += (p * (Math.log(p) - value)) / prompts.length;
    });
  }
  return sum;
}

test('the distilled policy is closer to the mixture than any type, and says how close', async () => {
  const { parameters, divergence, passes, trained, targets } = await distil(await input());
  assert.equal(targets, 'distributions');
  assert.equal(trained, 27 * 60);
  assert.ok(passes >= 1);
  const byType = types.map((type) => divergenceOf(type, prompts));
  const found = divergenceOf(parameters, prompts);
  assert.ok(found < 0.5 * Math.min(...byType), `${found} of ${byType.join()}`);
  // prompts that were kept out are a few of those that the exact number is about
  assert.ok(
    Math.abs(divergence.value - found) < 5 * divergence.standardError + 0.05,
    `${divergence.value} ${found}`,
  );
});

test('distributions teach more than the tokens drawn from them', async () => {
  const few = { ...(await input()), responses: 8 };
  const [soft, sampled] = [await distil(few), await distil({ ...few, targets: 'samples' })];
  assert.equal(soft.trained, sampled.trained);
  assert.equal(sampled.targets, 'samples');
  const [a, b] = [soft, sampled].map(({ parameters }) => divergenceOf(parameters, prompts));
  assert.ok(a < 0.5 * b, `${a} of ${b}`);
});

test('a type without weight teaches nothing, and the only one with weight is learnt at once', async () => {
  const alone = { ...(await input()), responses: 4, weights: [0, 1] };
  const { parameters, passes, divergence } = await distil(alone);
  assert.equal(passes, 0);
  assert.ok(Math.abs(divergence.value) < 1e-5);
  for (const [name, { data }] of Object.entries(parameters)) assert.deepEqual(data, types[1][name].data);
});

test('a policy that can be the mixture becomes it', async () => {
  // all weights train on one next token: any distribution is within reach
  const merged = types.map((tensors) =>
    mergeAdapter(model.config, model.weights, { tensors, scaling: ALPHA / RANK }),
  );
  const base = await input();
  const { parameters } = await distil({
    ...base,
    policies: { model, trainable: fullPolicy(model), types: merged },
    prompts: prompts.slice(0, 1),
    responses: 400,
    optimizer: { ...base.optimizer, epochs: 60, learningRate: 1e-3 },
  });
  const whole = (weights: HostTensors, prompt: Int32Array) => first(undefined, prompt, weights);
  const start = Math.min(...merged.map((type) => divergenceOf(type, prompts.slice(0, 1), whole)));
  const found = divergenceOf(parameters, prompts.slice(0, 1), whole);
  assert.ok(start > 0.02 && found < 1e-4, `${start} → ${found}`);
});

test('it is the same for the same seed, and stops when asked to', async () => {
  const short = { ...(await input()), responses: 10 };
  const [a, b] = [await distil(short), await distil(short)];
  for (const [name, { data }] of Object.entries(a.parameters))
    assert.deepEqual(data, b.parameters[name].data);
  const controller = new AbortController();
  const stopped = distil({
    ...short,
    signal: controller.signal,
    onProgress: () => {
      controller.abort(new Error('stop'));
    },
  });
  await assert.rejects(stopped, /stop/);
});
