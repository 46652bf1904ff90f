import { random } from '../../../random';
import type { HostTensor, Tensors } from '../../graph/program';
import { geluTanh } from '../../graph/ops/activations';
import { rmsNorm } from '../../graph/ops/rms-norm';
import { tokenLogProbability } from '../../graph/ops/token-log-probability';
import * as tf from '../../graph/tf';
import { randomFloats, randomIndices } from './random-tensor';
import { lossTrial } from './trial';
import type { Trial } from './trial';

export interface StepSize {
  readonly rows: number;
  /** Tokens of a row. */
  readonly length: number;
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
  readonly vocabulary: number;
}

/** Small enough for plain JavaScript. */
export const SMALL: StepSize = { rows: 2, length: 9, hidden: 16, heads: 2, layers: 2, vocabulary: 29 };

/** Large enough that a device's speed shows: 0.4 million parameters, 256 tokens. */
export const TIMED: StepSize = { rows: 4, length: 64, hidden: 128, heads: 4, layers: 2, vocabulary: 256 };

/** The loss of next-token prediction of a decoder-only transformer, with the gradients of all its weights. */
export function transformerStep(size: StepSize): Trial {
  const { rows, length, hidden, layers, vocabulary } = size;
  const draw = random(21);
  const weight = (...shape: number[]) => randomFloats(draw, shape, 0.5 / Math.sqrt(shape[0]));
  const feeds: Record<string, HostTensor> = {
    tokens: randomIndices(draw, [rows * length], vocabulary),
    targets: randomIndices(draw, [rows * length], vocabulary),
    embedding: randomFloats(draw, [vocabulary, hidden], 0.5),
    position: randomFloats(draw, [length, hidden], 0.5),
    gain: randomFloats(draw, [hidden]),
  };
  for (let layer = 0; layer < layers; layer++) {
    for (const name of ['query', 'key', 'value', 'output']) feeds[`${name}${layer}`] = weight(hidden, hidden);
    feeds[`up${layer}`] = weight(hidden, 4 * hidden);
    feeds[`down${layer}`] = weight(4 * hidden, hidden);
  }
  return lossTrial('transformer step', feeds, (tensors) => loss(size, tensors));
}

function loss({ rows, length, hidden, heads, layers }: StepSize, given: Tensors): tf.Scalar {
  const matrix = (name: string) => given[name] as tf.Tensor2D;
  const normalised = (x: tf.Tensor) => rmsNorm(flat(x, hidden), given.gain as tf.Tensor1D, 1e-5);
  const width = hidden / heads;
  // later tokens are out of sight
  const mask = tf.mul(tf.sub(1, tf.tensor2d(lowerTriangle(length), [length, length])), -1e9);
  const split = (x: tf.Tensor) =>
    tf.reshape(tf.transpose(tf.reshape(x, [rows, length, heads, width]), [0, 2, 1, 3]), [
      rows * heads,
      length,
      width,
    ]);

  const tokens = given.tokens as tf.Tensor1D;
  let stream: tf.Tensor = tf.add(
    tf.reshape(tf.gather(matrix('embedding'), tokens), [rows, length, hidden]),
    given.position,
  );
  for (let layer = 0; layer < layers; layer++) {
    const x = normalised(stream);
    const [query, key, value] = ['query', 'key', 'value'].map((name) =>
      split(tf.matMul(x, matrix(`${name}${layer}`))),
    );
    const scores = tf.add(tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width)), mask);
    const mixed = tf.reshape(tf.matMul(tf.softmax(scores), value), [rows, heads, length, width]);
    const joined = flat(tf.transpose(mixed, [0, 2, 1, 3]), hidden);
    stream = tf.add(stream, tf.reshape(tf.matMul(joined, matrix(`output${layer}`)), [rows, length, hidden]));
    const inner = geluTanh(tf.matMul(normalised(stream), matrix(`up${layer}`)));
    stream = tf.add(stream, tf.reshape(tf.matMul(inner, matrix(`down${layer}`)), [rows, length, hidden]));
  }
  const logits = tf.matMul<tf.Tensor2D>(normalised(stream), matrix('embedding'), false, true);
  return tf.neg(tf.mean(tokenLogProbability(logits, given.targets as tf.Tensor1D))).asScalar();
}

function flat(x: tf.Tensor, hidden: number): tf.Tensor2D {
  return tf.reshape(x, [-1, hidden]);
}

function lowerTriangle(length: number): Float32Array {
  return Float32Array.from({ length: length * length }, (_, i) =>
    i % length <= Math.floor(i / length) ? 1 : 0,
  );
}
