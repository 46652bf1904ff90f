import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import * as tf from '../../src/compute/graph/tf';
import { random } from '../../src/random';

const ROWS = 4000;
const WIDTH = 96;
const SEGMENTS = 12;

test('sums over rows that many threads take part in are the same each time', async () => {
  const executor = await onnxruntimeExecutor({ provider: 'cpu', threads: 2 });
  try {
    const executable = await executor.compile({
      name: 'segments',
      inputs: {
        rows: { shape: [ROWS, WIDTH], dtype: 'float32' },
        ids: { shape: [ROWS], dtype: 'int32' },
      },
      constants: {},
      compute: ({ rows, ids }) => ({
        sums: tf.unsortedSegmentSum(rows, tf.cast(ids, 'int32').as1D(), SEGMENTS),
      }),
    });
    const source = random(1);
    const data = Float32Array.from({ length: ROWS * WIDTH }, () => source.normal());
    const ids = Int32Array.from({ length: ROWS }, () => source.below(SEGMENTS));
    const expected = new Float64Array(SEGMENTS * WIDTH);
    data.forEach((value, i) => (expected[ids[Math.floor(i / WIDTH)] * WIDTH + (i % WIDTH)] += value));
    let first: Float32Array | undefined;
    for (let i = 0; i < 20; i++) {
      const { sums } = await executable.run({
        rows: { shape: [ROWS, WIDTH], dtype: 'float32', data },
        ids: { shape: [ROWS], dtype: 'int32', data: ids },
      });
      const found = sums.data as Float32Array;
      first ??= found;
      assert.deepEqual(found, first);
      found.forEach((value, j) => {
        assert.ok(Math.abs(value - expected[j]) < 1e-3, `${value} is not ${expected[j]}`);
      });
    }
    await executable.dispose();
  } finally {
    await executor.dispose();
  }
});
