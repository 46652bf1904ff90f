import assert from 'node:assert/strict';
import test from 'node:test';
import { everySoOften } from '../../src/run/every-so-often';

test('progress is told twice a second with the time left, and each thing is timed anew', (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const told: [number, number, number | undefined][] = [];
  const progress = everySoOften((done, total, left) => told.push([done, total, left]));
  const at = (milliseconds: number, done: number, total: number) => {
    t.mock.timers.setTime(milliseconds);
    progress(done, total);
  };
  at(1000, 0, 10);
  at(1400, 1, 10);
  at(3000, 4, 10);
  at(3100, 10, 10);
  // another thing, twice as slow
  at(5000, 1, 5);
  at(6000, 2, 5);
  assert.deepEqual(told, [
    [0, 10, undefined],
    [4, 10, 3],
    [10, 10, 0],
    [1, 5, undefined],
    [2, 5, 3],
  ]);
});
