import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { multiply, transpose } from '../../src/regret/matrix';
import { minMax } from '../../src/regret/min-max';
import { multiplicativeWeights } from '../../src/regret/multiplicative-weights';

function near(got: readonly number[], want: readonly number[], tolerance: number): void {
  got.forEach((value, i) => {
    assert.ok(Math.abs(value - want[i]) <= tolerance, `${got.join()} is not ${want.join()}`);
  });
}

const protect = (matrix: number[][], c: number[]) => matrix.map((row, i) => row.map((r) => r * c[i]));

const VECTORS: { matrix: number[][]; weights: number[]; value: number; unclipped?: number }[] = [
  { matrix: [[0, 3], [1, 0]], weights: [0.75, 0.25], value: 0.75 },
  { matrix: protect([[0, 3], [1, 0]], [8, 1]), weights: [0.96, 0.04], value: 0.96 },
  { matrix: protect([[0, 3], [1, 0]], [1, 8]), weights: [3 / 11, 8 / 11], value: 24 / 11 },
  { matrix: [[0, 4, 6], [2, 0, 5], [3, 1, 0]], weights: [0.5, 0.5, 0], value: 2 },
  { matrix: [[0, -1, 4], [3, 0, 2], [5, 4, 0]], weights: [0, 4 / 9, 5 / 9], value: 16 / 9 },
  { matrix: [[0, -1], [-2, 0]], weights: [1 / 3, 2 / 3], value: 0, unclipped: -2 / 3 },
  { matrix: [[0]], weights: [1], value: 0 },
]; // prettier-ignore

test('minMax reaches the published weights and values', () => {
  for (const { matrix, weights, value, unclipped } of VECTORS) {
    const found = minMax(matrix);
    near(found.weights, weights, 1e-9);
    assert.ok(Math.abs(found.value - value) < 1e-9);
    assert.ok(Math.abs(found.gap) < 1e-9);
    if (unclipped !== undefined) assert.ok(Math.abs(found.unclipped - unclipped) < 1e-9);
  }
});

test('the adversary is a population that no mixture can beat', () => {
  near(minMax([[0, 3], [1, 0]]).adversary, [0.25, 0.75], 1e-9); // prettier-ignore
  assert.deepEqual(minMax([[0, -1], [-2, 0]]).adversary, [0, 0]); // prettier-ignore
  assert.deepEqual(minMax([[0]]).adversary, [0]);
});

test('of several optimal mixtures the one with the least mean regret is taken', () => {
  const found = minMax([[0, 4, 6], [2, 0, 5], [3, 1, 0]]); // prettier-ignore
  const also = [7 / 12, 1 / 4, 1 / 6];
  near(multiply([[0, 4, 6], [2, 0, 5], [3, 1, 0]], also), [2, 2, 2], 1e-12); // prettier-ignore
  near(found.weights, [0.5, 0.5, 0], 1e-12);
  near(minMax([[0, 0], [0, 0]]).weights, [0.5, 0.5], 0); // prettier-ignore
});

test('a matrix that is no regret matrix is refused in a sentence', () => {
  assert.throws(() => minMax([]), /at least one type/);
  assert.throws(() => minMax([[0, 1]]), /not square/);
  assert.throws(() => minMax([[0, NaN], [1, 0]]), /not a finite number/); // prettier-ignore
});

const regrets = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -3, max: 3 }))
  .chain(([k, power]) =>
    fc
      .array(fc.array(fc.double({ min: -2, max: 8, noNaN: true }), { minLength: k, maxLength: k }), {
        minLength: k,
        maxLength: k,
      })
      .map((rows) => rows.map((row, i) => row.map((r, j) => (i === j ? 0 : r * 10 ** power)))),
  );

const simplex = (size: number) =>
  fc
    .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: size, maxLength: size })
    .map((values) => {
      const sum = values.reduce((a, b) => a + b, 0);
      return values.map((v) => v / sum);
    });

const size = (matrix: number[][]) => Math.max(1e-300, ...matrix.flat().map(Math.abs));

test('primal and dual meet, whatever the matrix', () => {
  fc.assert(
    fc.property(regrets, (matrix) => {
      const { weights, value, adversary, gap } = minMax(matrix);
      assert.ok(Math.abs(gap) <= 1e-9 * size(matrix), `gap ${gap}`);
      assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-12 && weights.every((w) => w >= 0));
      const total = adversary.reduce((a, b) => a + b);
      assert.ok(value > 0 ? Math.abs(total - 1) < 1e-12 : total === 0);
    }),
    { numRuns: 500 },
  );
});

test('weak duality: no weights beat the value and no population exceeds it', () => {
  fc.assert(
    fc.property(
      regrets.chain((m) =>
        fc.tuple(
          fc.constant(m),
          simplex(m.length),
          simplex(m.length),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
      ),
      ([matrix, w, x, mass]) => {
        const { value } = minMax(matrix);
        const slack = 1e-9 * size(matrix);
        assert.ok(Math.max(0, ...multiply(matrix, w)) >= value - slack);
        assert.ok(
          Math.min(
            ...multiply(
              transpose(matrix),
              x.map((p) => p * mass),
            ),
          ) <=
            value + slack,
        );
      },
    ),
  );
});

test('the value does not depend on the order of the types and scales with the regrets', () => {
  fc.assert(
    fc.property(
      regrets.chain((m) =>
        fc.tuple(
          fc.constant(m),
          fc.shuffledSubarray([...m.keys()], { minLength: m.length }),
          fc.double({ min: 0.01, max: 100, noNaN: true }),
        ),
      ),
      ([matrix, order, factor]) => {
        const { value } = minMax(matrix);
        const slack = 1e-9 * size(matrix);
        const permuted = minMax(order.map((i) => order.map((j) => matrix[i][j])));
        assert.ok(Math.abs(permuted.value - value) <= slack);
        const scaled = minMax(matrix.map((row) => row.map((r) => r * factor)));
        assert.ok(Math.abs(scaled.value - factor * value) <= slack * factor);
      },
    ),
  );
});

test('a value of 0 takes the weights with the smallest unclipped maximum', () => {
  fc.assert(
    fc.property(
      regrets
        .map((m) => m.map((row, i) => row.map((r, j) => (i === j ? 0 : -Math.abs(r)))))
        .chain((m) => fc.tuple(fc.constant(m), simplex(m.length))),
      ([matrix, w]) => {
        const found = minMax(matrix);
        assert.equal(found.value, 0);
        assert.ok(Math.max(...multiply(matrix, w)) >= found.unclipped - 1e-9 * size(matrix));
      },
    ),
  );
});

test("multiplicative weights give the authors' answer after 1e5 steps", () => {
  const found = multiplicativeWeights([[0, 4, 6], [2, 0, 5], [3, 1, 0]]); // prettier-ignore
  near(found.weights, [0.5026, 0.4922, 0.0051], 1e-4);
  assert.ok(Math.abs(found.value - 2.0001) < 1e-4);
  assert.ok(found.gap >= 0 && found.gap < 1e-3, `gap ${found.gap}`);
});

test('multiplicative weights approach every exact value and stay finite on huge regrets', () => {
  for (const { matrix, value } of VECTORS) {
    const found = multiplicativeWeights(matrix);
    assert.ok(found.value >= value - 1e-9 && found.value < value + 2e-3, `${found.value} is not ${value}`);
    assert.ok(Math.abs(found.gap) < 5e-3, `gap ${found.gap}`);
  }
  const huge = multiplicativeWeights([[0, 3e6], [1e6, 0]], 1000); // prettier-ignore
  assert.ok(huge.weights.every(Number.isFinite) && Number.isFinite(huge.value));
});

test('multiplicative weights repeat a plain transcription of the recursion', () => {
  const matrix = [[0, 0.4, 1], [0.3, 0, 0.2], [0.6, 0.1, 0]]; // prettier-ignore
  const steps = 50;
  const rows = [[0, 0, 0], ...matrix];
  const rate = 5 / Math.sqrt(steps);
  const normalise = (v: number[]) => v.map((a) => a / v.reduce((s, b) => s + b));
  const x = [[0.25, 0.25, 0.25, 0.25]];
  const y = [[1 / 3, 1 / 3, 1 / 3]];
  for (let t = 1; t < steps; t++) {
    const [now, before] = [multiply(rows, y[t - 1]), multiply(rows, y[Math.max(0, t - 2)])];
    const [nowT, beforeT] = [
      multiply(transpose(rows), x[t - 1]),
      multiply(transpose(rows), x[Math.max(0, t - 2)]),
    ];
    x.push(normalise(x[t - 1].map((p, i) => p * Math.exp(2 * rate * now[i] - rate * before[i]))));
    y.push(normalise(y[t - 1].map((p, j) => p * Math.exp(-2 * rate * nowT[j] + rate * beforeT[j]))));
  }
  const mean = [0, 1, 2].map((j) => y.reduce((s, v) => s + v[j], 0) / steps);
  near(multiplicativeWeights(matrix, steps).weights, mean, 1e-12);
});
