import type { Tensors } from '../../compute/graph/program';
import { tokenLogProbability } from '../../compute/graph/ops/token-log-probability';
import * as tf from '../../compute/graph/tf';
import { headWeight } from './decoder';
import type { TransformerConfig } from './language-model';

/** Logits held at once: 64 MiB, some three times over. A batch of 2,048 tokens over 50,000 words would have 400 MiB. */
const MOST_LOGITS = 2 ** 24;

/**
 * log π(target | …) of every row, a part of the rows at a time where there are many words.
 *
 * @param x [n, hidden] after the final norm
 * @param target [n], int32
 * @param frozen the head is not trained: its gradient is left out
 * @returns [n]
 */
export function targetLogProbabilities(
  config: TransformerConfig,
  weights: Tensors,
  x: tf.Tensor2D,
  target: tf.Tensor1D,
  frozen: boolean,
  mostLogits = MOST_LOGITS,
): tf.Tensor1D {
  const head = headWeight(config, weights);
  const part = (rows: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor1D =>
    frozen
      ? throughFrozenHead(rows, head, ids)
      : tokenLogProbability(tf.matMul(rows, head, false, true), ids);
  const [n, hidden] = x.shape;
  const size = Math.max(1, Math.floor(mostLogits / config.vocabulary));
  if (n <= size) return part(x, target);
  const parts: tf.Tensor1D[] = [];
  for (let from = 0; from < n; from += size) {
    const rows = Math.min(size, n - from);
    parts.push(part(tf.slice2d(x, [from, 0], [rows, hidden]), tf.slice1d(target, from, rows)));
  }
  return tf.concat(parts);
}

/**
 * log softmax(x Wᵀ) at the targets, whose gradient by a row of x, W_target − softmax(x Wᵀ) W, is worked out on the way
 * there. So no logits have to be kept for the way back. Where no gradient is asked for, a trace drops that part.
 */
function throughFrozenHead(x: tf.Tensor2D, head: tf.Tensor2D, target: tf.Tensor1D): tf.Tensor1D {
  const op = tf.customGrad((...args) => {
    const [rows, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const logits: tf.Tensor2D = tf.matMul(rows, head, false, true);
    save([tf.sub(tf.gather(head, target), tf.matMul(tf.softmax(logits), head))]);
    return {
      value: tokenLogProbability(logits, target),
      gradFunc: (dy: tf.Tensor, [slope]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), slope),
    };
  });
  return op(x);
}
