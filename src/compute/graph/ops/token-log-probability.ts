import * as tf from '../tf';
import { fused } from './fused';

/**
 * log softmax(logits) at the target of each row: the cross-entropy of a token with its sign turned.
 *
 * The gradient needs the softmax and the targets only: (one-hot − softmax) · dy.
 *
 * @param logits [tokens, vocabulary]
 * @param target [tokens], int32, each below the vocabulary
 * @returns [tokens]
 */
export function tokenLogProbability(logits: tf.Tensor2D, target: tf.Tensor1D): tf.Tensor1D {
  const op = tf.customGrad((...args) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const all = logSoftmax(input);
    // the targets, too: they may be a part of others, freed before the way back
    save([all, target]);
    return {
      value: pick(all, target),
      gradFunc: (dy: tf.Tensor, [saved, ids]: tf.Tensor[]) => backward(dy, saved, ids as tf.Tensor1D),
    };
  });
  return op(logits);
}

function logSoftmax(logits: tf.Tensor): tf.Tensor {
  return fused('LogSoftmax', { logits }, { axis: -1 }, () => [tf.logSoftmax(logits)])[0];
}

function pick(rows: tf.Tensor, target: tf.Tensor1D): tf.Tensor1D {
  const [one] = fused('GatherElements', { x: rows, indices: tf.expandDims(target, 1) }, {}, () => {
    return [tf.sum(tf.mul(rows, tf.oneHot(target, rows.shape[1]!)), 1, true)];
  });
  return tf.squeeze(one, [1]);
}

function backward(dy: tf.Tensor, all: tf.Tensor, target: tf.Tensor1D): tf.Tensor {
  const [tokens, vocabulary] = all.shape;
  const column = tf.reshape(dy, [tokens, 1]);
  const soft = tf.mul(tf.exp(all), tf.neg(column));
  const [sum] = fused(
    'ScatterElementsAdd',
    { x: soft, indices: tf.expandDims(target, 1), updates: column },
    {},
    () => {
      return [tf.add(soft, tf.mul(tf.oneHot(target, vocabulary), column))];
    },
  );
  return sum;
}
