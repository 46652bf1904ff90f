// TensorFlow.js in WebAssembly refuses what it would compute wrongly. That the rest is right, graph-kernels tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eagerExecutor } from '../../src/compute/graph/executors/eager-executor';
import * as tf from '../../src/compute/graph/tf';
import { floats, forwardOnly, ints, runOn } from './graph-compare';

const wasm = await eagerExecutor({ backend: 'wasm' });
const x = floats([2, 3], [1, -2, 3, -4, 5, -6]);

test('gather with batchDims is refused', async () => {
  const feeds = { x, i: ints([2, 1], [0, 2]) };
  const program = forwardOnly(feeds, (t) => tf.gather(t.x, tf.cast(t.i, 'int32'), 1, 1));
  await assert.rejects(runOn(wasm, program, feeds), /batchDims is computed wrongly/);
});

test('prelu with slopes that broadcast is refused', async () => {
  const feeds = { x, slope: floats([3], [0.1, 0.2, 0.3]) };
  const program = forwardOnly(feeds, (t) => tf.prelu(t.x, t.slope));
  await assert.rejects(runOn(wasm, program, feeds), /prelu .* is computed wrongly/);
});

test('a run leaves no tensor behind, also one that failed', async () => {
  await tf.setBackend('wasm');
  const before = tf.memory().numTensors;
  const feeds = { x };
  await runOn(
    wasm,
    forwardOnly(feeds, (t) => tf.floorDiv(t.x, tf.scalar(2))),
    feeds,
  );
  const failing = forwardOnly(feeds, (t) => tf.gather(tf.exp(t.x), tf.zeros([2, 1], 'int32'), 1, 1));
  await assert.rejects(runOn(wasm, failing, feeds));
  assert.equal(tf.memory().numTensors, before);
});
