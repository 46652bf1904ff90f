import { random } from '../../../random';
import * as tf from '../../graph/tf';
import { randomFloats, randomIndices } from './random-tensor';
import { lossTrial } from './trial';
import type { Trial } from './trial';

/** The operations that training is made of, one program each, so that a message can name the one that is wrong. */
export function operationTrials(): Trial[] {
  const draw = random(20);
  return [
    lossTrial(
      'matrix product',
      {
        a: randomFloats(draw, [3, 17, 9]),
        b: randomFloats(draw, [3, 9, 21]),
        w: randomFloats(draw, [3, 17, 21]),
      },
      ({ a, b, w }) => tf.sum(tf.mul(tf.matMul(a, b), w)).asScalar(),
    ),
    lossTrial(
      'gather',
      {
        table: randomFloats(draw, [11, 6]),
        rows: randomIndices(draw, [31], 11),
        w: randomFloats(draw, [31, 6]),
      },
      ({ table, rows, w }) => tf.sum(tf.mul(tf.gather(table, rows.toInt()), w)).asScalar(),
    ),
    lossTrial('softmax', { x: randomFloats(draw, [5, 23], 4), w: randomFloats(draw, [5, 23]) }, ({ x, w }) =>
      tf.sum(tf.mul(tf.softmax(x), w)).asScalar(),
    ),
    lossTrial(
      'layer norm',
      {
        x: randomFloats(draw, [7, 16], 3),
        gain: randomFloats(draw, [16]),
        bias: randomFloats(draw, [16]),
        w: randomFloats(draw, [7, 16]),
      },
      ({ x, gain, bias, w }) => {
        const centred = tf.sub(x, tf.mean(x, -1, true));
        const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5));
        const normal = tf.add(tf.mul(tf.mul(centred, scale), gain), bias);
        return tf.sum(tf.mul(normal, w)).asScalar();
      },
    ),
    lossTrial(
      'segment sum',
      { x: randomFloats(draw, [40]), segments: randomIndices(draw, [40], 6), w: randomFloats(draw, [6]) },
      ({ x, segments, w }) =>
        tf.sum(tf.mul(tf.unsortedSegmentSum(x, segments as tf.Tensor1D, 6), w)).asScalar(),
    ),
  ];
}
