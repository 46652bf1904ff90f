import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { logSumExp, tokenSampler } from '../../src/policy/transformer/generate/sampling';
import { random } from '../../src/random';

const logits = Float32Array.from([1, 3, 2, -1, 3, 0]);

function frequencies(temperature: number, topP: number, draws: number): number[] {
  const source = random(1, 2);
  const count = Array.from(logits, () => 0);
  const draw = tokenSampler({ temperature, topP });
  for (let i = 0; i < draws; i++) count[draw(logits, source).token]++;
  return count.map((n) => n / draws);
}

test('tokens come as often as their probabilities say, at every temperature', () => {
  for (const temperature of [0.5, 1, 2]) {
    const draws = 20000;
    const z = logSumExp(Float64Array.from(logits, (v) => v / temperature));
    frequencies(temperature, 1, draws).forEach((frequency, t) => {
      const p = Math.exp(logits[t] / temperature - z);
      assert.ok(Math.abs(frequency - p) < 5 * Math.sqrt((p * (1 - p)) / draws) + 1e-3, `${frequency} ${p}`);
    });
  }
});

test('temperature 0 takes the largest logit, the first of equals', () => {
  assert.equal(tokenSampler({ temperature: 0, topP: 1 })(logits, random(1)).token, 1);
});

test('the log-probability is that of the policy itself, whatever the sampling', () => {
  for (const sampling of [
    { temperature: 0, topP: 1 },
    { temperature: 0.3, topP: 0.5 },
    { temperature: 1, topP: 1 },
  ]) {
    const { token, logProbability } = tokenSampler(sampling)(logits, random(3));
    assert.ok(Math.abs(logProbability - (logits[token] - logSumExp(logits))) < 1e-12);
  }
});

test('top-p draws from the smallest set that holds p, in proportion', () => {
  const z = logSumExp(logits);
  const [p1, p2] = [Math.exp(3 - z), Math.exp(2 - z)];
  // tokens 1 and 4 share the largest probability; together they hold about 0.79
  const two = frequencies(1, 2 * p1 - 1e-6, 4000);
  assert.deepEqual(two.map((f) => f > 0), [false, true, false, false, true, false]); // prettier-ignore
  assert.ok(Math.abs(two[1] - 0.5) < 0.04);
  const three = frequencies(1, 2 * p1 + p2 / 2, 4000);
  assert.deepEqual(three.map((f) => f > 0), [false, true, true, false, true, false]); // prettier-ignore
  assert.equal(frequencies(1, 1e-9, 10)[1], 1);
});

test('the short list that top-p sorts never loses a token of the nucleus', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0.001, max: 0.9999, noNaN: true }),
      fc.integer(),
      (values, topP, seed) => {
        const row = Float64Array.from(values);
        const z = logSumExp(row);
        const p = row.map((value) => Math.exp(value - z));
        const order = [...row.keys()].sort((a, b) => p[b] - p[a] || a - b);
        let held = 0;
        let least = 1;
        for (const token of order) {
          least = p[token];
          held += p[token];
          if (held >= topP + 1e-12) break;
        }
        // tokens that are as probable up to rounding may stand for each other
        const { token } = tokenSampler({ temperature: 1, topP })(row, random(seed));
        return p[token] >= least * (1 - 1e-12);
      },
    ),
  );
});

test('logits that are not numbers are refused, not drawn from', () => {
  for (const bad of [
    [NaN, 1],
    [-Infinity, -Infinity],
    [Infinity, 0],
  ]) {
    assert.throws(() => logSumExp(Float32Array.from(bad)), /not finite/);
  }
  assert.ok(Math.abs(logSumExp(Float32Array.from([-Infinity, 2])) - 2) < 1e-12);
});
