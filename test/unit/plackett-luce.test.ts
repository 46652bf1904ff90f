import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectAlternatives } from '../../src/compute/components';
import { UNRANKED_LEVEL } from '../../src/compute/kernels/levels';
import {
  addCurvatureBlocks,
  addCurvatureProduct,
  addGradient,
  logLikelihoods,
  weightedLogLikelihood,
} from '../../src/compute/kernels/plackett-luce';
import type { Rankings } from '../../src/compute/kernels/rankings';

/** A ranking as groups of tied alternatives, best first, and the ones offered but not ranked. */
interface Ranking {
  readonly groups: readonly (readonly number[])[];
  readonly unranked: readonly number[];
}

function rankingsOf(list: readonly Ranking[], alternatives: number): Rankings {
  const start = [0];
  const option: number[] = [];
  const level: number[] = [];
  for (const { groups, unranked } of list) {
    groups.forEach((group, l) => {
      option.push(...group);
      level.push(...group.map(() => l));
    });
    option.push(...unranked);
    level.push(...unranked.map(() => UNRANKED_LEVEL));
    start.push(option.length);
  }
  return {
    count: list.length,
    alternatives,
    start: Uint32Array.from(start),
    option: Int32Array.from(option),
    level: Uint16Array.from(level),
    tied: Uint8Array.from(list, ({ groups }) => (groups.some((g) => g.length > 1) ? 1 : 0)),
    largest: Math.max(...start.slice(1).map((s, i) => s - start[i])),
  };
}

function permutations<T>(values: readonly T[]): T[][] {
  if (values.length <= 1) return [values.slice()];
  return values.flatMap((v, i) => permutations(values.filter((_, j) => j !== i)).map((rest) => [v, ...rest]));
}

/** The definition: stage by stage, and the mean over every order a tie allows. */
function byDefinition({ groups, unranked }: Ranking, u: ArrayLike<number>): number {
  const orders = groups.reduce<number[][]>(
    (sofar, group) => sofar.flatMap((head) => permutations(group).map((tail) => [...head, ...tail])),
    [[]],
  );
  const probability = (order: number[]): number => {
    let p = 1;
    order.forEach((y, j) => {
      const left = [...order.slice(j), ...unranked];
      p *= Math.exp(u[y]) / left.reduce((sum, i) => sum + Math.exp(u[i]), 0);
    });
    return p;
  };
  return Math.log(orders.reduce((sum, order) => sum + probability(order), 0) / orders.length);
}

/** Any ranking over some of 6 alternatives, with ties and unranked options. */
const anyRanking = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 2 }),
    fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }),
  )
  .map(([members, choices]): Ranking => {
    const groups: number[][] = [[members[0]]];
    const unranked: number[] = [];
    for (const [i, y] of members.slice(1).entries()) {
      const choice = choices[i];
      if (choice === 0) groups[groups.length - 1].push(y);
      else if (choice === 1) unranked.push(y);
      else groups.push([y]);
    }
    return { groups, unranked };
  });
const anyUtilities = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 });

test('a pair is log σ(r⁺ − r⁻), a tied pair log ½', () => {
  const u = Float64Array.of(1.3, -0.4);
  const out = new Float64Array(2);
  const pair = { groups: [[0], [1]], unranked: [] };
  const tie = { groups: [[0, 1]], unranked: [] };
  logLikelihoods(rankingsOf([pair, tie], 2), u, out);
  assert.ok(Math.abs(out[0] - Math.log(1 / (1 + Math.exp(-1.7)))) < 1e-14);
  assert.ok(Math.abs(out[1] - Math.log(0.5)) < 1e-14);
});

test('the likelihood equals its definition for every mix of ties and unranked options', () => {
  fc.assert(
    fc.property(anyRanking, anyUtilities, (ranking, utilities) => {
      const u = Float64Array.from(utilities);
      const out = new Float64Array(1);
      logLikelihoods(rankingsOf([ranking], 6), u, out);
      assert.ok(Math.abs(out[0] - byDefinition(ranking, u)) < 1e-10);
    }),
  );
});

test('probabilities of all full rankings sum to 1', () => {
  const u = Float64Array.of(0.3, -1, 2, 0.5);
  const all = permutations([0, 1, 2, 3]).map((order) => ({ groups: order.map((y) => [y]), unranked: [] }));
  const out = new Float64Array(all.length);
  logLikelihoods(rankingsOf(all, 4), u, out);
  assert.ok(Math.abs(out.reduce((sum, l) => sum + Math.exp(l), 0) - 1) < 1e-12);
});

test('the gradient agrees with finite differences', () => {
  fc.assert(
    fc.property(fc.array(anyRanking, { minLength: 1, maxLength: 4 }), anyUtilities, (list, utilities) => {
      const rankings = rankingsOf(list, 6);
      const u = Float64Array.from(utilities);
      const w = Float64Array.from(list, (_, i) => 0.5 + i);
      const gradient = new Float64Array(6);
      const value = addGradient(rankings, u, w, gradient);
      assert.ok(Math.abs(value - weightedLogLikelihood(rankings, u, w)) < 1e-10);
      for (let i = 0; i < 6; i++) {
        const h = 1e-5;
        const up = weightedLogLikelihood(rankings, u.with(i, u[i] + h), w);
        const down = weightedLogLikelihood(rankings, u.with(i, u[i] - h), w);
        assert.ok(Math.abs(gradient[i] - (up - down) / (2 * h)) < 1e-6);
      }
    }),
  );
});

test('curvature, as blocks and as products, agrees with differences of the gradient', () => {
  fc.assert(
    fc.property(fc.array(anyRanking, { minLength: 1, maxLength: 4 }), anyUtilities, (list, utilities) => {
      const rankings = rankingsOf(list, 6);
      const components = connectAlternatives(rankings);
      const u = Float64Array.from(utilities);
      const w = Float64Array.from(list, (_, i) => 0.5 + i);
      const offset = new Float64Array(components.count + 1);
      for (let c = 0; c < components.count; c++) offset[c + 1] = offset[c] + components.size[c] ** 2;
      const values = new Float64Array(offset[components.count]);
      addCurvatureBlocks(rankings, u, w, { ...components, offset, values });
      for (let k = 0; k < 6; k++) {
        const h = 1e-5;
        const up = new Float64Array(6);
        const down = new Float64Array(6);
        addGradient(rankings, u.with(k, u[k] + h), w, up);
        addGradient(rankings, u.with(k, u[k] - h), w, down);
        const product = new Float64Array(6);
        addCurvatureProduct(rankings, u, w, new Float64Array(6).with(k, 1), product);
        for (let i = 0; i < 6; i++) {
          const expected = -(up[i] - down[i]) / (2 * h);
          assert.ok(Math.abs(product[i] - expected) < 1e-6, `product ${product[i]} ${expected}`);
          const c = components.component[k];
          if (components.component[i] !== c) continue;
          const entry = values[offset[c] + components.index[i] * components.size[c] + components.index[k]];
          assert.ok(Math.abs(entry - expected) < 1e-6, `block ${entry} ${expected}`);
        }
      }
    }),
  );
});

test('utilities too far apart are outside the domain, not NaN', () => {
  const rankings = rankingsOf([{ groups: [[0], [1]], unranked: [] }], 2);
  assert.equal(weightedLogLikelihood(rankings, Float64Array.of(0, 700), Float64Array.of(1)), -Infinity);
  assert.equal(weightedLogLikelihood(rankings, Float64Array.of(NaN, 0), Float64Array.of(1)), -Infinity);
});

test('the largest tie that is read, twelve options, has the probability of any order where all are equal', () => {
  const group = Array.from({ length: 12 }, (_, i) => i);
  const out = new Float64Array(1);
  logLikelihoods(rankingsOf([{ groups: [group], unranked: [] }], 12), new Float64Array(12), out);
  const logFactorial = group.reduce((sum, i) => sum + Math.log(i + 1), 0);
  assert.ok(Math.abs(out[0] + logFactorial) < 1e-9);
});
