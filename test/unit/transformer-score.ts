import type { Executor } from '../../src/compute/graph/executor';
import type { HostTensor, HostTensors } from '../../src/compute/graph/program';
import { loraB } from '../../src/policy/transformer/adapter';
import type { StoredAdapter } from '../../src/policy/transformer/export/peft-adapter';
import { responseLogProbabilities } from '../../src/policy/transformer/forward';
import type { TransformerConfig, Weights } from '../../src/policy/transformer/language-model';
import { initialAdapter, linearModules, type LoraOptions } from '../../src/policy/transformer/lora';
import { pack, type PackOptions } from '../../src/policy/transformer/packing';
import type { TokenRecord } from '../../src/policy/transformer/truncate';
import { random } from '../../src/random';
import { batchFeeds, batchInputs, batchTensors } from '../../src/training/language/batch-inputs';

/** log π(y|x) of every response of the records, in order. */
export async function score(
  executor: Executor,
  model: { readonly config: TransformerConfig; readonly weights: Weights },
  adapter: StoredAdapter | undefined,
  records: readonly TokenRecord[],
  options: PackOptions = {},
): Promise<Float32Array> {
  const batch = pack(records, options);
  const executable = await executor.compile({
    name: 'score',
    inputs: batchInputs(batch),
    constants: { ...model.weights, ...adapter?.tensors },
    compute: (tensors) => ({
      scores: responseLogProbabilities(
        model.config,
        tensors,
        adapter && { tensors, scaling: adapter.scaling },
        batchTensors(tensors),
        batch.slots,
      ),
    }),
  });
  const { scores } = await executable.run(batchFeeds(batch));
  await executable.dispose();
  return scores.data as Float32Array;
}

/** An adapter that changes something: B is drawn, too. */
export function drawnAdapter(
  config: TransformerConfig,
  options: LoraOptions,
  scaling: number,
): StoredAdapter {
  const tensors: Record<string, HostTensor> = { ...initialAdapter(config, options) };
  linearModules(config).forEach(({ name }, i) => {
    if (!(loraB(name) in tensors)) return;
    const source = random(options.seed, 1000 + i);
    tensors[loraB(name)] = {
      ...tensors[loraB(name)],
      data: tensors[loraB(name)].data.map(() => 0.2 * source.normal()),
    };
  });
  return { tensors, scaling };
}

/** Weights large enough that what they compute depends on everything. */
export function scaled(weights: HostTensors, factor: number): HostTensors {
  return Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [
      name,
      tensor.shape.length === 2 ? { ...tensor, data: tensor.data.map((v) => factor * v) } : tensor,
    ]),
  );
}

/** Records of random tokens. */
export function drawnRecords(
  vocabulary: number,
  shapes: readonly { readonly prompt: number; readonly responses: readonly number[] }[],
  seed: number,
): TokenRecord[] {
  const source = random(seed);
  const draw = (length: number) => Int32Array.from({ length }, () => source.below(vocabulary));
  return shapes.map(({ prompt, responses }, i) => ({
    line: i + 1,
    prompt: draw(prompt),
    responses: responses.map(draw),
  }));
}
