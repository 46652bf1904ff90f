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

/** Positions that one row of the coarse table stands for. */
const STEP = 64;

/**
 * Angles of the tokens' positions. Sines come from tables that are worked out here in f64: a GPU's own sine may be off by
 * 2^-11, and by anything beyond ±π (WGSL, "Accuracy of built-in functions"). The angle of position 64 a + b is that of
 * 64 a and that of b added, so the tables stay small.
 *
 * @param position int32, one for each token, any shape, each below `positions`
 */
export function angles(rotary: Rotary, headSize: number, positions: number, position: tf.Tensor): Angles {
  const frequency = frequencies(rotary, headSize);
  const at = tf.cast(tf.reshape(position, [-1]), 'float32');
  const high = tf.floor(tf.div(at, STEP));
  const low = tf.sub(at, tf.mul(high, STEP));
  const coarse = lookUp(frequency, STEP, Math.ceil(positions / STEP), high);
  const fine = lookUp(frequency, 1, STEP, low);
  const cos = tf.sub(tf.mul(coarse.cos, fine.cos), tf.mul(coarse.sin, fine.sin));
  const sin = tf.add(tf.mul(coarse.sin, fine.cos), tf.mul(coarse.cos, fine.sin));
  return {
    cos: tf.expandDims(tf.concat([cos, cos], 1), 1),
    sin: tf.expandDims(tf.concat([tf.neg(sin), sin], 1), 1),
  };
}

/** cos and sin of row · step · frequency, [tokens, headSize / 2]. */
function lookUp(frequency: Float32Array, step: number, rows: number, row: tf.Tensor) {
  const half = frequency.length;
  const table = (f: (angle: number) => number) =>
    tf.gather(
      tf.tensor2d(
        Float32Array.from({ length: rows * half }, (_, i) =>
          f(Math.floor(i / half) * step * frequency[i % half]),
        ),
        [rows, half],
      ),
      tf.cast(row, 'int32'),
    );
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

/** Turns each pair (x_i, x_{i + headSize/2}) by its angle (Su et al. 2021). @param x [tokens, heads, headSize] */
export function rotate(x: tf.Tensor3D, { cos, sin }: Angles): tf.Tensor3D {
  const [first, second] = tf.split(x, 2, 2);
  return tf.add(tf.mul(x, cos), tf.mul(tf.concat([second, first], 2), sin));
}
