import * as tf from '../tf';
import { fused } from './fused';

/**
 * Layer normalisation over the last axis: (x − mean) / √(variance + ε) · gain + bias (Ba, Kiros, Hinton 2016).
 *
 * Its gradient is written out, because the one that follows from the parts takes twice as many passes over x.
 *
 * @param x [rows, width]
 * @param gain [width]
 * @param bias [width]
 */
export function layerNorm(
  x: tf.Tensor2D,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [value, mean, inverse] = forward(input, scale, shift, epsilon);
    save([input, scale, mean, inverse]);
    return { value, gradFunc: backward };
  });
  return op(x, gain, bias) as tf.Tensor2D;
}

function forward(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor[] {
  return fused('LayerNormalization', { x, gain, bias }, { epsilon }, () => {
    const mean = tf.mean(x, -1, true);
    const centred = tf.sub(x, mean);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    return [tf.add(tf.mul(tf.mul(centred, inverse), gain), bias), mean, inverse];
  });
}

function backward(dy: tf.Tensor, [x, gain, mean, inverse]: tf.Tensor[]): tf.Tensor[] {
  const normal = tf.mul(tf.sub(x, mean), inverse);
  const dyNormal = tf.mul(dy, normal);
  const width = x.shape[x.rank - 1];
  // Means over a row of dy·gain and of dy·gain·normal, as products with a vector.
  const weights = tf.reshape(tf.div(gain, width), [width, 1]);
  const first = tf.matMul(dy, weights);
  const second = tf.matMul(dyNormal, weights);
  const dx = tf.mul(inverse, tf.sub(tf.mul(dy, gain), tf.add(first, tf.mul(normal, second))));
  return [dx, tf.sum(dyNormal, 0), tf.sum(dy, 0)];
}
