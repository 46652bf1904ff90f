import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { dot } from '../../src/compute/conjugate-gradient';
import { leadingEigenvectors } from '../../src/compute/leading-eigenvectors';
import { random } from '../../src/random';

/** A symmetric matrix with some eigenvalues far above the others, and others below 0 that are larger in size. */
function withLeading(n: number, leading: readonly number[], seed: number): Float64Array {
  const source = random(seed);
  const noise = Array.from({ length: n }, () => Float64Array.from({ length: n }, () => source.normal()));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) matrix[i * n + j] = (noise[i][j] + noise[j][i]) / (4 * Math.sqrt(n));
  const basis = new Matrix(noise.map((row) => row.slice(0, leading.length)));
  for (let c = 0; c < leading.length; c++) {
    const v = basis.getColumn(c);
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) matrix[i * n + j] += (leading[c] * v[i] * v[j]) / length ** 2;
  }
  return matrix;
}

for (const n of [2, 5, 64, 65, 150, 400]) {
  test(`the leading eigenvectors of ${n} × ${n} are those of the whole decomposition`, () => {
    const count = Math.min(n, 3);
    const matrix = withLeading(n, [9, 6, 4, -20].slice(0, n), n);
    const found = leadingEigenvectors(matrix, n, count, random(1));
    const rows = Array.from({ length: n }, (_, i) => matrix.slice(i * n, (i + 1) * n));
    const whole = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
    const order = whole.realEigenvalues
      .map((_, i) => i)
      .sort((i, j) => whole.realEigenvalues[j] - whole.realEigenvalues[i]);
    assert.equal(found.length, count);
    found.forEach((v, k) => {
      const expected = Float64Array.from(whole.eigenvectorMatrix.getColumn(order[k]));
      assert.ok(Math.abs(Math.abs(dot(v, expected)) - 1) < 1e-10, `vector ${k}: ${dot(v, expected)}`);
    });
  });
}

test('an eigenvalue that occurs three times is found three times', () => {
  const n = 200;
  const matrix = new Float64Array(n * n);
  // four blocks of ones, centred: what four clusters that never agree across look like
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      matrix[i * n + j] = (Math.floor(i / 50) === Math.floor(j / 50) ? 1 : 0) - 0.25;
  const found = leadingEigenvectors(matrix, n, 3, random(2));
  found.forEach((v, k) => {
    const image = v.map((_, i) => dot(matrix.subarray(i * n, (i + 1) * n), v));
    assert.ok(image.every((x, i) => Math.abs(x - 50 * v[i]) < 1e-8));
    assert.ok(found.slice(0, k).every((w) => Math.abs(dot(v, w)) < 1e-10));
  });
});
