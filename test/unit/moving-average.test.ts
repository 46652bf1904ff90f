import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostTensors } from '../../src/compute/graph/program';
import { movingAverage } from '../../src/training/language/moving-average';

const at = (...data: number[]): HostTensors => ({
  weight: { shape: [data.length], dtype: 'float32', data: Float32Array.from(data) },
});
const valueOf = ({ weight }: HostTensors) => Array.from(weight.data);

test('begins as the plain mean of the start and every step', () => {
  const average = movingAverage(at(1, -2), 0.9);
  average.add(at(3, 0));
  average.add(at(5, 5));
  assert.deepEqual(valueOf(average.parameters), [3, 1]);
});

test('forgets the start as a geometric series', () => {
  const average = movingAverage(at(8), 0.75);
  // 1 − 1/(t + 1) is at most .75 for the first three steps: their mean with the start is 8/4
  for (let step = 0; step < 3; step++) average.add(at(0));
  assert.ok(Math.abs(valueOf(average.parameters)[0] - 2) < 1e-6);
  for (let step = 0; step < 5; step++) average.add(at(0));
  assert.ok(Math.abs(valueOf(average.parameters)[0] - 2 * 0.75 ** 5) < 1e-6);
});

test('leaves what it began from and what it is given as they are', () => {
  const start = at(1);
  const step = at(2);
  movingAverage(start, 0.5).add(step);
  assert.deepEqual([valueOf(start), valueOf(step)], [[1], [2]]);
});
