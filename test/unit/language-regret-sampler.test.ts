import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monteCarloRegret } from '../../src/aggregate/language/monte-carlo-regret';
import type { LanguagePolicies } from '../../src/aggregate/language/language-policies';
import { languageSampler, drawType } from '../../src/aggregate/language/language-sampler';
import type { PolicySource } from '../../src/aggregate/language/policy-source';
import { drawPrompts } from '../../src/aggregate/language/draw-prompts';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import type { HostTensors } from '../../src/compute/graph/program';
import { byteTokenizer } from '../../src/policy/transformer/byte-tokenizer';
import { generate, type Generated } from '../../src/policy/transformer/generate/generate';
import { openNetwork } from '../../src/policy/transformer/generate/network';
import { logSumExp } from '../../src/policy/transformer/generate/sampling';
import type { LanguageModel } from '../../src/policy/transformer/language-model';
import { fullPolicy, loraPolicy } from '../../src/training/language/transformer-policy';
import { configs, livelyAdapter, livelyWeights, logitsAfter, oracle, scored } from './generate-models';

const config = configs['Llama with grouped queries'];
const model: LanguageModel = {
  name: 'tiny',
  config,
  weights: livelyWeights(config, 21),
  tokenizer: byteTokenizer,
  hash: 'tiny',
};
const lora = { rank: 2, alpha: 4, targets: 'all-linear' } as const;
const adapters = [1, 2].map((seed) => livelyAdapter(config, seed, 0.05));
const withLora: LanguagePolicies = {
  model,
  trainable: loraPolicy(model, lora),
  scaling: 2,
  types: adapters.map(({ tensors }) => tensors),
  plain: livelyAdapter(config, 3, 0.05).tensors,
};
const prompts = ['How do I cook rice?', 'Hi', 'Tell me a story about a dog and a cat'].map((text) =>
  byteTokenizer.encodePrompt(text),
);
const sampling = { temperature: 1, topP: 1, maxTokens: 10 };

async function sampler(
  policies: LanguagePolicies,
  maxTokens = 10,
  onResponses?: (source: PolicySource, all: readonly Generated[]) => void,
) {
  await oracle();
  const executor = await onnxruntimeExecutor({ provider: 'cpu' });
  return languageSampler({
    executor,
    policies,
    prompts,
    population: 3,
    seed: 5,
    sampling: { ...sampling, maxTokens },
    onResponses,
  });
}

test('log-ratios of sampled responses are differences of the log-probabilities that the forward pass gives', async () => {
  let written: readonly Generated[] = [];
  const draw = await sampler(withLora, 10, (_, all) => (written = all));
  const { ratio, responses, cut } = await draw.sample({ kind: 'type', type: 1 }, 2);
  assert.equal(responses, 2);
  assert.equal(written.length, 6);
  assert.equal(cut, written.filter(({ ended }) => ended === 'length').length);
  written.forEach(({ tokens, logProbability }, y) => {
    const prompt = prompts[Math.floor(y / 2)];
    const reference = scored(config, model.weights, undefined, prompt, tokens);
    adapters.forEach((adapter, i) => {
      const expected = scored(config, model.weights, adapter, prompt, tokens) - reference;
      assert.ok(Math.abs(ratio[i][y] - expected) < 2e-3, `${ratio[i][y]} ${expected}`);
    });
    assert.ok(Math.abs(logProbability - reference - ratio[1][y]) < 2e-3);
  });
  await draw.dispose();
});

test('regrets of one-token responses, which can be enumerated, are the exact ones within their errors', async () => {
  const draw = await sampler(withLora, 1);
  const logPolicies = [undefined, ...adapters].map((adapter) =>
    prompts.map((prompt) => {
      const logits = logitsAfter(config, model.weights, adapter, prompt);
      const z = logSumExp(logits);
      return Float64Array.from(logits, (value) => value - z);
    }),
  );
  const [reference, ...types] = logPolicies;
  const exact = types.map((own) =>
    types.map((other) =>
      own.reduce(
        (sum, row, x) =>
          sum +
          row.reduce((s, value, t) => s + Math.exp(other[x][t]) * (value - reference[x][t]), 0) / own.length,
        0,
      ),
    ),
  );
  const samples = [];
  for (const type of [0, 1]) samples.push(await draw.sample({ kind: 'type', type }, 400));
  const { matrix, standardError } = monteCarloRegret(samples, [], 3);
  for (const [i, j] of [
    [0, 1],
    [1, 0],
  ]) {
    const truth = exact[i][i] - exact[i][j];
    assert.ok(standardError[i][j] > 0 && standardError[i][j] < truth, `${standardError[i][j]} of ${truth}`);
    assert.ok(Math.abs(matrix[i][j] - truth) < 4 * standardError[i][j], `${matrix[i][j]} ${truth}`);
  }
  await draw.dispose();
});

test('a mixture answers with the type that is drawn for each response; what is not there is refused in a sentence', async () => {
  const draw = await sampler(withLora);
  const weights = [0.5, 0.5];
  const mixed = await draw.write({ kind: 'mixture', weights }, 4);
  assert.deepEqual(mixed, await draw.write({ kind: 'mixture', weights }, 4));
  mixed.forEach(({ tokens, logProbability }, y) => {
    const type = drawType(weights, 5, [3, 0, Math.floor(y / 4), y % 4]);
    const expected = scored(config, model.weights, adapters[type], prompts[Math.floor(y / 4)], tokens);
    assert.ok(Math.abs(logProbability - expected) < 2e-3);
  });
  await assert.rejects(draw.write({ kind: 'distilled' }, 1), /no language model of a distilled policy/);
  await assert.rejects(draw.write({ kind: 'type', type: 2 }, 1), /no language model of type 3/);
  draw.learn(withLora.types[0]);
  const distilled = await draw.write({ kind: 'distilled' }, 1);
  assert.equal(distilled.length, 3);
  await draw.dispose();
});

test('policies whose weights all train are sampled and scored with their own', async () => {
  const types: HostTensors[] = [livelyWeights(config, 22), livelyWeights(config, 23)];
  let written: readonly Generated[] = [];
  const draw = await sampler({ model, trainable: fullPolicy(model), types }, 6, (_, all) => (written = all));
  const { ratio } = await draw.sample({ kind: 'type', type: 0 }, 1);
  written.forEach(({ tokens }, x) => {
    const reference = scored(config, model.weights, undefined, prompts[x], tokens);
    types.forEach((weights, i) => {
      const expected = scored(config, weights, undefined, prompts[x], tokens) - reference;
      assert.ok(Math.abs(ratio[i][x] - expected) < 2e-3 * Math.max(1, Math.abs(expected)));
    });
  });
  await draw.dispose();
});

test('prompts are drawn without replacement; all of them where there are fewer', () => {
  const all = [3, 5, 8, 13];
  assert.deepEqual(drawPrompts(all, 10, 1).sort((a, b) => a - b), all); // prettier-ignore
  const some = drawPrompts(all, 3, 2);
  assert.equal(new Set(some).size, 3);
  assert.ok(some.every((x) => all.includes(x)));
  assert.deepEqual(some, drawPrompts(all, 3, 2));
});

test('on onnxruntime too, a response is the same alone and among 64', async () => {
  const executor = await onnxruntimeExecutor({ provider: 'cpu' });
  const network = openNetwork(executor, model);
  const policy = network.policy(adapters[0]);
  const wanted = Array.from({ length: 64 }, (_, i) => ({
    prompt: byteTokenizer.encodePrompt('x'.repeat(i)),
    seed: 3,
    stream: [i],
  }));
  const all = await generate(policy, byteTokenizer, wanted, sampling);
  const [one] = await generate(policy, byteTokenizer, wanted.slice(20, 21), sampling);
  assert.deepEqual(one, all[20]);
  assert.ok(new Set(all.map(({ tokens }) => tokens.join())).size > 50);
  await network.dispose();
});
