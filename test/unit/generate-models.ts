import type { Executor } from '../../src/compute/graph/executor';
import type { HostTensor, HostTensors } from '../../src/compute/graph/program';
import { eagerExecutor } from '../../src/compute/graph/executors/eager-executor';
import { onBackend } from '../../src/compute/graph/on-backend';
import * as tf from '../../src/compute/graph/tf';
import type { Adapter } from '../../src/policy/transformer/adapter';
import { byteTokenizer } from '../../src/policy/transformer/byte-tokenizer';
import { hiddenStates, responseLogProbabilities } from '../../src/policy/transformer/forward';
import { logits } from '../../src/policy/transformer/decoder';
import type { HostAdapter } from '../../src/policy/transformer/generate/decoder-programs';
import { initialAdapter } from '../../src/policy/transformer/lora';
import type { TransformerConfig, Weights } from '../../src/policy/transformer/language-model';
import { pack } from '../../src/policy/transformer/packing';
import { initialWeights } from '../../src/policy/transformer/scratch';
import { random } from '../../src/random';

const common = {
  layers: 2,
  hidden: 16,
  heads: 4,
  headSize: 4,
  intermediate: 24,
  vocabulary: byteTokenizer.vocabulary,
  positions: 160,
  normEpsilon: 1e-5,
  tied: true,
  attentionBias: false,
} as const;

/** One small model of each kind of attention and position. */
export const configs: Record<string, TransformerConfig> = {
  'GPT-2': { ...common, family: 'gpt2', keyValueHeads: 4 },
  'Llama with grouped queries': {
    ...common,
    family: 'llama',
    keyValueHeads: 2,
    tied: false,
    rotary: { theta: 10_000 },
  },
  'Mistral with a window': {
    ...common,
    family: 'mistral',
    keyValueHeads: 1,
    slidingWindow: 7,
    rotary: { theta: 500 },
  },
};

/** Weights large enough that tokens differ in probability. */
export function livelyWeights(config: TransformerConfig, seed: number): Weights {
  return louder(initialWeights(config, seed), 8);
}

/** An adapter that changes something: B is not 0. */
export function livelyAdapter(config: TransformerConfig, seed: number, size = 0.3): HostAdapter {
  const source = random(seed, 99);
  const tensors: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(
    initialAdapter(config, { rank: 2, targets: 'all-linear', seed }),
  )) {
    const data = name.includes('lora_B')
      ? Float32Array.from(tensor.data, () => size * source.normal())
      : Float32Array.from(tensor.data);
    tensors[name] = { ...tensor, data };
  }
  return { tensors, scaling: 2 };
}

function louder(weights: HostTensors, times: number): HostTensors {
  return Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [
      name,
      tensor.shape.length === 2
        ? { ...tensor, data: Float32Array.from(tensor.data, (v) => times * v) }
        : tensor,
    ]),
  );
}

/** Must have been called before anything below. */
export function oracle(): Promise<Executor> {
  return eagerExecutor({ backend: 'cpu' });
}

function toTensors(tensors: HostTensors): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape, dtype }]) => [
      name,
      tf.tensor(data, [...shape], dtype),
    ]),
  );
}

const onDevice = (adapter?: HostAdapter): Adapter | undefined =>
  adapter && { tensors: toTensors(adapter.tensors), scaling: adapter.scaling };

function batchTensors(prompt: Int32Array, responses: readonly Int32Array[]) {
  const { rows, length, slots, ...batch } = pack([{ line: 1, prompt, responses }]);
  const grid = (data: Int32Array) => tf.tensor2d(data, [rows, length], 'int32');
  const list = (data: Int32Array) => tf.tensor1d(data, 'int32');
  return {
    slots,
    length,
    tensors: {
      tokens: grid(batch.tokens),
      position: grid(batch.position),
      block: grid(batch.block),
      segment: grid(batch.segment),
      predictor: list(batch.predictor),
      target: list(batch.target),
      slot: list(batch.slot),
    },
  };
}

/** log π(response | prompt) by the packed forward pass. */
export function scored(
  config: TransformerConfig,
  weights: Weights,
  adapter: HostAdapter | undefined,
  prompt: Int32Array,
  response: Int32Array,
): number {
  return onBackend('cpu', () => {
    const { tensors, slots } = batchTensors(prompt, [response]);
    return responseLogProbabilities(
      config,
      toTensors(weights),
      onDevice(adapter),
      tensors,
      slots,
    ).dataSync()[0];
  });
}

/** Logits of the token after `text`, by a pass over all of it. */
export function logitsAfter(
  config: TransformerConfig,
  weights: Weights,
  adapter: HostAdapter | undefined,
  text: Int32Array,
): Float32Array {
  return onBackend('cpu', () => {
    const { tensors } = batchTensors(text.subarray(0, 1), [Int32Array.of(...text.subarray(1), 0)]);
    const constants = toTensors(weights);
    const hidden = hiddenStates(config, constants, onDevice(adapter), tensors);
    const last = tf.slice(tf.reshape(hidden, [-1, config.hidden]), [text.length - 1, 0], [1, config.hidden]);
    return logits(config, constants, last as tf.Tensor2D).dataSync<'float32'>();
  });
}
