// Runs a program on the oracle and on every other road, and compares.
import assert from 'node:assert/strict';
import type { Executor } from '../../src/compute/graph/executor';
import { eagerExecutor } from '../../src/compute/graph/executors/eager-executor';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import type { HostTensor, HostTensors, Program, Tensors } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';

export type Outputs = Readonly<Record<string, HostTensor>>;

export const oracle = await eagerExecutor({ backend: 'cpu' });
const others: readonly Executor[] = [
  await eagerExecutor({ backend: 'wasm' }),
  await onnxruntimeExecutor({ provider: 'cpu' }),
  await onnxruntimeExecutor({ provider: 'cpu', simplify: false }),
];

export async function runOn(executor: Executor, program: Program, feeds: HostTensors): Promise<Outputs> {
  const executable = await executor.compile(program);
  try {
    return await executable.run(feeds);
  } finally {
    await executable.dispose();
  }
}

/** @returns the oracle's outputs, which WebAssembly and graphs have reproduced */
export async function compareWithOracle(
  program: Program,
  feeds: HostTensors,
  tolerance = 2e-5,
): Promise<Outputs> {
  const expected = await runOn(oracle, program, feeds);
  for (const executor of others) assertClose(await runOn(executor, program, feeds), expected, tolerance);
  return expected;
}

export function assertClose(actual: Outputs, expected: Outputs, tolerance: number): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, { data, shape, dtype }] of Object.entries(expected)) {
    assert.deepEqual(actual[name].shape, shape, `shape of ${name}`);
    assert.equal(actual[name].dtype, dtype, `type of ${name}`);
    const values = Array.from(data);
    const size = Math.max(1, ...values.filter(Number.isFinite).map(Math.abs));
    values.forEach((x, i) => {
      const y = actual[name].data[i];
      assert.ok(
        Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * size,
        `${name}[${i}] is ${y}, expected ${x}`,
      );
    });
  }
}

/** f(inputs) and the gradient of its sum, weighted by fixed numbers, with respect to every input of type float32. */
export function withGradients(
  feeds: HostTensors,
  f: (tensors: Tensors) => tf.Tensor,
  constants: HostTensors = {},
): Program {
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
  const names = Object.keys(feeds).filter((name) => feeds[name].dtype === 'float32');
  return {
    name: 'f',
    inputs,
    constants,
    compute(tensors) {
      const weighted = (...xs: tf.Tensor[]): tf.Scalar => {
        const y = f({ ...tensors, ...Object.fromEntries(names.map((name, i) => [name, xs[i]])) });
        const weights = Float32Array.from({ length: y.size }, (_, i) => Math.cos(i + 1));
        return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
      };
      const gradients = tf.grads(weighted)(names.map((name) => tensors[name]));
      return { y: f(tensors), ...Object.fromEntries(names.map((name, i) => [`d ${name}`, gradients[i]])) };
    },
  };
}

export function forwardOnly(feeds: HostTensors, f: (tensors: Tensors) => tf.Tensor): Program {
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
  return {
    name: 'f',
    inputs,
    constants: {},
    compute(tensors) {
      const y = f(tensors);
      return { y: y.dtype === 'bool' ? tf.cast(y, 'int32') : y };
    },
  };
}

export function floats(shape: readonly number[], values: ArrayLike<number>): HostTensor {
  return { shape, dtype: 'float32', data: Float32Array.from(values) };
}

export function ints(shape: readonly number[], values: ArrayLike<number>): HostTensor {
  return { shape, dtype: 'int32', data: Int32Array.from(values) };
}
