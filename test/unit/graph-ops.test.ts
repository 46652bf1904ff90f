// Our ops with written-out gradients: against their definitions on TensorFlow.js, value and gradient, on every road.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { geluErf, geluTanh, silu } from '../../src/compute/graph/ops/activations';
import { layerNorm } from '../../src/compute/graph/ops/layer-norm';
import { rmsNorm } from '../../src/compute/graph/ops/rms-norm';
import { tokenLogProbability } from '../../src/compute/graph/ops/token-log-probability';
import type { HostTensor, HostTensors, Tensors } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';
import { traceProgram } from '../../src/compute/graph/trace/trace-program';
import { assertClose, compareWithOracle, floats, ints, oracle, runOn, withGradients } from './graph-compare';

type F = (tensors: Tensors) => tf.Tensor;
const EPSILON = 1e-5;

const matrix = (rows: number, columns: number, scale = 2): fc.Arbitrary<HostTensor> =>
  fc
    .array(fc.double({ min: -scale, max: scale, noNaN: true }), {
      minLength: rows * columns,
      maxLength: rows * columns,
    })
    .map((values) => floats([rows, columns], values));
const vector = (length: number): fc.Arbitrary<HostTensor> =>
  matrix(1, length).map(({ data }) => floats([length], data));
const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 6 }));

const normal = (x: tf.Tensor): tf.Tensor => {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON)));
};

const cases: Record<string, { feeds: fc.Arbitrary<HostTensors>; op: F; definition: F; kernel?: string }> = {
  'layer norm': {
    feeds: sizes.chain(([rows, width]) =>
      fc.record({ x: matrix(rows, width), gain: vector(width), bias: vector(width) }),
    ),
    op: ({ x, gain, bias }) => layerNorm(x as tf.Tensor2D, gain as tf.Tensor1D, bias as tf.Tensor1D, EPSILON),
    definition: ({ x, gain, bias }) => tf.add(tf.mul(normal(x), gain), bias),
    kernel: 'LayerNormalization',
  },
  'RMS norm': {
    feeds: sizes.chain(([rows, width]) => fc.record({ x: matrix(rows, width), gain: vector(width) })),
    op: ({ x, gain }) => rmsNorm(x as tf.Tensor2D, gain as tf.Tensor1D, EPSILON),
    definition: ({ x, gain }) =>
      tf.mul(tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), -1, true), EPSILON))), gain),
  },
  'GELU by tanh': {
    feeds: sizes.chain(([rows, width]) => fc.record({ x: matrix(rows, width, 6) })),
    op: ({ x }) => geluTanh(x),
    definition: ({ x }) => {
      const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
      return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner)));
    },
    kernel: 'Gelu',
  },
  'GELU by erf': {
    feeds: sizes.chain(([rows, width]) => fc.record({ x: matrix(rows, width, 6) })),
    op: ({ x }) => geluErf(x),
    definition: ({ x }) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
    kernel: 'Gelu',
  },
  SiLU: {
    feeds: sizes.chain(([rows, width]) => fc.record({ x: matrix(rows, width, 8) })),
    op: ({ x }) => silu(x),
    definition: ({ x }) => tf.mul(x, tf.sigmoid(x)),
  },
  'token log-probability': {
    feeds: sizes.chain(([rows, width]) =>
      fc.record({
        x: matrix(rows, width, 20),
        target: fc
          .array(fc.nat(width - 1), { minLength: rows, maxLength: rows })
          .map((values) => ints([rows], values)),
      }),
    ),
    op: ({ x, target }) => tokenLogProbability(x as tf.Tensor2D, target as tf.Tensor1D),
    definition: ({ x, target }) =>
      tf.sum(tf.mul(tf.logSoftmax(x), tf.oneHot(tf.cast(target, 'int32'), x.shape[1]!)), -1),
    kernel: 'LogSoftmax',
  },
};

for (const [name, { feeds, op, definition, kernel }] of Object.entries(cases)) {
  test(`${name} is what it is defined as, gradient too`, () =>
    fc.assert(
      fc.asyncProperty(feeds, async (given) => {
        const ours = await compareWithOracle(withGradients(given, op), given, 1e-4);
        assertClose(ours, await runOn(oracle, withGradients(given, definition), given), 1e-4);
      }),
      { numRuns: 12 },
    ));
  if (kernel !== undefined)
    test(`${name} is one operator of a graph`, async () => {
      const [given] = fc.sample(feeds, { numRuns: 1, seed: 1 });
      const graph = await traceProgram(withGradients(given, op));
      assert.equal(graph.nodes.filter(({ operator }) => operator === kernel).length, 1);
    });
}
