import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import type { Population } from '../../src/dataset/simulate/population';
import { simulate, simulateParametric } from '../../src/dataset/simulate/simulate';
import { FORMATS, onePrompt, twoTypes } from './simulate-populations';

const N = 20_000;

/** The count is within 4 standard deviations of a binomial's mean: chance of a false alarm 6e-5 (the seed is fixed). */
function assertShare(count: number, of: number, share: number, what: string): void {
  const bound = 4 * Math.sqrt((share * (1 - share)) / of);
  assert.ok(
    Math.abs(count / of - share) <= bound,
    `${what}: ${count} of ${of}, expected ${share.toFixed(4)} ± ${bound.toFixed(4)}`,
  );
}

/** Texts of the ranked responses, best first. */
function order({ responses, ranking }: CanonicalRecord): string {
  return ranking.map((i) => (typeof i === 'number' ? responses[i] : '=')).join(' ');
}

function orders(population: Population, seed: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const record of simulate(population, seed).records) {
    counts.set(order(record), (counts.get(order(record)) ?? 0) + 1);
  }
  return counts;
}

test('a pair is chosen with the logistic probability of the difference', () => {
  for (const [seed, difference] of [0, 0.5, 1.3, 3].entries()) {
    const counts = orders(onePrompt([difference, 0], { format: 'pair', share: 1 }, N), seed);
    assertShare(counts.get('y0 y1') ?? 0, N, 1 / (1 + Math.exp(-difference)), `Δ = ${difference}`);
  }
});

test('the scale multiplies the difference', () => {
  const counts = orders(onePrompt([0.8, 0], { format: 'pair', share: 1 }, N, { scale: 2.5 }), 5);
  assertShare(counts.get('y0 y1') ?? 0, N, 1 / (1 + Math.exp(-2)), 'scale 2.5');
});

test('the favourite is chosen in proportion to exp(utility)', () => {
  const utilities = [1, 0, -0.7];
  const total = utilities.reduce((sum, u) => sum + Math.exp(u), 0);
  const counts = orders(onePrompt(utilities, { format: 'best-of', of: 3, share: 1 }, N), 6);
  utilities.forEach((u, i) => { assertShare(counts.get(`y${i}`) ?? 0, N, Math.exp(u) / total, `y${i}`); }); // prettier-ignore
});

test('every full ranking and every top two has its Plackett–Luce probability', () => {
  const e = [1, 0.2, -0.7].map(Math.exp);
  const probability = (a: number, b: number, rest: number) =>
    (e[a] / (e[a] + e[b] + e[rest])) * (e[b] / (e[b] + e[rest]));
  const full = orders(onePrompt([1, 0.2, -0.7], { format: 'ranking', share: 1 }, N), 7);
  for (const [a, b, c] of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    assertShare(full.get(`y${a} y${b} y${c}`) ?? 0, N, probability(a, b, c), `${a} > ${b} > ${c}`);
  } // prettier-ignore
  const four = [1, 0.2, -0.7, 0];
  const [z, rest] = [
    four.reduce((s, u) => s + Math.exp(u), 0),
    four.slice(1).reduce((s, u) => s + Math.exp(u), 0),
  ];
  const top = orders(onePrompt(four, { format: 'top', top: 2, of: 4, share: 1 }, N), 8);
  assertShare(top.get('y0 y1') ?? 0, N, (Math.exp(1) / z) * (Math.exp(0.2) / rest), 'y0 then y1 of four');
});

test('careless annotators rank at random and are as many as asked for', () => {
  const population = onePrompt([3, 0], { format: 'pair', share: 1 }, N, { careless: 0.25 });
  const { records, truth } = simulate(population, 9);
  const careless = new Set(truth.annotators.filter((a) => a.careless).map((a) => a.annotator));
  assertShare(careless.size, N, 0.25, 'careless');
  const theirs = [...records].filter((r) => careless.has(r.annotator ?? ''));
  assertShare(theirs.filter((r) => order(r) === 'y0 y1').length, theirs.length, 0.5, 'their choices');
});

test('responses are shown in random order', () => {
  const records = [...simulate(onePrompt([2, 0, 0], { format: 'ranking', share: 1 }, N), 10).records];
  for (const place of [0, 1, 2]) {
    assertShare(records.filter((r) => r.responses[place] === 'y0').length, N, 1 / 3, `y0 at place ${place}`);
  }
});

test('types, formats, ties and records per annotator have the shares asked for', () => {
  const { records, truth } = simulate(twoTypes(4000, { ties: 0.1 }), 11);
  const all = [...records];
  assertShare(truth.annotators.filter((a) => a.type === 'right').length, 4000, 0.65, 'type');
  const format = ({ responses, ranking }: CanonicalRecord) =>
    ranking.flat().length === responses.length ? responses.length : -responses.length;
  const untied = all.filter((r) => r.ranking.every((level) => typeof level === 'number'));
  const best = untied.filter((r) => format(r) === -3).length;
  const top = untied.filter((r) => format(r) === -4).length;
  // ties thin out formats unevenly: compare loosely
  assert.ok(
    Math.abs(best / untied.length - FORMATS[1].share) < 0.03,
    `best of three: ${best / untied.length}`,
  );
  assert.ok(
    Math.abs(top / untied.length - FORMATS[2].share) < 0.03,
    `top two of four: ${top / untied.length}`,
  );
  assert.equal(all.length - untied.length, truth.ties);
  // the threshold itself is estimated from 4,000 judgements
  assert.ok(Math.abs(truth.ties / all.length - 0.1) < 0.02, `ties: ${truth.ties / all.length}`);
  const perAnnotator = new Map<string, number>();
  for (const r of all) perAnnotator.set(r.annotator ?? '', (perAnnotator.get(r.annotator ?? '') ?? 0) + 1);
  for (const n of [2, 3, 4, 5]) {
    assertShare([...perAnnotator.values()].filter((count) => count === n).length, 4000, 0.25, `${n} records`);
  }
});

test('formats have their shares where nothing is tied', () => {
  const all = [...simulate(twoTypes(4000), 12).records];
  const count = (shown: number, ranked: number) =>
    all.filter((r) => r.responses.length === shown && r.ranking.length === ranked).length;
  assertShare(count(3, 1), all.length, 0.3, 'best of three');
  assertShare(count(4, 2), all.length, 0.1, 'top two of four');
});

test('ties join neighbours that are near: with equal utilities more often than with unequal ones', () => {
  const population = onePrompt([0, 0, 6], { format: 'ranking', share: 1 }, 5000, { ties: 0.2 });
  const tied = [...simulate(population, 13).records].filter((r) => r.ranking.length === 2);
  const twins = tied.filter(
    (r) => r.ranking[1] instanceof Array && r.responses[r.ranking[0] as number] === 'y2',
  );
  assert.ok(tied.length > 800 && twins.length / tied.length > 0.95, `${twins.length} of ${tied.length}`);
});

test('taste makes rewards differ between types and responses with the standard deviation asked for', () => {
  const base = onePrompt([0, 0], { format: 'pair', share: 1 }, 1, { taste: 0.7 });
  const population: Population = {
    ...base,
    prompts: Array.from({ length: 4000 }, (_, x) => ({ ...base.prompts[0], prompt: `x${x}` })),
  };
  const rewards = (simulate(population, 14).truth.prompts ?? []).map((x) => x.rewards[0][0]);
  // half the difference of two tastes has variance 0.7² / 2
  const variance = rewards.reduce((sum, r) => sum + r * r, 0) / rewards.length;
  assert.ok(Math.abs(variance - 0.245) < 0.245 * 4 * Math.sqrt(2 / 4000), `variance ${variance}`);
});

test('parametric features are standard normal and rankings follow φᵀb', () => {
  const weights = [1.5, -1, 0.5, 0];
  const { records } = simulateParametric(
    { types: [{ share: 1, weights }], prompts: 'fresh', responses: 2, annotators: 5000, records: 2 },
    15,
  );
  let n = 0;
  let square = 0;
  let expected = 0;
  let seen = 0;
  let variance = 0;
  const prompts = new Set<string>();
  for (const { features, ranking, prompt } of records) {
    prompts.add(prompt);
    const [u, v] = (features as readonly (readonly number[])[]).map((phi) => {
      n += phi.length;
      square += phi.reduce((sum, value) => sum + value * value, 0);
      return phi.reduce((sum, value, j) => sum + value * weights[j], 0);
    });
    const p = 1 / (1 + Math.exp(v - u));
    expected += p;
    variance += p * (1 - p);
    seen += ranking[0] === 0 ? 1 : 0;
  }
  assert.equal(prompts.size, 10_000, 'every record has a prompt of its own');
  assert.ok(Math.abs(square / n - 1) < 4 * Math.sqrt(2 / n), `second moment ${square / n}`);
  assert.ok(
    Math.abs(seen - expected) < 4 * Math.sqrt(variance),
    `${seen} first chosen, expected ${expected}`,
  );
});
