import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readText } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import { choiceSet } from '../../src/identify/choice-set';
import { choiceSets } from '../../src/identify/choice-sets';
import { questions } from '../../src/identify/questions';
import { shownOnce } from '../../src/identify/shown-once';

/** Records over few responses, so that choice sets come back, and now and then a response that never does. */
const records = fc.array(
  fc.record({
    prompt: fc.nat({ max: 2 }),
    responses: fc.uniqueArray(fc.oneof(fc.nat({ max: 3 }), fc.integer({ min: 4, max: 1000 })), {
      minLength: 2,
      maxLength: 4,
    }),
    ranked: fc.integer({ min: 1, max: 4 }),
    tied: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);

async function tableOf(
  drawn: typeof records extends fc.Arbitrary<infer T> ? T : never,
  unranked: 'offered' | 'absent',
): Promise<RankingTable> {
  const lines = drawn.map(({ prompt, responses, ranked, tied }, r) => {
    const order = responses.map((_, i) => (i + r) % responses.length).slice(0, ranked);
    return JSON.stringify({
      annotator: `a${r % 3}`,
      prompt: `x${prompt}`,
      responses: responses.map((y) => `y${y}`),
      ranking: tied ? [order] : order,
    });
  });
  return (await readText(lines.join('\n'), { name: 'sets.jsonl', unranked })).table;
}

const keyOf = (table: RankingTable, r: number) => {
  const { from, to } = choiceSet(table, r);
  return Array.from(table.option.subarray(from, to))
    .sort((a, b) => a - b)
    .join();
};

test('choice sets and questions are numbered in the order of their first records, equal ones alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      records,
      fc.constantFrom('offered' as const, 'absent' as const),
      async (drawn, unranked) => {
        const table = await tableOf(drawn, unranked);
        const sets = choiceSets(table);
        const asked = questions(table, 'responses');
        const known = new Map<string, number>();
        const deciding = new Map<string, number>();
        for (let r = 0; r < table.records; r++) {
          const key = keyOf(table, r);
          if (!known.has(key)) known.set(key, known.size);
          assert.equal(sets.of[r], known.get(key));
          if (!choiceSet(table, r).decides) {
            assert.equal(asked.of[r], -1);
            continue;
          }
          if (!deciding.has(key)) deciding.set(key, deciding.size);
          assert.equal(asked.of[r], deciding.get(key));
        }
        assert.equal(asked.count, deciding.size);
        const things = Array.from({ length: asked.count }, (_, q) =>
          asked.thing.subarray(asked.start[q], asked.start[q + 1]).join(),
        );
        assert.deepEqual(things, [...deciding.keys()]);
      },
    ),
    { numRuns: 300 },
  );
});

test('a response is shown once where one record lists it', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (drawn) => {
      const table = await tableOf(drawn, 'offered');
      const times = new Map<number, number>();
      for (const y of table.option) times.set(y, (times.get(y) ?? 0) + 1);
      shownOnce(table).forEach((once, y) => {
        assert.equal(once === 1, times.get(y) === 1);
      });
    }),
    { numRuns: 100 },
  );
});
