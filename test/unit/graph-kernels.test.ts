// Every kernel that can be traced, forward and gradient, against TensorFlow.js in plain JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lowerings } from '../../src/compute/graph/kernels/all';
import { ours } from '../../src/compute/graph/kernels/fused';
import { onBackend } from '../../src/compute/graph/on-backend';
import type { HostTensor, HostTensors, Tensors } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';
import { compareWithOracle, floats, forwardOnly, ints, withGradients } from './graph-compare';

type Shape = readonly number[];
interface Case {
  readonly feeds: HostTensors;
  readonly f: (tensors: Tensors) => tf.Tensor;
}

const RUNS = 6;
const used = new Set<string>();

const shapes = (min = 1, max = 4): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: min, maxLength: max });

/** Random numbers of a range; with many digits, so that no two are equal. */
function filled(shape: Shape, low = -2, high = 2): fc.Arbitrary<HostTensor> {
  const length = shape.reduce((product, one) => product * one, 1);
  return fc
    .array(fc.double({ min: low, max: high, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) =>
      floats(
        shape,
        values.map((x, i) => x + (i + 1) * 1e-3 * (high - low)),
      ),
    );
}

function whole(shape: Shape, low: number, high: number): fc.Arbitrary<HostTensor> {
  const length = shape.reduce((product, one) => product * one, 1);
  return fc
    .array(fc.integer({ min: low, max: high }), { minLength: length, maxLength: length })
    .map((values) => ints(shape, values));
}

/** A shape that broadcasts against the given one. */
const narrower = (shape: Shape): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.integer({ min: 0, max: shape.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([drop, ones]) => shape.slice(drop).map((length, axis) => (ones[axis] ? 1 : length)));

const some = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const unaryOf = (f: (x: tf.Tensor) => tf.Tensor, low = -2, high = 2): fc.Arbitrary<Case> =>
  shapes(0)
    .chain((shape) => filled(shape, low, high))
    .map((x) => ({ feeds: { x }, f: (t) => f(t.x) }));

const binaryOf = (
  f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  low = -2,
  high = 2,
  values: (shape: Shape, low: number, high: number) => fc.Arbitrary<HostTensor> = filled,
): fc.Arbitrary<Case> =>
  shapes()
    .chain((shape) => fc.tuple(fc.constant(shape), narrower(shape), fc.boolean()))
    .chain(([wide, narrow, swap]) =>
      fc.tuple(values(swap ? narrow : wide, low, high), values(swap ? wide : narrow, low, high)),
    )
    .map(([a, b]) => ({ feeds: { a, b }, f: (t) => f(t.a, t.b) }));

/** For operations whose gradients TensorFlow.js does not sum over what was broadcast. */
const alike = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): fc.Arbitrary<Case> =>
  shapes()
    .chain((shape) => fc.tuple(filled(shape, -2, 2), filled(shape, -1, 3)))
    .map(([a, b]) => ({ feeds: { a, b }, f: (t) => f(t.a, t.b) }));

const odd = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(x, tf.scalar(2, 'int32')), tf.scalar(1, 'int32'));

const along = (
  f: (x: tf.Tensor, axis: number) => tf.Tensor,
  low = -2,
  high = 2,
  min = 1,
): fc.Arbitrary<Case> =>
  shapes(min)
    .chain((shape) =>
      fc.tuple(filled(shape, low, high), fc.integer({ min: -shape.length, max: shape.length - 1 })),
    )
    .map(([x, axis]) => ({ feeds: { x }, f: (t) => f(t.x, axis) }));

const differentiable: Record<string, fc.Arbitrary<Case>> = {
  identity: unaryOf((x) => tf.clone(x)),
  add: binaryOf(tf.add),
  sub: binaryOf(tf.sub),
  mul: binaryOf(tf.mul),
  div: binaryOf((a, b) => tf.div(a, tf.add(b, 4))),
  maximum: alike(tf.maximum),
  minimum: alike(tf.minimum),
  pow: binaryOf(tf.pow, 0.5, 2),
  squaredDifference: alike(tf.squaredDifference),
  mod: binaryOf(tf.mod, 0.6, 3),
  addN: shapes()
    .chain((shape) => fc.tuple(filled(shape), filled(shape), filled(shape)))
    .map(([a, b, c]) => ({ feeds: { a, b, c }, f: (t) => tf.addN([t.a, t.b, t.c]) })),
  neg: unaryOf(tf.neg),
  abs: unaryOf(tf.abs),
  exp: unaryOf(tf.exp),
  expm1: unaryOf(tf.expm1, -3, 3),
  'expm1 near 0': unaryOf(tf.expm1, -1e-4, 1e-4),
  log: unaryOf(tf.log, 0.1, 5),
  log1p: unaryOf(tf.log1p, -0.9, 5),
  'log1p near 0': unaryOf(tf.log1p, -1e-4, 1e-4),
  sqrt: unaryOf(tf.sqrt, 0.1, 5),
  rsqrt: unaryOf(tf.rsqrt, 0.1, 5),
  square: unaryOf(tf.square),
  reciprocal: unaryOf(tf.reciprocal, 0.2, 3),
  sin: unaryOf(tf.sin),
  cos: unaryOf(tf.cos),
  tan: unaryOf(tf.tan, -1, 1),
  sinh: unaryOf(tf.sinh),
  cosh: unaryOf(tf.cosh),
  tanh: unaryOf(tf.tanh),
  asin: unaryOf(tf.asin, -0.9, 0.6),
  acos: unaryOf(tf.acos, -0.9, 0.6),
  atan: unaryOf(tf.atan),
  asinh: unaryOf(tf.asinh),
  acosh: unaryOf(tf.acosh, 1.2, 4),
  atanh: unaryOf(tf.atanh, -0.9, 0.5),
  erf: unaryOf(tf.erf),
  sigmoid: unaryOf(tf.sigmoid, -8, 8),
  softplus: unaryOf(tf.softplus, -20, 20),
  relu: unaryOf(tf.relu),
  relu6: unaryOf(tf.relu6, -2, 8),
  selu: unaryOf(tf.selu),
  leakyRelu: unaryOf((x) => tf.leakyRelu(x, 0.3)),
  clipByValue: unaryOf((x) => tf.clipByValue(x, -1, 0.5)),
  where: shapes()
    .chain((shape) => fc.tuple(whole(shape, 0, 1), filled(shape), filled(shape)))
    .map(([c, a, b]) => ({ feeds: { c, a, b }, f: (t) => tf.where(tf.cast(t.c, 'bool'), t.a, t.b) })),
  sum: along((x, axis) => tf.sum(x, axis)),
  'sum of all': unaryOf((x) => tf.sum(x)),
  'sum, kept': along((x, axis) => tf.sum(x, axis, true)),
  mean: along((x, axis) => tf.mean(x, axis)),
  'mean of all': unaryOf((x) => tf.mean(x)),
  max: along((x, axis) => tf.max(x, axis)),
  min: along((x, axis) => tf.min(x, axis, true)),
  logSumExp: along((x, axis) => tf.logSumExp(x, axis)),
  softmax: unaryOf((x) => tf.softmax(x.rank === 0 ? tf.reshape(x, [1]) : x), -6, 6),
  logSoftmax: unaryOf((x) => tf.logSoftmax(x.rank === 0 ? tf.reshape(x, [1]) : x), -6, 6),
  cumsum: fc
    .tuple(
      along((x) => x),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([{ feeds }, exclusive, reverse]) => ({
      feeds,
      f: (t) => tf.cumsum(t.x, t.x.rank - 1, exclusive, reverse),
    })),
  reshape: unaryOf((x) => tf.reshape(x, [-1])),
  expandDims: along((x, axis) => tf.expandDims(x, axis)),
  squeeze: unaryOf((x) => tf.squeeze(x)),
  transpose: shapes()
    .chain((shape) =>
      fc.tuple(filled(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
    )
    .map(([x, order]) => ({ feeds: { x }, f: (t) => tf.transpose(t.x, order) })),
  broadcastTo: shapes()
    .chain((wide) =>
      fc.tuple(
        fc.constant(wide),
        narrower(wide).chain((narrow) => filled(narrow)),
      ),
    )
    .map(([wide, x]) => ({ feeds: { x }, f: (t) => tf.broadcastTo(t.x, wide) })),
  tile: shapes()
    .chain((shape) =>
      fc.tuple(
        filled(shape),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: shape.length, maxLength: shape.length }),
      ),
    )
    .map(([x, repeats]) => ({ feeds: { x }, f: (t) => tf.tile(t.x, repeats) })),
  slice: shapes()
    .chain((shape) =>
      fc.tuple(
        filled(shape),
        fc.tuple(...shape.map((length) => fc.tuple(fc.nat(length - 1), fc.nat(3)))),
        fc.boolean(),
      ),
    )
    .map(([x, places, toEnd]) => ({
      feeds: { x },
      f: (t) =>
        tf.slice(
          t.x,
          places.map(([start]) => start),
          places.map(([start, length], axis) => (toEnd ? -1 : 1 + (length % (x.shape[axis] - start)))),
        ),
    })),
  pad: shapes()
    .chain((shape) => fc.tuple(filled(shape), fc.tuple(...shape.map(() => fc.tuple(fc.nat(2), fc.nat(2))))))
    .map(([x, by]) => ({ feeds: { x }, f: (t) => tf.pad(t.x, by, 1.5) })),
  concat: along((x, axis) => tf.concat([x, tf.mul(x, 2), tf.neg(x)], axis)),
  stack: along((x, axis) => tf.stack([x, tf.square(x)], axis)),
  unstack: along(
    (x, axis) => {
      const [first, ...rest] = tf.unstack(tf.concat([x, tf.square(x)], axis), axis);
      return rest.reduce((sum, y, i) => tf.add(sum, tf.mul(y, i + 2)), first);
    },
    -2,
    2,
    2,
  ),
  split: along((x, axis) => {
    const doubled = tf.concat([x, tf.square(x)], axis);
    const [a, b] = tf.split(doubled, 2, axis);
    return tf.sub(a, tf.mul(b, 3));
  }),
  'split by sizes': along((x, axis) => {
    const doubled = tf.concat([x, tf.square(x), x], axis);
    const length = x.shape.at(axis)!;
    const [a, b] = tf.split(doubled, [length, 2 * length], axis);
    return tf.concat([b, a], axis);
  }),
  reverse: along((x, axis) => tf.reverse(x, axis)),
  'matMul of matrices': fc
    .tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      fc.boolean(),
    )
    .chain(([m, k, n, ta, tb]) =>
      fc.tuple(filled(ta ? [k, m] : [m, k]), filled(tb ? [n, k] : [k, n]), fc.constant([ta, tb])),
    )
    .map(([a, b, [ta, tb]]) => ({ feeds: { a, b }, f: (t) => tf.matMul(t.a, t.b, ta, tb) })),
  'matMul of batches': fc
    .tuple(
      shapes(1, 2),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.boolean(),
    )
    .chain(([batch, m, k, ta, tb]) =>
      fc.tuple(
        filled([...batch, ...(ta ? [k, m] : [m, k])]),
        filled([...batch, ...(tb ? [3, k] : [k, 3])]),
        fc.constant([ta, tb]),
      ),
    )
    .map(([a, b, [ta, tb]]) => ({ feeds: { a, b }, f: (t) => tf.matMul(t.a, t.b, ta, tb) })),
  'product, bias and another use of the product': shapes(2, 2)
    .chain(([m, k]) => fc.tuple(filled([m, k]), filled([k, 3]), filled([3])))
    .map(([a, b, c]) => ({
      feeds: { a, b, c },
      f: (t) => {
        const y = tf.matMul(t.a, t.b);
        return tf.mul(tf.add(y, t.c), tf.tanh(y));
      },
    })),
  gather: shapes(1, 3)
    .chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)))
    .chain(([shape, axis]) => fc.tuple(filled(shape), fc.constant(axis), whole([3], 0, shape[axis] - 1)))
    .map(([x, axis, i]) => ({ feeds: { x, i }, f: (t) => tf.gather(t.x, tf.cast(t.i, 'int32'), axis) })),
  unsortedSegmentSum: shapes(1, 3)
    .chain((shape) => fc.tuple(filled(shape), whole([shape[0]], -1, 2)))
    .map(([x, i]) => ({
      feeds: { x, i },
      f: (t) => tf.unsortedSegmentSum(t.x, tf.cast(t.i, 'int32') as tf.Tensor1D, 3),
    })),
};

const forward: Record<string, fc.Arbitrary<Case>> = {
  prod: along((x, axis) => tf.prod(x, axis), 0.5, 2),
  'maximum, broadcast': binaryOf(tf.maximum),
  'minimum, broadcast': binaryOf(tf.minimum),
  'squaredDifference, broadcast': binaryOf(tf.squaredDifference),
  'cumsum of any axis': along((x, axis) => tf.cumsum(x, (axis + x.rank) % x.rank)),
  sign: unaryOf(tf.sign),
  floor: unaryOf(tf.floor),
  ceil: unaryOf(tf.ceil),
  round: unaryOf(tf.round),
  'round halves': fc.constant({
    feeds: { x: floats([6], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]) },
    f: (t: Tensors) => tf.round(t.x),
  }),
  step: unaryOf((x) => tf.step(x, 0.25)),
  'step of numbers that are none': fc.constant({
    feeds: { x: floats([4], [NaN, 0, -1, 1]) },
    f: (t: Tensors) => tf.step(t.x, 0.25),
  }),
  elu: unaryOf(tf.elu),
  prelu: alike((a, b) => tf.prelu(a, b)),
  equal: binaryOf(tf.equal, 0, 2, whole),
  notEqual: binaryOf(tf.notEqual, 0, 2, whole),
  greater: binaryOf(tf.greater),
  greaterEqual: binaryOf(tf.greaterEqual, 0, 2, whole),
  less: binaryOf(tf.less),
  lessEqual: binaryOf(tf.lessEqual, 0, 2, whole),
  logicalAnd: binaryOf((a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0))),
  logicalOr: binaryOf((a, b) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))),
  logicalNot: unaryOf((x) => tf.logicalNot(tf.greater(x, 0))),
  all: along((x, axis) => tf.all(tf.greater(x, -1), axis)),
  any: along((x, axis) => tf.any(tf.greater(x, 1), axis, true)),
  argMax: along((x, axis) => tf.argMax(x, axis)),
  argMin: along((x, axis) => tf.argMin(x, axis)),
  isNaN: unaryOf((x) => tf.isNaN(tf.log(x))),
  isInf: unaryOf((x) => tf.isInf(tf.div(1, tf.relu(x)))),
  isFinite: unaryOf((x) => tf.isFinite(tf.log(x))),
  'cast to int': unaryOf((x) => tf.cast(x, 'int32')),
  'cast to bool': unaryOf((x) => tf.cast(tf.relu(x), 'bool')),
  'sum of booleans': unaryOf((x) => tf.sum(tf.greater(x, 0))),
  'mean of integers': shapes(1)
    .chain((shape) => whole(shape, -5, 5))
    .map((x) => ({ feeds: { x }, f: (t) => tf.mean(t.x) })),
  'add of integers': binaryOf(tf.add, -9, 9, whole),
  'mul of integers': binaryOf(tf.mul, -9, 9, whole),
  'floorDiv of integers': binaryOf((a, b) => tf.floorDiv(a, odd(b)), -9, 9, whole),
  'mod of integers': binaryOf((a, b) => tf.mod(a, odd(b)), -9, 9, whole),
  floorDiv: binaryOf((a, b) => tf.floorDiv(a, b), 0.6, 5),
  oneHot: whole([5], -1, 4).map((i) => ({ feeds: { i }, f: (t) => tf.oneHot(t.i, 4, 2, -1) })),
  gatherND: fc
    .tuple(filled([3, 4, 2]), whole([5], 0, 2))
    .map(([x, i]) => ({ feeds: { x, i }, f: (t) => tf.gatherND(t.x, tf.stack([t.i, t.i], 1)) })),
  scatterND: fc
    .tuple(filled([5, 2]), whole([5], 0, 3))
    .map(([x, i]) => ({ feeds: { x, i }, f: (t) => tf.scatterND(tf.expandDims(t.i, 1), t.x, [4, 2]) })),
  fill: unaryOf((x) => tf.add(x, tf.fill(x.shape, 0.5))),
  zerosLike: unaryOf((x) => tf.zerosLike(x)),
  onesLike: unaryOf((x) => tf.onesLike(x)),
  range: unaryOf((x) => tf.add(tf.sum(x), tf.range(0, 7, 2))),
  'range of integers': unaryOf((x) => tf.add(tf.cast(tf.sum(x), 'int32'), tf.range(5, 0, -1, 'int32'))),
  'fused matMul': some<'relu' | 'sigmoid' | 'elu' | 'linear'>('relu', 'sigmoid', 'elu', 'linear').chain(
    (activation) =>
      fc.tuple(filled([3, 4]), filled([4, 2]), filled([2])).map(([a, b, bias]) => ({
        feeds: { a, b, bias },
        f: (t) => tf.fused.matMul({ a: t.a, b: t.b, bias: t.bias, activation }),
      })),
  ),
  'matMul whose batches broadcast': fc
    .tuple(filled([3, 2, 4]), filled([1, 4, 3]))
    .map(([a, b]) => ({ feeds: { a, b }, f: (t) => tf.matMul(t.a, t.b) })),
};

for (const [name, cases] of Object.entries(differentiable))
  test(`${name}: value and gradient`, () => check(cases, withGradients));
for (const [name, cases] of Object.entries(forward)) test(`${name}: value`, () => check(cases, forwardOnly));

test('every kernel that can be traced was compared', () => {
  const compared = [...Object.keys(lowerings)].filter((kernel) => !(kernel in ours));
  assert.deepEqual(
    compared.filter((kernel) => !used.has(kernel)),
    [],
  );
});

async function check(
  cases: fc.Arbitrary<Case>,
  program: typeof withGradients | typeof forwardOnly,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, async ({ feeds, f }) => {
      const made = program(feeds, f);
      const outputs = await compareWithOracle(made, feeds, 5e-5);
      assert.ok(Object.keys(outputs).length > 0);
      await remember(() =>
        made.compute(
          Object.fromEntries(
            Object.entries(feeds).map(([name, { data, shape, dtype }]) => [
              name,
              tf.tensor(data, [...shape], dtype),
            ]),
          ),
        ),
      );
    }),
    { numRuns: RUNS },
  );
}

/** Which kernels a program calls. */
async function remember(work: () => Tensors): Promise<void> {
  let names: string[] = [];
  onBackend('cpu', () => {
    void tf
      .engine()
      .profile(() => work())
      .then((profile) => (names = profile.kernelNames));
    return [];
  });
  await new Promise((resolve) => setImmediate(resolve));
  names.forEach((name) => used.add(name));
}
