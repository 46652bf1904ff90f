import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { readText } from '../../src/dataset/read';
import { simulate, simulateParametric } from '../../src/dataset/simulate/simulate';
import type { Population } from '../../src/dataset/simulate/population';
import { anyPopulation, twoTypes } from './simulate-populations';

test('every record of every population is one that its formats allow', () => {
  fc.assert(
    fc.property(anyPopulation, fc.integer({ min: 0, max: 1e6 }), (population, seed) => {
      const { records, truth } = simulate(population, seed);
      const typeOf = new Map(truth.annotators.map((a) => [a.annotator, a.type]));
      assert.equal(typeOf.size, population.annotators.count);
      const counts = new Map<string | undefined, number>();
      for (const record of records) {
        counts.set(record.annotator, (counts.get(record.annotator) ?? 0) + 1);
        assert.equal(record.type, typeOf.get(record.annotator ?? ''));
        const prompt = population.prompts.find((x) => x.prompt === record.prompt);
        assert.ok(prompt, 'the prompt is one of the population');
        assert.equal(new Set(record.responses).size, record.responses.length);
        for (const text of record.responses) assert.ok(prompt.responses.some((y) => y.text === text));
        const ranked = record.ranking.flat();
        assert.equal(new Set(ranked).size, ranked.length);
        for (const i of ranked) assert.ok(Number.isInteger(i) && i >= 0 && i < record.responses.length);
        assert.equal(record.features?.length, population.writeFeatures ? record.responses.length : undefined);
        assert.ok(population.formats.some((format) => fits(format, prompt.responses.length, record)));
      }
      const [fewest, most] = population.annotators.records;
      assert.equal(counts.size, population.annotators.count);
      for (const n of counts.values()) assert.ok(n >= fewest && n <= most);
      assert.equal(
        [...counts.values()].reduce((a, b) => a + b, 0),
        truth.records,
      );
      assert.ok(truth.idealAccuracy >= 0 && truth.idealAccuracy <= 1);
    }),
    { numRuns: 60 },
  );
});

function fits(
  format: Population['formats'][number],
  offered: number,
  { responses, ranking }: { responses: readonly string[]; ranking: readonly (number | readonly number[])[] },
): boolean {
  const ranked = ranking.flat().length;
  const shown = format.format === 'pair' ? 2 : (format.of ?? offered);
  const places = format.format === 'best-of' ? 1 : format.format === 'top' ? format.top : shown;
  // a tie at the last place takes in one more
  return (
    responses.length === shown && (ranked === places || (ranked === places + 1 && ranking.length <= places))
  );
}

test('the records read back without a finding', async () => {
  const populations = [twoTypes(50, { ties: 0.2, careless: 0.1 }), { ...twoTypes(20), writeFeatures: true }];
  const parametric = {
    types: 2,
    features: 3,
    prompts: 'fresh',
    responses: 3,
    annotators: 20,
    records: 2,
  } as const;
  for (const made of [...populations.map((p) => simulate(p, 3)), simulateParametric(parametric, 3)]) {
    const lines = [...made.records].map(canonicalLine);
    const { table, findings } = await readText(lines.join('\n'), { name: 'made.jsonl', form: 'canonical' });
    assert.deepEqual(findings, []);
    assert.equal(table.records, made.truth.records);
    assert.equal(table.annotators.size, made.truth.annotators.length);
  }
});

test('the same seed gives the same records, again and again; another seed gives others', () => {
  fc.assert(
    fc.property(anyPopulation, fc.integer({ min: 0, max: 1e6 }), (population, seed) => {
      const first = simulate(population, seed);
      const text = JSON.stringify([...first.records]);
      assert.equal(JSON.stringify([...first.records]), text);
      const second = simulate(population, seed);
      assert.equal(JSON.stringify([...second.records]), text);
      assert.deepEqual(second.truth, first.truth);
    }),
    { numRuns: 30 },
  );
  const text = (seed: number) => JSON.stringify([...simulate(twoTypes(20), seed).records]);
  assert.notEqual(text(1), text(2));
});

test('nobody sees a prompt again before all that fit have come', () => {
  const population: Population = {
    ...twoTypes(50),
    annotators: { count: 50, records: [3, 3] },
    formats: [{ format: 'pair', share: 1 }],
  };
  const seen = new Map<string, Set<string>>();
  for (const { annotator = '', prompt } of simulate(population, 6).records) {
    seen.set(annotator, (seen.get(annotator) ?? new Set()).add(prompt));
  }
  for (const prompts of seen.values()) assert.equal(prompts.size, 3);
});

test('weights of a topic replace the general ones', () => {
  const { truth } = simulate(twoTypes(1), 1);
  const rewardGap = (prompt: string) => {
    const [first, second] = (truth.prompts ?? []).find((x) => x.prompt === prompt)?.rewards[1] ?? [];
    return first - second;
  };
  assert.ok(Math.abs(rewardGap('c') - (-0.5 - 1.5)) < 2e-4);
  assert.ok(Math.abs(rewardGap('b') - (0.5 - 1.5)) < 2e-4);
});

test('attributes named like what every object inherits are just names', () => {
  const population: Population = {
    ...twoTypes(3),
    attributes: { constructor: 'a name', toString: 'another' },
    types: [{ name: 'one', share: 1, weights: { constructor: 1 } }],
    prompts: [
      {
        prompt: 'x',
        topic: 'valueOf',
        responses: ['y', 'z'].map((text, i) => ({ text, attributes: { constructor: i, toString: 5 } })),
      },
    ],
    formats: [{ format: 'pair', share: 1 }],
  };
  assert.deepEqual(simulate(population, 1).truth.prompts?.[0].rewards, [[-0.5, 0.5]]);
});

test('options that contradict each other are refused in a sentence', () => {
  const good = { types: 2, features: 2, prompts: 3, responses: 3, annotators: 4, records: 2 } as const;
  const half = { share: 0.5, weights: [1, 2] };
  for (const [change, sentence] of [
    [{ types: 0 }, /number of types must be a whole number/],
    [{ types: [half] }, /shares of the types must .* sum to 0.5/],
    [{ types: [half, { share: 0.5, weights: [1] }] }, /needs 2 finite weights/],
    [{ types: [half, half], features: 3 }, /2 weights each, but 3 features/],
    [{ features: undefined }, /how many features/],
    [{ prompts: 0 }, /Prompts must be/],
    [{ responses: 1 }, /at least 2/],
    [{ annotators: 1.5 }, /Annotators must be/],
    [{ records: [3, 2] }, /fewest first/],
    [{ formats: [{ format: 'best-of', of: 4, share: 1 }] }, /shows 4 responses, but a prompt has 3/],
    [{ formats: [{ format: 'top', top: 3, of: 3, share: 1 }] }, /fewer than it shows/],
    [{ formats: [{ format: 'pair', share: 0.5 }] }, /shares of the formats/],
    [{ scale: NaN }, /scale/],
    [{ careless: 2 }, /careless/],
    [{ ties: -1 }, /ties/],
  ] as const) {
    assert.throws(() => simulateParametric({ ...good, ...change }, 1), sentence);
  }
  assert.throws(() => simulateParametric(good, 1.5), /seed must be a whole number/);
  assert.throws(() => simulate({ ...twoTypes(2), formats: [] }, 1), /shares of the formats sum to 0/);
});
