import type { Tensors } from '../../compute/graph/program';
import * as tf from '../../compute/graph/tf';
import { loraA, loraB, type Adapter } from './adapter';

/** How a checkpoint keeps a matrix: torch's Linear as [out, in], GPT-2's Conv1D as [in, out]. */
export type Layout = 'out-in' | 'in-out';

/**
 * x W (+ b) (+ scaling · x Aᵀ Bᵀ where the adapter changes this module). The bias is added where the checkpoint has one.
 *
 * @param x [n, in]
 * @param module name of the weight without `.weight`
 * @returns [n, out]
 */
export function linear(
  weights: Tensors,
  adapter: Adapter | undefined,
  module: string,
  x: tf.Tensor2D,
  layout: Layout = 'out-in',
): tf.Tensor2D {
  let y: tf.Tensor2D = tf.matMul(x, weights[`${module}.weight`], false, layout === 'out-in');
  if (`${module}.bias` in weights) y = tf.add(y, weights[`${module}.bias`]);
  if (!adapter || !(loraA(module) in adapter.tensors)) return y;
  const low: tf.Tensor2D = tf.matMul(x, adapter.tensors[loraA(module)], false, true);
  // scaling the narrow product is cheaper than scaling the wide one
  const scaled = tf.mul<tf.Tensor2D>(low, adapter.scaling);
  return tf.add(y, tf.matMul(scaled, adapter.tensors[loraB(module)] as tf.Tensor2D, false, true));
}
