import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../src/random';

test('the same seed and stream give the same numbers', () => {
  const draw = () => {
    const source = random(7, 1, 2);
    return Array.from({ length: 5 }, () => source.uniform());
  };
  assert.deepEqual(draw(), draw());
});

test('first draws of neighbouring seeds and streams are unrelated', () => {
  for (const first of [(i: number) => random(i).uniform(), (i: number) => random(1, i).uniform()]) {
    const draws = Array.from({ length: 2000 }, (_, i) => first(i));
    const mean = draws.reduce((sum, u) => sum + u, 0) / draws.length;
    const lagged =
      draws.slice(1).reduce((sum, u, i) => sum + (u - 0.5) * (draws[i] - 0.5), 0) / (draws.length / 12);
    assert.ok(Math.abs(mean - 0.5) < 0.03, `mean ${mean}`);
    assert.ok(Math.abs(lagged) < 0.09, `correlation of neighbours ${lagged}`);
    const bins = new Array<number>(10).fill(0);
    for (const u of draws) bins[Math.floor(u * 10)]++;
    const chiSquare = bins.reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0);
    assert.ok(chiSquare < 27.9, `χ² of first draws ${chiSquare} (0.1 % point of 9 degrees)`);
  }
});

test('Gumbel noise has the Gumbel mean and variance', () => {
  const source = random(3);
  const draws = Array.from({ length: 20_000 }, () => source.gumbel());
  const mean = draws.reduce((sum, g) => sum + g, 0) / draws.length;
  const variance = draws.reduce((sum, g) => sum + (g - mean) ** 2, 0) / draws.length;
  assert.ok(Math.abs(mean - 0.5772156649) < 0.04);
  assert.ok(Math.abs(variance - Math.PI ** 2 / 6) < 0.1);
});
