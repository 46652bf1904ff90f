/**
 * What the Monte Carlo regret matrix of language models costs: the scratch model of 0.9 million parameters, random
 * adapters for 3 types, 64 prompts with 8 responses each. Prints tokens written a second (batches of 64) and seconds of
 * each part.
 *
 *   node --import tsx --import ./scripts/tensorflow-esm.mjs test/bench/language-regret.ts [threads]
 */
import { aggregateLanguage } from '../../src/aggregate/language/aggregate-language';
import { languageSampler } from '../../src/aggregate/language/language-sampler';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import { generate } from '../../src/policy/transformer/generate/generate';
import { openNetwork } from '../../src/policy/transformer/generate/network';
import { initialAdapter } from '../../src/policy/transformer/lora';
import { scratchModel } from '../../src/policy/transformer/scratch';
import { random } from '../../src/random';
import { loraPolicy } from '../../src/training/language/transformer-policy';

const threads = Number(process.argv[2] ?? 1);
const executor = await onnxruntimeExecutor({ provider: 'cpu', threads });
const model = scratchModel();
const lora = { rank: 8, alpha: 16, targets: 'all-linear' } as const;
const prompts = Array.from({ length: 64 }, (_, x) =>
  model.tokenizer.encodePrompt(`Explain number ${x} to a child in a few words.`),
);
const adapters = [1, 2, 3].map((seed) => {
  const source = random(seed);
  const fresh = initialAdapter(model.config, { rank: lora.rank, targets: lora.targets, seed });
  return Object.fromEntries(
    Object.entries(fresh).map(([name, tensor]) => [
      name,
      name.includes('lora_B')
        ? { ...tensor, data: Float32Array.from(tensor.data, () => 0.03 * source.normal()) }
        : tensor,
    ]),
  );
});

const network = openNetwork(executor, model);
const writer = network.policy({ tensors: adapters[0], scaling: lora.alpha / lora.rank });
const noEnd = { ...model.tokenizer, endOfText: -1 };
for (const rows of [1, 64]) {
  const wanted = prompts.slice(0, rows).map((prompt, x) => ({ prompt, seed: 1, stream: [x] }));
  const sampling = { temperature: 1, topP: 1, maxTokens: 128 };
  await generate(writer, noEnd, wanted, sampling);
  const before = process.cpuUsage();
  const start = performance.now();
  await generate(writer, noEnd, wanted, sampling);
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(before);
  const tokens = rows * 128;
  console.log(
    `batch ${rows}, ${threads} threads: ${Math.round(tokens / seconds)} tokens/s; ` +
      `${Math.round((1e6 * tokens) / (used.user + used.system))} a second of processor time`,
  );
}
await network.dispose();

let [phase, since] = ['', performance.now()];
const tell = (title: string) => {
  if (phase !== '') console.log(`${phase}: ${((performance.now() - since) / 1000).toFixed(1)} s`);
  [phase, since] = [title, performance.now()];
};
const sampler = languageSampler({
  executor,
  policies: { model, trainable: loraPolicy(model, lora), scaling: lora.alpha / lora.rank, types: adapters },
  prompts,
  population: 500,
  seed: 1,
  sampling: { temperature: 1, topP: 1, maxTokens: 96 },
});
const { summary, candidates, alarms } = await aggregateLanguage({
  sampler,
  responses: 8,
  names: ['type 1', 'type 2', 'type 3'],
  protection: [],
  solver: 'exact',
  seed: 1,
  plain: false,
  onPhase: tell,
});
tell('');
console.log(JSON.stringify({ ...summary, candidates, alarms }, undefined, 1));
