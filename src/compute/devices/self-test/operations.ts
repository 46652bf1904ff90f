import { random } from '../../../random';
import { geluErf, geluTanh, silu } from '../../graph/ops/activations';
import { layerNorm } from '../../graph/ops/layer-norm';
import { rmsNorm } from '../../graph/ops/rms-norm';
import { tokenLogProbability } from '../../graph/ops/token-log-probability';
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
        const normal = layerNorm(x as tf.Tensor2D, gain as tf.Tensor1D, bias as tf.Tensor1D, 1e-5);
        return tf.sum(tf.mul(normal, w)).asScalar();
      },
    ),
    lossTrial(
      'RMS norm',
      { x: randomFloats(draw, [7, 16], 3), gain: randomFloats(draw, [16]), w: randomFloats(draw, [7, 16]) },
      ({ x, gain, w }) => tf.sum(tf.mul(rmsNorm(x as tf.Tensor2D, gain as tf.Tensor1D, 1e-5), w)).asScalar(),
    ),
    ...Object.entries({ 'GELU by tanh': geluTanh, 'GELU by erf': geluErf, SiLU: silu }).map(
      ([name, activation]) =>
        lossTrial(name, { x: randomFloats(draw, [6, 13], 3), w: randomFloats(draw, [6, 13]) }, ({ x, w }) =>
          tf.sum(tf.mul(activation(x), w)).asScalar(),
        ),
    ),
    lossTrial(
      'token log-probability',
      {
        logits: randomFloats(draw, [9, 31], 3),
        targets: randomIndices(draw, [9], 31),
        w: randomFloats(draw, [9]),
      },
      ({ logits, targets, w }) =>
        tf.sum(tf.mul(tokenLogProbability(logits as tf.Tensor2D, targets as tf.Tensor1D), w)).asScalar(),
    ),
    lossTrial(
      'segment sum',
      { x: randomFloats(draw, [40]), segments: randomIndices(draw, [40], 6), w: randomFloats(draw, [6]) },
      ({ x, segments, w }) =>
        tf.sum(tf.mul(tf.unsortedSegmentSum(x, segments as tf.Tensor1D, 6), w)).asScalar(),
    ),
  ];
}
