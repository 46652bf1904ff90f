import * as tf from '../tf';

/**
 * Root mean square normalisation over the last axis: x / √(mean x² + ε) · gain (Zhang, Sennrich 2019), with its
 * gradient written out.
 *
 * @param x [rows, width]
 * @param gain [width]
 */
export function rmsNorm(x: tf.Tensor2D, gain: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const [input, scale, save] = args as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(input), -1, true), epsilon));
    save([input, scale, inverse]);
    return { value: tf.mul(tf.mul(input, inverse), scale), gradFunc: backward };
  });
  return op(x, gain) as tf.Tensor2D;
}

function backward(dy: tf.Tensor, [x, gain, inverse]: tf.Tensor[]): tf.Tensor[] {
  const normal = tf.mul(x, inverse);
  const dyNormal = tf.mul(dy, normal);
  const width = x.shape[x.rank - 1];
  const weights = tf.reshape(tf.div(gain, width), [width, 1]);
  const along = tf.matMul(dyNormal, weights); // mean of dy·gain·normal over a row
  return [tf.mul(inverse, tf.sub(tf.mul(dy, gain), tf.mul(normal, along))), tf.sum(dyNormal, 0)];
}
