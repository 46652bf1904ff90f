import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucket } from '../../src/policy/transformer/buckets';
import { pack } from '../../src/policy/transformer/packing';
import type { TokenRecord } from '../../src/policy/transformer/truncate';

const tokens = (max: number) =>
  fc
    .array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: max })
    .map((ids) => Int32Array.from(ids));
const records: fc.Arbitrary<TokenRecord[]> = fc.array(
  fc.record({
    line: fc.nat(),
    prompt: tokens(20),
    responses: fc.array(tokens(30), { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
);

test('a packed batch holds every prompt and response, whole and scored once', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 200 }), (list, longest) => {
      const batch = pack(list, { longest });
      const expected = list.flatMap(({ prompt, responses }) =>
        responses.map((response) => ({ prompt, response })),
      );
      assert.equal(batch.slots, expected.length);
      const seen = expected.map(() => 0);
      for (let i = 0; i < batch.scored; i++) {
        const slot = batch.slot[i];
        if (slot === -1) continue;
        const { prompt, response } = expected[slot];
        const at = batch.predictor[i];
        const nth = seen[slot]++;
        assert.equal(batch.target[i], response[nth]);
        // the token that predicts the first of a response is the prompt's last, then the response's own before it
        assert.equal(batch.tokens[at], nth === 0 ? prompt.at(-1) : response[nth - 1]);
        assert.equal(batch.position[at], prompt.length + nth - 1);
        assert.equal(batch.segment[at] === 0, nth === 0);
        // the predictor's block holds the whole prompt
        const row = Math.floor(at / batch.length) * batch.length;
        const start: number[] = [];
        for (let c = row; c < row + batch.length; c++) {
          if (batch.block[c] === batch.block[at] && batch.segment[c] === 0) start.push(batch.tokens[c]);
        }
        assert.deepEqual(start, Array.from(prompt));
      }
      assert.deepEqual(
        seen,
        expected.map(({ response }) => response.length),
      );
      // what belongs to no block is empty, and no row is longer than it needs to be
      batch.block.forEach((block, i) => {
        if (block === 0) assert.deepEqual([batch.tokens[i], batch.position[i], batch.segment[i]], [0, 0, 0]);
      });
      const longestPair = Math.max(
        ...expected.map(({ prompt, response }) => prompt.length + response.length),
      );
      assert.ok(batch.length <= bucket(Math.max(longest, longestPair), 32));
    }),
    { numRuns: 200 },
  );
});

test('a batch fits the shape of another where it can', () => {
  const small = [{ line: 1, prompt: Int32Array.of(1), responses: [Int32Array.of(2), Int32Array.of(3, 4)] }];
  const shape = { rows: 3, length: 40, slots: 7, scored: 50 };
  const batch = pack(small, { shape });
  assert.deepEqual(
    { rows: batch.rows, length: batch.length, slots: batch.slots, scored: batch.scored },
    shape,
  );
  assert.equal(batch.slot.filter((slot) => slot >= 0).length, 3);
});

test('an empty prompt or response is refused with its line', () => {
  const none = new Int32Array();
  assert.throws(() => pack([{ line: 7, prompt: none, responses: [Int32Array.of(1)] }]), /line 7/);
  assert.throws(() => pack([{ line: 8, prompt: Int32Array.of(1), responses: [none] }]), /line 8/);
});

test('buckets are few, hold what they are for and are at most half as large again', () => {
  const sizes = new Set<number>();
  for (let n = 1; n <= 4096; n++) {
    const size = bucket(n);
    sizes.add(size);
    assert.ok(size >= n && size * 2 <= n * 3, `${n} in ${size}`);
    assert.equal(bucket(size), size);
    assert.equal(bucket(n, 32) % 32, 0);
  }
  assert.ok(sizes.size <= 25);
});
