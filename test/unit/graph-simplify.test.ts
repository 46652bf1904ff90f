// Programs put together at random: simplified or not, a graph computes what TensorFlow.js does, gradients too.
import { test } from 'node:test';
import fc from 'fast-check';
import * as tf from '../../src/compute/graph/tf';
import { compareWithOracle, floats, withGradients } from './graph-compare';

const [ROWS, COLUMNS] = [3, 4];

/** From matrices of 3 × 4 to another; values stay between −2 and 2. */
const STEPS: Readonly<Record<string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor>> = {
  add: (x, y) => tf.tanh(tf.add(x, y)),
  'add twice the same': (x, y) => tf.tanh(tf.add(tf.mul(x, y), tf.mul(x, y))),
  multiply: (x, y) => tf.mul(x, tf.sin(y)),
  'subtract the mean': (x) => tf.sub(x, tf.mean(x, 1, true)),
  'spread a sum over columns': (x, y) => tf.tanh(tf.mul(tf.sum(x, 1, true), tf.onesLike(y))),
  'spread a sum over rows': (x, y) => tf.tanh(tf.add(tf.mul(tf.sum(y, 0, true), tf.ones([ROWS, 1])), x)),
  'spread twice': (x) =>
    tf.tanh(
      tf.mul(
        tf.mul(tf.sum(x, 1, true), tf.ones([ROWS, COLUMNS])),
        tf.mul(tf.max(x, 0, true), tf.ones([ROWS, 1])),
      ),
    ),
  'tile and add': (x, y) => tf.tanh(tf.add(tf.tile(tf.mean(x, 0, true), [ROWS, 1]), y)),
  'ones and zeros': (x) => tf.div(tf.add(tf.mul(x, tf.ones([ROWS, COLUMNS])), tf.zeros([COLUMNS])), 1),
  'negate twice': (x) => tf.neg(tf.mul(x, -1)),
  'gram product': (x, y) => tf.tanh(tf.matMul(tf.matMul(x, y, false, true), x)),
  'product of transposes': (x, y) =>
    tf.tanh(tf.transpose(tf.matMul(tf.transpose(y), tf.matMul(x, y, false, true)))),
  'product and bias': (x, y) => tf.tanh(tf.add(tf.matMul(tf.matMul(x, x, false, true), y), tf.mean(y, 0))),
  'product and its own input': (x, y) => tf.tanh(tf.add(x, tf.matMul(tf.matMul(y, x, false, true), x))),
  'there and back': (x) => tf.reshape(tf.reshape(tf.transpose(tf.transpose(x)), [2, 6]), [ROWS, COLUMNS]),
  'split and join': (x, y) => {
    const [a, b] = tf.split(x, 2, 1);
    return tf.concat([tf.mul(b, tf.slice(y, [0, 1], [ROWS, 2])), a], 1);
  },
  choose: (x, y) => {
    const checks = tf.tensor2d(
      Array.from({ length: ROWS * COLUMNS }, (_, i) => i % 2),
      [ROWS, COLUMNS],
      'bool',
    );
    return tf.where(checks, x, tf.mul(tf.mean(y, 1, true), tf.ones([ROWS, COLUMNS])));
  },
  softmax: (x) => tf.softmax(x),
  gather: (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32')),
  heads: (x, y) => {
    const byHead = (z: tf.Tensor): tf.Tensor => tf.transpose(tf.reshape(z, [ROWS, 2, 2]), [1, 0, 2]);
    const mixed = tf.matMul(tf.softmax(tf.matMul(byHead(x), byHead(y), false, true)), byHead(x));
    return tf.reshape(tf.transpose(mixed, [1, 0, 2]), [ROWS, COLUMNS]);
  },
};

test('random programs', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.nat(), fc.nat()), {
        minLength: 1,
        maxLength: 10,
      }),
      fc.nat(1000),
      async (steps, phase) => {
        const wave = (shift: number): ReturnType<typeof floats> =>
          floats(
            [ROWS, COLUMNS],
            Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.sin(1.3 * i + shift + phase)),
          );
        const feeds = { a: wave(0), b: wave(1) };
        const program = withGradients(feeds, ({ a, b }) => {
          const made = [a, b];
          for (const [name, i, j] of steps)
            made.push(STEPS[name](made[i % made.length], made[j % made.length]));
          return tf.add(made[made.length - 1], tf.mul(tf.add(a, b), 0.1));
        });
        await compareWithOracle(program, feeds, 2e-4);
      },
    ),
    { numRuns: 40 },
  ));
