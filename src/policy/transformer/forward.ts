import type { Tensors } from '../../compute/graph/program';
import * as tf from '../../compute/graph/tf';
import type { Adapter } from './adapter';
import { packedMask } from './attention';
import { decoderLayer, embed, finalNorm } from './decoder';
import { targetLogProbabilities } from './head';
import type { TransformerConfig } from './language-model';

/** The arrays of a PackedBatch as int32 tensors: [rows, length] and, from `predictor` on, [scored]. */
export interface BatchTensors {
  readonly tokens: tf.Tensor2D;
  readonly position: tf.Tensor2D;
  readonly block: tf.Tensor2D;
  readonly segment: tf.Tensor2D;
  readonly predictor: tf.Tensor1D;
  readonly target: tf.Tensor1D;
  readonly slot: tf.Tensor1D;
}

/** What the head sees of every token. @returns [rows, length, hidden], after the final norm */
export function hiddenStates(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  batch: BatchTensors,
): tf.Tensor3D {
  const x = finalNorm(config, weights, decode(config, weights, adapter, batch));
  return tf.reshape(x, [...batch.tokens.shape, config.hidden]);
}

/**
 * log π(y|x) of every response in the batch: the sum of its tokens' log-probabilities, in nats.
 *
 * @param slots number of responses
 * @returns [slots]
 */
export function responseLogProbabilities(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  batch: BatchTensors,
  slots: number,
): tf.Tensor1D {
  return sumBySlot(tokenLogProbabilities(config, weights, adapter, batch), batch.slot, slots);
}

/** log π of every scored token. @returns [scored]; entries of padding mean nothing */
export function tokenLogProbabilities(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  batch: BatchTensors,
): tf.Tensor1D {
  const x = predictorStates(config, weights, adapter, batch);
  return targetLogProbabilities(config, weights, x, batch.target, adapter !== undefined);
}

/** What the head sees before every scored token. @returns [scored, hidden], after the final norm */
export function predictorStates(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  batch: BatchTensors,
): tf.Tensor2D {
  const decoded = decode(config, weights, adapter, batch);
  // only what predicts a response's token goes through the head, the widest matrix of a model
  return finalNorm(config, weights, tf.gather(decoded, batch.predictor));
}

/** Sums of values by slot; slot −1 is left out. @param values [n] @returns [slots] */
export function sumBySlot(values: tf.Tensor1D, slot: tf.Tensor1D, slots: number): tf.Tensor1D {
  const index = tf.where<tf.Tensor1D>(tf.less(slot, 0), tf.fill([slot.size], slots, 'int32'), slot);
  return tf.slice(tf.unsortedSegmentSum(values, index, slots + 1), 0, slots);
}

/** Embeds and runs all layers. @returns [rows · length, hidden], before the final norm */
function decode(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  batch: BatchTensors,
): tf.Tensor2D {
  const [rows, length] = batch.tokens.shape;
  const mask = packedMask(config, batch.position, batch.block, batch.segment);
  const { x: embedded, turn } = embed(config, weights, batch.tokens, batch.position);
  let x = embedded;
  for (let layer = 0; layer < config.layers; layer++) {
    ({ x } = decoderLayer(config, weights, adapter, layer, { x, turn }, { rows, length, mask }));
  }
  return x;
}
