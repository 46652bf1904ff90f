// What a trace must refuse, since it would be silently wrong, and what it must leave as it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerNorm } from '../../src/compute/graph/ops/layer-norm';
import type { Program, Tensors } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';
import { traceProgram } from '../../src/compute/graph/trace/trace-program';
import { compareWithOracle, floats, ints, oracle, runOn, withGradients } from './graph-compare';

const of = (compute: (tensors: Tensors) => tf.Tensor, shape = [4, 3]): Program => ({
  name: 'trap',
  inputs: { x: { shape, dtype: 'float32' } },
  constants: {},
  compute: (tensors) => ({ y: compute(tensors) }),
});

const random: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  dropout: (x) => tf.dropout(x, 0.5),
  randomUniform: (x) => tf.add(x, tf.randomUniform([4, 3])),
  randomNormal: (x) => tf.add(x, tf.randomNormal([4, 3])),
  randomStandardNormal: (x) => tf.add(x, tf.randomStandardNormal([4, 3])),
  truncatedNormal: (x) => tf.add(x, tf.truncatedNormal([4, 3])),
  randomGamma: (x) => tf.add(x, tf.randomGamma([4, 3], 1)),
  randomUniformInt: (x) => tf.add(x, tf.randomUniformInt([4, 3], 0, 9)),
  rand: (x) =>
    tf.add(
      x,
      tf.rand([4, 3], () => 0.5),
    ),
};
for (const [name, draw] of Object.entries(random))
  test(`${name} is refused by name`, () =>
    assert.rejects(
      traceProgram(of(({ x }) => draw(x))),
      new RegExp(`Program “trap”.*${name === 'dropout' ? '(dropout|randomUniform)' : name}.*random`),
    ));

test('sampling is refused', () =>
  assert.rejects(
    traceProgram(of(({ x }) => tf.multinomial(x as tf.Tensor2D, 2))),
    /Multinomial.*cannot be traced/,
  ));

test('reading values is refused, and the sentence tells where', async () => {
  const read = /values are read .*graph-trace\.test\.ts:\d+/;
  await assert.rejects(traceProgram(of(({ x }) => tf.mul(x, x.dataSync()[0]))), read);
  await assert.rejects(
    traceProgram(
      of(({ x }) => {
        x.arraySync();
        return x;
      }),
    ),
    read,
  );
  await assert.rejects(
    traceProgram(
      of(({ x }) => {
        void x.data();
        return x;
      }),
    ),
    read,
  );
});

test("another backend's tensor can be neither read nor used", async () => {
  await tf.setBackend('cpu');
  const outside = tf.tensor1d([1, 2, 3]);
  try {
    await assert.rejects(traceProgram(of(({ x }) => tf.mul(x, outside.dataSync()[0]))), /values are read/);
    await assert.rejects(traceProgram(of(({ x }) => tf.add(x, outside))), /made outside of the program/);
    assert.deepEqual([...outside.dataSync()], [1, 2, 3], 'and it can be read again afterwards');
  } finally {
    outside.dispose();
  }
});

test('an operation that cannot be traced is named, and where it was called', () =>
  assert.rejects(
    traceProgram(
      of(function topOf({ x }) {
        return tf.topk(x, 1).values;
      }),
    ),
    /Program “trap”: The operation TopK, called in topOf \(.*graph-trace\.test\.ts:\d+:\d+\), cannot be traced/,
  ));

test('gather with batchDims is refused', () =>
  assert.rejects(
    traceProgram(of(({ x }) => tf.gather(x, tf.zeros([4, 1], 'int32'), 1, 1))),
    /GatherV2.*batchDims/,
  ));

test('the gradient of a product whose batches broadcast is refused rather than wrong', async () => {
  const feeds = {
    a: floats([3, 2, 4], new Float32Array(24).fill(1)),
    b: floats([1, 4, 2], new Float32Array(8)),
  };
  await assert.rejects(traceProgram(withGradients(feeds, ({ a, b }) => tf.matMul(a, b))), /gradient/i);
});

test("the slope of a step below 0 reaches relu's family", async () => {
  const feeds = { x: floats([4], [-2, -1, 1, 2]) };
  const { 'd x': gradient } = await compareWithOracle(
    withGradients(feeds, ({ x }) => tf.leakyRelu(x, 0.1)),
    feeds,
  );
  assert.ok(Math.abs(gradient.data[0] / Math.cos(1) - 0.1) < 1e-6);
});

test('outputs that no machine word holds are refused', () =>
  assert.rejects(traceProgram(of(({ x }) => tf.greater(x, 0))), /output “y” is bool \[4, 3\]/));

test('a name is an input or a constant, not both', () =>
  assert.rejects(
    traceProgram({ ...of(({ x }) => x), constants: { x: floats([1], [0]) } }),
    /“x” is an input and a constant/,
  ));

test('a trace leaves no tensor and no other backend behind, also when it fails', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const feeds = {
    x: floats([4, 3], new Float32Array(12)),
    g: floats([3], [1, 1, 1]),
    b: floats([3], [0, 0, 0]),
  };
  await traceProgram(
    withGradients(feeds, ({ x, g, b }) =>
      tf.softmax(layerNorm(x as tf.Tensor2D, g as tf.Tensor1D, b as tf.Tensor1D, 1e-5)),
    ),
  );
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(
    traceProgram(withGradients(feeds, ({ x, g, b }) => tf.einsum('ij,j->i', tf.add(x, b), g))),
  );
  assert.equal(tf.memory().numTensors, before);
  assert.equal(tf.getBackend(), 'cpu');
  assert.equal(tf.square(3).dataSync()[0], 9);
});

test('running leaves no tensor behind on the eager road', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const feeds = { x: floats([4, 3], new Float32Array(12)) };
  await runOn(
    oracle,
    withGradients(feeds, ({ x }) => tf.softmax(x)),
    feeds,
  );
  assert.equal(tf.memory().numTensors, before);
});

test('programs compiled at the same time do not see each other', async () => {
  const feeds = { x: floats([3], [1, 2, 3]) };
  const graphs = await Promise.all(
    [1, 2, 3].map((k) => traceProgram(withGradients(feeds, ({ x }) => tf.mul(x, k + 0.5)))),
  );
  for (const graph of graphs) assert.ok(graph.nodes.length > 0 && graph.nodes.length < 10);
});

test('what is computed twice, with ones, or for nothing, is not in the graph', async () => {
  const count = async (simplify: boolean, compute: (t: Tensors) => tf.Tensor): Promise<string[]> =>
    (await traceProgram(of(compute), { simplify })).nodes.map(({ operator }) => operator);
  const twice = ({ x }: Tensors): tf.Tensor => tf.add(tf.exp(x), tf.exp(x));
  assert.deepEqual(await count(true, twice), ['Exp', 'Add']);
  assert.deepEqual(await count(false, twice), ['Exp', 'Exp', 'Add']);
  assert.deepEqual(await count(true, ({ x }) => tf.mul(tf.exp(x), tf.ones([4, 3]))), ['Exp']);
  assert.deepEqual(
    await count(true, ({ x }) => {
      tf.log(x);
      return tf.neg(x);
    }),
    ['Neg'],
  );
  // The gradient of a sum is dy in the shape of x: nothing needs it spelled out.
  const sum = ({ x }: Tensors): tf.Tensor => tf.grad((y) => tf.sum(tf.square(y)))(x);
  assert.deepEqual(await count(true, sum), ['Mul']);
  assert.deepEqual(await count(true, ({ x }) => tf.transpose(tf.transpose(x))), []);
});

test('the gradient of a gather adds rows up without a detour for negative ids', async () => {
  const feeds = { x: floats([5, 2], new Float32Array(10)), i: ints([3], [0, 4, 0]) };
  const graph = await traceProgram(withGradients(feeds, ({ x, i }) => tf.gather(x, tf.cast(i, 'int32'))));
  const operators = graph.nodes.map(({ operator }) => operator);
  assert.equal(operators.filter((operator) => operator === 'ScatterElements').length, 1);
  assert.ok(!operators.includes('Slice'));
});
