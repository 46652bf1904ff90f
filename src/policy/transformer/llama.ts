import type { Tensors } from '../../compute/graph/program';
import { rmsNorm } from '../../compute/graph/ops/rms-norm';
import * as tf from '../../compute/graph/tf';
import { activate } from './activation';
import type { Adapter } from './adapter';
import { attend, type KeyValues, type Span } from './attention';
import type { TransformerConfig } from './language-model';
import { linear } from './linear';
import { rotate, type Angles } from './rotary';

/**
 * One decoder layer of Llama, Mistral, Qwen2 and SmolLM, which differ in sizes, biases and the attention's window only
 * (transformers' modeling_llama.py).
 *
 * @param x [tokens, hidden]
 * @param turn angles of the tokens' positions
 */
export function llamaLayer(
  config: TransformerConfig,
  weights: Tensors,
  adapter: Adapter | undefined,
  layer: number,
  x: tf.Tensor2D,
  span: Span,
  turn: Angles,
): { x: tf.Tensor2D; added: KeyValues } {
  const name = `model.layers.${layer}`;
  const norm = (part: string, y: tf.Tensor2D) =>
    rmsNorm(y, weights[`${name}.${part}.weight`] as tf.Tensor1D, config.normEpsilon);
  const map = (part: string, y: tf.Tensor2D) => linear(weights, adapter, `${name}.${part}`, y);
  const heads = (y: tf.Tensor2D, n: number) => tf.reshape<tf.Rank.R3>(y, [-1, n, config.headSize]);

  const y = norm('input_layernorm', x);
  const queries = rotate(heads(map('self_attn.q_proj', y), config.heads), turn);
  const keys = rotate(heads(map('self_attn.k_proj', y), config.keyValueHeads), turn);
  const values = heads(map('self_attn.v_proj', y), config.keyValueHeads);
  const { mixed, added } = attend(config, span, queries, keys, values);
  const attended = tf.add<tf.Tensor2D>(x, map('self_attn.o_proj', mixed));
  const z = norm('post_attention_layernorm', attended);
  const gate = activate(map('mlp.gate_proj', z), config.activation ?? 'silu');
  return {
    x: tf.add(attended, map('mlp.down_proj', tf.mul<tf.Tensor2D>(gate, map('mlp.up_proj', z)))),
    added,
  };
}
