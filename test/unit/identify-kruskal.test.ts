import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { independent, kruskalRank, noViews, rowsOf, together } from '../../src/identify/kruskal';
import { outcomes, viewsNeeded } from '../../src/identify/views';

/** Exact rank of an integer matrix, by fraction-free elimination. */
function exactRank(rows: readonly (readonly number[])[]): number {
  const m = rows.map((row) => row.map(BigInt));
  let rank = 0;
  for (let column = 0; column < (m[0]?.length ?? 0) && rank < m.length; column++) {
    const pivot = m.findIndex((row, i) => i >= rank && row[column] !== 0n);
    if (pivot < 0) continue;
    [m[rank], m[pivot]] = [m[pivot], m[rank]];
    for (let i = rank + 1; i < m.length; i++) {
      const [p, f] = [m[rank][column], m[i][column]];
      m[i] = m[i].map((value, j) => value * p - m[rank][j] * f);
    }
    rank++;
  }
  return rank;
}

/** The largest r such that every r rows have rank r, over all subsets as bit masks. */
function bruteForce(rows: readonly (readonly number[])[]): number {
  let best = rows.length;
  for (let mask = 1; mask < 2 ** rows.length; mask++) {
    const subset = rows.filter((_, i) => (mask >> i) & 1);
    if (exactRank(subset) < subset.length) best = Math.min(best, subset.length - 1);
  }
  return best;
}

const matrices = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([k, n]) =>
  fc.array(
    fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: n, maxLength: n })
      .filter((row) => row.some((v) => v > 0)),
    { minLength: k, maxLength: k },
  ),
);

test('the Kruskal rank is that of all subsets of rows, exactly computed', () => {
  fc.assert(
    fc.property(matrices, (rows) => {
      assert.equal(kruskalRank(rows), bruteForce(rows));
      assert.equal(independent(rows), exactRank(rows) === rows.length);
    }),
    { numRuns: 500 },
  );
});

test('one repeated row brings the Kruskal rank to 1, whatever the rank', () => {
  const rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]; // prettier-ignore
  assert.equal(kruskalRank(rows), 1);
  assert.equal(kruskalRank(rows.slice(0, 3)), 3);
});

test('outcome probabilities are those of Plackett–Luce and sum to 1', () => {
  const reward = Float64Array.of(Math.log(1), Math.log(2), Math.log(3));
  const close = (actual: readonly number[], expected: readonly number[]) => {
    assert.equal(actual.length, expected.length);
    actual.forEach((p, i) => {
      assert.ok(Math.abs(p - expected[i]) < 1e-12, `${p} is not ${expected[i]}`);
    });
  };
  close(rowsOf({ things: [0, 1, 2], depth: 1 }, [reward])[0], [1 / 6, 2 / 6, 3 / 6]);
  // orders 012 and 021, 102 and 120, 201 and 210
  close(rowsOf({ things: [0, 1, 2], depth: 2 }, [reward])[0], [
    (1 / 6) * (2 / 5),
    (1 / 6) * (3 / 5),
    (2 / 6) * (1 / 4),
    (2 / 6) * (3 / 4),
    (3 / 6) * (1 / 3),
    (3 / 6) * (2 / 3),
  ]);
  const both = together(rowsOf({ things: [0, 1], depth: 1 }, [reward]), noViews(1));
  close(together(both, both)[0], [1 / 9, 2 / 9, 2 / 9, 4 / 9]);
});

test('pairs needed for K types are 2⌈log₂K⌉ + 1, or one fewer where Kruskal’s bound is met before', () => {
  assert.deepEqual(
    [2, 3, 4, 5, 6, 7, 8].map((types) => viewsNeeded(types, 2)),
    [3, 5, 5, 6, 7, 7, 7], // 5: groups of 2, 2 and 2 pairs have 4 + 4 + 4 ≥ 2·5 + 2
  );
  for (let types = 2; types <= 64; types++) {
    const bound = 2 * Math.ceil(Math.log2(types)) + 1;
    const needed = viewsNeeded(types, 2);
    assert.ok(needed === bound || needed === bound - 1, `${types} types: ${needed}`);
    if (Number.isInteger(Math.log2(types))) assert.equal(needed, bound);
  }
});

test('records needed satisfy Σ min(K, κ) ≥ 2K + 2 in some split into three, and one fewer does not', () => {
  const splits = (n: number): [number, number, number][] => {
    const all: [number, number, number][] = [];
    for (let a = 1; a < n - 1; a++) for (let b = 1; a + b < n; b++) all.push([a, b, n - a - b]);
    return all;
  };
  for (const kappa of [2, 3, 6, 24]) {
    for (let types = 2; types <= 12; types++) {
      const enough = (n: number) =>
        splits(n).some(
          (split) => split.reduce((sum, s) => sum + Math.min(types, kappa ** s), 0) >= 2 * types + 2,
        );
      const needed = viewsNeeded(types, kappa);
      assert.ok(enough(needed), `${types} types, κ ${kappa}`);
      assert.ok(needed === 3 || !enough(needed - 1), `${types} types, κ ${kappa}, one fewer`);
    }
  }
});

test('outcomes of a record are the ordered choices of its decided places', () => {
  assert.deepEqual([outcomes(2, 1), outcomes(3, 1), outcomes(3, 2), outcomes(4, 3), outcomes(5, 0)], [2, 3, 6, 24, 1]); // prettier-ignore
});
