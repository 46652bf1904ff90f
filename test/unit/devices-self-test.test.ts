import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compare, sameBits } from '../../src/compute/devices/self-test/compare';
import { TOLERANCE } from '../../src/compute/devices/catalogue';
import { agreement, selfTest } from '../../src/compute/devices/self-test/self-test';
import { openDevice } from '../../src/compute/devices/open';
import type { Executor } from '../../src/compute/graph/executor';
import type { HostTensor } from '../../src/compute/graph/program';

const oracle = () => openDevice('tfjs/cpu', 1);

/** The oracle, with one value of one output of one program changed. */
async function faulty(program: string, output: string, change: (value: number) => number): Promise<Executor> {
  const device = await oracle();
  return {
    ...device,
    async compile(given) {
      const executable = await device.compile(given);
      return {
        ...executable,
        async run(feeds) {
          const results = await executable.run(feeds);
          if (given.name === program) results[output].data[0] = change(results[output].data[0]);
          return results;
        },
      };
    },
  };
}

test('onnxruntime on the CPU agrees with plain TensorFlow.js, gradients included', async () => {
  const { relativeError, repeatable, stepMilliseconds } = await selfTest(
    await openDevice('onnxruntime/cpu', 1),
    await oracle(),
  );
  assert.ok(relativeError > 0 && relativeError < TOLERANCE / 10, String(relativeError));
  assert.ok(repeatable);
  assert.ok(stepMilliseconds > 0);
});

test('a wrong gradient is found, and named', async () => {
  const device = await faulty('segment sum', 'x', (value) => value + 0.01);
  const { relativeError, worst } = await agreement(device, await oracle());
  assert.ok(relativeError > TOLERANCE);
  assert.equal(worst, 'segment sum, gradient of x');
});

test('a value that is not a number is as wrong as can be', async () => {
  const device = await faulty('softmax', 'loss', () => NaN);
  assert.equal((await agreement(device, await oracle())).relativeError, Infinity);
});

test('a device whose results change from run to run is told from one whose do not', async () => {
  let runs = 0;
  const device = await faulty('gather', 'table', (value) => value * (1 + 1e-6 * runs++));
  const { relativeError, repeatable } = await agreement(device, await oracle());
  assert.ok(relativeError < TOLERANCE);
  assert.equal(repeatable, false);
});

function of(values: readonly number[]): { readonly x: HostTensor } {
  return { x: { shape: [values.length], dtype: 'float32', data: Float32Array.from(values) } };
}

test('the relative error is a change over the largest value, whatever the unit', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.nat(), fc.integer({ min: 1, max: 50 }), (expected, seed, change) => {
      const largest = Math.max(...expected.map(Math.abs));
      fc.pre(largest > 0);
      assert.equal(compare(of(expected), of(expected)).relativeError, 0);
      assert.ok(sameBits(of(expected), of(expected)));
      const at = seed % expected.length;
      const changed = expected.map((value, i) => (i === at ? value + change : value));
      assert.equal(compare(of(changed), of(expected)).relativeError, change / largest);
      assert.ok(!sameBits(of(changed), of(expected)));
      const half = (all: readonly number[]) => of(all.map((value) => value / 2));
      assert.equal(compare(half(changed), half(expected)).relativeError, change / largest);
    }),
  );
});

test('a tensor of another size is as wrong as can be', () => {
  assert.equal(compare(of([1, 2]), of([1])).relativeError, Infinity);
});
