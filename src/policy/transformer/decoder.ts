import type { Tensors } from '../../compute/graph/program';
import { layerNorm } from '../../compute/graph/ops/layer-norm';
import { rmsNorm } from '../../compute/graph/ops/rms-norm';
import * as tf from '../../compute/graph/tf';
import type { Adapter } from './adapter';
import type { KeyValues, Span } from './attention';
import { gpt2Layer } from './gpt2';
import type { TransformerConfig } from './language-model';
import { llamaLayer } from './llama';
import { angles, type Angles } from './rotary';

/** What enters the first layer: the tokens' vectors, and the angles of their positions where the family rotates. */
export interface Embedded {
  /** [tokens, hidden] */
  readonly x: tf.Tensor2D;
  readonly turn?: Angles;
}

/** Name of the token embedding, which is the output head too where the two are tied. */
export function embeddingName(config: TransformerConfig): string {
  return config.family === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight';
}

/** @param tokens, position int32 of any one shape, flattened here */
export function embed(
  config: TransformerConfig,
  weights: Tensors,
  tokens: tf.Tensor,
  position: tf.Tensor,
): Embedded {
  const look = (name: string, ids: tf.Tensor): tf.Tensor2D =>
    tf.gather(weights[name] as tf.Tensor2D, tf.reshape<tf.Rank.R1>(ids, [-1]));
  const x = look(embeddingName(config), tokens);
  if (config.family === 'gpt2') return { x: tf.add(x, look('transformer.wpe.weight', position)) };
  if (!config.rotary)
    throw new Error(`A ${config.family} model needs rotary embeddings in its configuration.`);
  return { x, turn: angles(config.rotary, config.headSize, config.positions, position) };
}

/** Layer number `layer`, from 0. Returns the tokens' new vectors, and their keys and values for a later step. */
export function decoderLayer(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  layer: number,
  { x, turn }: Embedded,
  span: Span,
): { x: tf.Tensor2D; added: KeyValues } {
  return turn
    ? llamaLayer(config, weights, adapter, layer, x, span, turn)
    : gpt2Layer(config, weights, adapter, layer, x, span);
}

/** The norm between the last layer and the head. @param x [n, hidden] */
export function finalNorm(config: TransformerConfig, weights: Tensors, x: tf.Tensor2D): tf.Tensor2D {
  const vector = (name: string) => weights[name] as tf.Tensor1D;
  return config.family === 'gpt2'
    ? layerNorm(x, vector('transformer.ln_f.weight'), vector('transformer.ln_f.bias'), config.normEpsilon)
    : rmsNorm(x, vector('model.norm.weight'), config.normEpsilon);
}

/** The matrix from hidden states to logits, [vocabulary, hidden]. */
export function headWeight(config: TransformerConfig, weights: Tensors): tf.Tensor2D {
  return weights[config.tied ? embeddingName(config) : 'lm_head.weight'] as tf.Tensor2D;
}

/** @param x [n, hidden] after `finalNorm` @returns [n, vocabulary] */
export function logits(config: TransformerConfig, weights: Tensors, x: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(x, headWeight(config, weights), false, true);
}
