import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bic, icl, mixtureParameters, rowEntropies } from '../../src/training/criteria';
import { effectiveTypes } from '../../src/training/fit';
import { knownTypeAgreement } from '../../src/training/known-types';
import { adjustedRand, bestMatching, hardLabels } from '../../src/training/labels';

test('adjusted Rand: 1 for the same partition under other names', () => {
  assert.equal(adjustedRand([0, 0, 1, 1], [5, 5, 2, 2]), 1);
});

/** By counting pairs of units, the definition. */
function ari(a: number[], b: number[]): number {
  let both = 0;
  let inA = 0;
  let inB = 0;
  let pairs = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      pairs++;
      if (a[i] === a[j]) inA++;
      if (b[i] === b[j]) inB++;
      if (a[i] === a[j] && b[i] === b[j]) both++;
    }
  }
  const expected = (inA * inB) / pairs;
  // everyone alone, or all together, in both: the same partition
  if ((inA + inB) / 2 === expected) return 1;
  return (both - expected) / ((inA + inB) / 2 - expected);
}

test('adjusted Rand equals its definition over pairs, and weights are repetitions', () => {
  const labels = fc.array(fc.nat(3), { minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(labels, labels, (left, right) => {
      const n = Math.min(left.length, right.length);
      const [a, b] = [left.slice(0, n), right.slice(0, n)];
      if (new Set(a).size < 2 || new Set(b).size < 2) return;
      assert.ok(Math.abs(adjustedRand(a, b) - ari(a, b)) < 1e-12);
      const repeat = (x: number[]) => x.flatMap((v, i) => new Array<number>(1 + (i % 3)).fill(v));
      const weight = a.map((_, i) => 1 + (i % 3));
      assert.ok(Math.abs(adjustedRand(a, b, weight) - ari(repeat(a), repeat(b))) < 1e-12);
    }),
  );
});

test('the best matching beats every other one', () => {
  const table = fc.array(fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  });
  const all = (rows: number, used: number[]): number[][] =>
    rows === 0
      ? [used]
      : [0, 1, 2, 3].filter((c) => !used.includes(c)).flatMap((c) => all(rows - 1, [...used, c]));
  fc.assert(
    fc.property(table, (value) => {
      const total = (m: number[]) => m.reduce((sum, c, i) => sum + value[i][c], 0);
      const matching = bestMatching(value);
      assert.equal(new Set(matching).size, matching.length);
      assert.equal(total(matching), Math.max(...all(value.length, []).map(total)));
    }),
  );
});

test('more known types than found ones: one is left over', () => {
  assert.deepEqual(bestMatching([[5], [9], [1]]), [-1, 0, -1]);
  const agreement = knownTypeAgreement(Int32Array.of(0, 0, 1, -1), Int32Array.of(1, 1, 0, 0), ['a', 'b'], 2);
  assert.equal(agreement?.accuracy, 1);
  assert.deepEqual(agreement.confusion, [
    [0, 2],
    [1, 0],
  ]);
});

test('criteria follow their formulas', () => {
  const parameters = mixtureParameters(3, 58);
  assert.equal(parameters, 176);
  // LLMFAO, three types: BIC 6030.7 (reference fit)
  assert.ok(Math.abs(bic(-2591.16, parameters, 124) - 6030.7) < 0.1);
  const gamma = Float64Array.of(0.5, 0.5, 1, 0);
  const entropy = rowEntropies(gamma, 2);
  assert.ok(Math.abs(entropy[0] - Math.LN2) < 1e-15 && entropy[1] === 0);
  assert.ok(Math.abs(icl(100, Math.LN2) - (100 + 2 * Math.LN2)) < 1e-12);
  assert.deepEqual(Array.from(hardLabels(gamma, 2)), [0, 0]);
});

test('effective types: K for equal shares, 1 for one', () => {
  assert.ok(Math.abs(effectiveTypes([0.25, 0.25, 0.25, 0.25]) - 4) < 1e-12);
  assert.equal(effectiveTypes([1, 0]), 1);
});
