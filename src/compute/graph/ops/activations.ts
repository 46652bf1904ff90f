/** Activations of transformers, with gradients that take fewer passes than those of their parts. */
import * as tf from '../tf';
import { fused } from './fused';

const SLOPE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), `gelu_new` of GPT-2 (Hendrycks, Gimpel 2016). */
export function geluTanh<T extends tf.Tensor>(x: T): T {
  return withGradient(
    x,
    (input) =>
      fused('Gelu', { x: input }, { approximate: 'tanh' }, () => {
        return [tf.mul(tf.mul(input, 0.5), tf.add(tf.tanh(inner(input)), 1))];
      })[0],
    (dy, input) => {
      // y = x σ(2u), since (1 + tanh u)/2 = σ(2u); 2xu′ = 3·2u − 4√(2/π) x for this cubic u.
      const twice = inner(input, 2);
      const s = tf.sigmoid(twice);
      const slope = tf.sub(tf.mul(twice, 3), tf.mul(input, 4 * SLOPE));
      return tf.mul(dy, tf.mul(s, tf.add(tf.mul(slope, tf.sub(1, s)), 1)));
    },
  );
}

/** √(2/π) (x + 0.044715 x³), scaled. */
function inner(x: tf.Tensor, scale = 1): tf.Tensor {
  return tf.mul(x, tf.add(tf.mul(tf.square(x), CUBIC * SLOPE * scale), SLOPE * scale));
}

/** x Φ(x) with the normal distribution function Φ, `gelu` (Hendrycks, Gimpel 2016). */
export function geluErf<T extends tf.Tensor>(x: T): T {
  return withGradient(
    x,
    (input) =>
      fused('Gelu', { x: input }, { approximate: 'none' }, () => {
        return [tf.mul(input, distribution(input))];
      })[0],
    (dy, input) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(input), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(distribution(input), tf.mul(input, density)));
    },
  );
}

function distribution(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
}

/** x σ(x), also called swish (Elfwing, Uchibe, Doya 2018). */
export function silu<T extends tf.Tensor>(x: T): T {
  return withGradient(
    x,
    (input) => tf.mul(input, tf.sigmoid(input)),
    (dy, input) => {
      const s = tf.sigmoid(input);
      return tf.mul(dy, tf.mul(s, tf.add(tf.mul(input, tf.sub(1, s)), 1)));
    },
  );
}

function withGradient<T extends tf.Tensor>(
  x: T,
  forward: (x: tf.Tensor) => tf.Tensor,
  backward: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
): T {
  const op = tf.customGrad((...args) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    return { value: forward(input), gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => backward(dy, saved) };
  });
  return op(x) as T;
}
