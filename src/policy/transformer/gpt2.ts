import type { Tensors } from '../../compute/graph/program';
import { layerNorm } from '../../compute/graph/ops/layer-norm';
import * as tf from '../../compute/graph/tf';
import { activate } from './activation';
import type { Adapter } from './adapter';
import { attend, type KeyValues, type Span } from './attention';
import type { TransformerConfig } from './language-model';
import { linear } from './linear';

/** One decoder layer of GPT-2 (Radford et al. 2019; transformers' modeling_gpt2.py). @param x [tokens, hidden] */
export function gpt2Layer(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  layer: number,
  x: tf.Tensor2D,
  span: Span,
): { x: tf.Tensor2D; added: KeyValues } {
  const name = `transformer.h.${layer}`;
  const vector = (part: string) => weights[`${name}.${part}`] as tf.Tensor1D;
  const norm = (part: string, y: tf.Tensor2D) =>
    layerNorm(y, vector(`${part}.weight`), vector(`${part}.bias`), config.normEpsilon);
  const map = (part: string, y: tf.Tensor2D) => linear(weights, adapter, `${name}.${part}`, y, 'in-out');

  const [queries, keys, values] = tf
    .split(map('attn.c_attn', norm('ln_1', x)), 3, 1)
    .map((y) => tf.reshape<tf.Rank.R3>(y, [-1, config.heads, config.headSize]));
  const { mixed, added } = attend(config, span, queries, keys, values);
  const attended = tf.add<tf.Tensor2D>(x, map('attn.c_proj', mixed));
  const wide = activate(map('mlp.c_fc', norm('ln_2', attended)), config.activation ?? 'gelu-tanh');
  return { x: tf.add(attended, map('mlp.c_proj', wide)), added };
}
