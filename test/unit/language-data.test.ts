import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucket } from '../../src/policy/transformer/buckets';
import { pack } from '../../src/policy/transformer/packing';
import { byteTokenizer } from '../../src/policy/transformer/byte-tokenizer';
import { random } from '../../src/random';
import { ordersOf } from '../../src/training/language/orders';
import { prepareLanguageData } from '../../src/training/language/prepare';
import { inOrder } from '../../src/training/language/score';
import { buckets, rankingUnits, responseUnits, tokenRecord } from '../../src/training/language/units';
import { tableOf } from './mixtures';

const TREATMENT = { unranked: 'offered', ties: 'average' } as const;
const LIMITS = { promptTokens: 20, responseTokens: 8 };

const record = (responses: string[], ranking: (number | number[])[], annotator = 'a', prompt = 'p') => ({
  annotator,
  prompt,
  responses,
  ranking,
});

test('what cannot be trained on is counted, with its lines', async () => {
  const table = await tableOf([
    record(['short', 'other'], [0, 1]),
    record(['the same beginning 1', 'the same beginning 2'], [1, 0]),
    record(['the same beginning 1', 'the same beginning 2', 'else'], [2, 0, 1]),
    record(['a', 'b', 'c'], [[0, 1, 2]]),
    record(['a', 'b', 'c', 'd', 'e', 'f', 'g'], [[0, 1, 2, 3, 4, 5], 6]),
  ]);
  const { warnings, usable, texts } = prepareLanguageData(table, byteTokenizer, LIMITS, TREATMENT);
  const said = Object.fromEntries(warnings.map(({ code, message }) => [code, message]));
  assert.match(said['training/no-information'], /^1 rankings.*\(line 2\)/);
  assert.match(said['training/equal-responses'], /^1 rankings.*\(line 3\)/);
  assert.match(said['training/all-tied'], /^1 rankings.*\(line 4\)/);
  assert.match(said['training/large-tie'], /^1 rankings.*\(line 5\)/);
  assert.match(said['training/cut'], /0 prompts and 2 responses/);
  assert.deepEqual(
    usable.orders.map((orders) => orders !== undefined),
    [true, false, true, false, false],
  );
  assert.equal(texts.response[0].at(-1), byteTokenizer.endOfText, 'a response that was not cut ends');
});

test('the orders of a ranking are those its ties allow; a tie with nothing below it needs none', () => {
  const rankings = {
    count: 3,
    alternatives: 5,
    start: Uint32Array.of(0, 4, 8, 10),
    option: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 0, 1),
    level: Uint16Array.of(0, 0, 1, 0xffff, 0, 1, 1, 1, 0, 0),
    tied: Uint8Array.of(1, 1, 1),
    largest: 4,
  };
  assert.deepEqual(ordersOf(rankings, 0), {
    orders: [
      [0, 1, 2, 3],
      [1, 0, 2, 3],
    ],
    stages: 3,
    constant: -0,
  });
  assert.deepEqual(ordersOf(rankings, 1), { orders: [[0, 1, 2, 3]], stages: 1, constant: -Math.log(6) });
  assert.deepEqual(ordersOf(rankings, 2), { orders: [[0, 1]], stages: 0, constant: -Math.log(2) });
  assert.equal(ordersOf(rankings, 0, 1), undefined);
});

test('units hold every ranking once with its responses, and every batch of them packs into its shape', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(10_000), fc.integer({ min: 1, max: 40 }), async (seed, count) => {
      const source = random(seed);
      const word = () => 'x'.repeat(1 + source.below(1 + source.below(60)));
      const records = Array.from({ length: count }, (_, i) => {
        const size = 2 + source.below(5);
        const responses = new Set<string>();
        while (responses.size < size) responses.add(`${String.fromCharCode(97 + source.below(20))}${word()}`);
        const ranking = source.shuffle(Array.from({ length: size }, (_, j) => j));
        return record([...responses], ranking, `a${i}`, `prompt ${source.below(4)}`);
      });
      const table = await tableOf(records);
      const { problem, usable, texts } = prepareLanguageData(
        table,
        byteTokenizer,
        { promptTokens: 16, responseTokens: 48 },
        TREATMENT,
      );
      const units = rankingUnits(problem, usable, texts);
      const ranked = units.flatMap((unit) => unit.rankings);
      assert.equal(new Set(ranked).size, ranked.length);
      assert.equal(ranked.length, usable.orders.filter((orders) => orders).length);
      for (const unit of units) {
        for (const r of unit.rankings) {
          for (let i = problem.rankings.start[r]; i < problem.rankings.start[r + 1]; i++) {
            assert.ok(unit.responses.includes(problem.rankings.option[i]));
            assert.equal(texts.promptOf[problem.rankings.option[i]], unit.prompt);
          }
        }
      }
      const scored = responseUnits(texts).flatMap((unit) => unit.responses);
      assert.deepEqual(Int32Array.from(scored).sort(), texts.used);
      const planned = buckets(units, texts, { units: 1 + source.below(6), tokens: 2048, hidden: 16 });
      assert.equal(
        planned.reduce((sum, own) => sum + own.units.length, 0),
        units.length,
      );
      for (const own of planned) {
        for (const members of inOrder(source.shuffle([...own.units]), own, texts)) {
          const { length } = own.shape;
          const batch = pack(
            members.map((unit) => tokenRecord(unit, texts)),
            { longest: length, shape: own.shape },
          );
          assert.equal(batch.length, length);
          assert.equal(batch.scored, own.shape.scored);
          assert.equal(batch.slots, own.shape.slots);
          // first fit of the largest may rarely need one row more than first fit in order: then the next size of batch
          assert.ok(batch.rows <= Math.max(own.shape.rows, bucket(own.shape.rows + 1)));
        }
      }
    }),
    { numRuns: 60 },
  );
});
