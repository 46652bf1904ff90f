import * as tf from '../../compute/graph/tf';
import type { Rotary } from './language-model';

/** cos and signed sin of every token's angles, [tokens, 1, headSize]: the same for all heads and layers. */
export interface Angles {
  readonly cos: tf.Tensor3D;
  /** −sin for the first half of a head, sin for the second. */
  readonly sin: tf.Tensor3D;
}

/**
 * Angle by position of each pair of units, headSize / 2 of them, as transformers computes them
 * (modeling_rope_utils.py). Dynamic scaling changes nothing up to the original number of positions, and longer
 * sequences are refused where the configuration is read.
 */
export function frequencies({ theta, scaling }: Rotary, headSize: number): Float32Array {
  return Float32Array.from({ length: headSize / 2 }, (_, i) => {
    const plain = theta ** ((-2 * i) / headSize);
    if (scaling?.kind === 'linear') return plain / scaling.factor;
    if (scaling?.kind !== 'llama3') return plain;
    const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions } = scaling;
    const turns = (originalPositions * plain) / (2 * Math.PI);
    // fewer turns than `low` over the original context: stretched; more than `high`: kept; between: blended
    const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return ((1 - kept) * plain) / factor + kept * plain;
  });
}

/** @param position int32, one for each token, any shape */
export function angles(rotary: Rotary, headSize: number, position: tf.Tensor): Angles {
  const half = tf.tensor2d(frequencies(rotary, headSize), [1, headSize / 2]);
  const angle = tf.mul(tf.reshape(tf.cast(position, 'float32'), [-1, 1]), half);
  const cos = tf.cos(angle);
  const sin = tf.sin(angle);
  return {
    cos: tf.expandDims(tf.concat([cos, cos], 1), 1),
    sin: tf.expandDims(tf.concat([tf.neg(sin), sin], 1), 1),
  };
}

/** Turns each pair (x_i, x_{i + headSize/2}) by its angle (Su et al. 2021). @param x [tokens, heads, headSize] */
export function rotate(x: tf.Tensor3D, { cos, sin }: Angles): tf.Tensor3D {
  const [first, second] = tf.split(x, 2, 2);
  return tf.add(tf.mul(x, cos), tf.mul(tf.concat([second, first], 2), sin));
}
