import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { truncate } from '../../src/policy/transformer/truncate';

const ids = (...values: number[]) => Int32Array.from(values);
const END = 99;

test('prompts lose their beginning, responses their end, and both are counted', () => {
  const record = { line: 4, prompt: ids(1, 2, 3, 4), responses: [ids(5, 6, 7, 8), ids(5)] };
  const { records, promptsCut, responsesCut, equal } = truncate([record], { prompt: 3, response: 3 }, END);
  assert.deepEqual(records, [{ line: 4, prompt: ids(2, 3, 4), responses: [ids(5, 6, 7), ids(5, END)] }]);
  assert.deepEqual([promptsCut, responsesCut, equal], [1, 1, []]);
});

test('a response that fits with its end is not cut', () => {
  const record = { line: 1, prompt: ids(1), responses: [ids(5, 6), ids(5, 6, 7)] };
  const { records, responsesCut } = truncate([record], { prompt: 9, response: 3 }, END);
  assert.deepEqual(records[0].responses, [ids(5, 6, END), ids(5, 6, 7)]);
  assert.equal(responsesCut, 1);
});

test('responses that became equal are told apart from those that were', () => {
  const list = [
    { line: 1, prompt: ids(1), responses: [ids(5, 6, 7), ids(5, 6, 8), ids(5)] },
    { line: 2, prompt: ids(1), responses: [ids(5), ids(6), ids(5)] },
    { line: 3, prompt: ids(1), responses: [ids(1, 2, 3, 4), ids(1, 2, 3, 4), ids(1, 2, 9)] },
  ];
  assert.deepEqual(truncate(list, { prompt: 1, response: 2 }, END).equal, [
    { line: 1, responses: [0, 1], byTruncation: true },
    { line: 2, responses: [0, 2], byTruncation: false },
    { line: 3, responses: [0, 1, 2], byTruncation: true },
  ]);
});

test('limits and empty prompts are refused with a sentence', () => {
  const record = { line: 12, prompt: ids(), responses: [ids(1)] };
  assert.throws(() => truncate([record], { prompt: 4, response: 4 }, END), /line 12 has no tokens/);
  for (const limit of [0, -1, 1.5, NaN]) {
    assert.throws(() => truncate([], { prompt: limit, response: 4 }, END), /longest prompt/);
    assert.throws(() => truncate([], { prompt: 4, response: limit }, END), /longest response/);
  }
});

test('what is left of a response does not depend on what it stands beside', () => {
  const tokens = fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }).map((list) => Int32Array.from(list));
  fc.assert(
    fc.property(
      tokens,
      fc.array(tokens, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 14 }),
      fc.integer({ min: 1, max: 14 }),
      (prompt, responses, most, mostResponse) => {
        const limits = { prompt: most, response: mostResponse };
        const [together] = truncate([{ line: 1, prompt, responses }], limits, END).records;
        responses.forEach((response, i) => {
          const [alone] = truncate([{ line: 1, prompt, responses: [response] }], limits, END).records;
          assert.deepEqual(alone.prompt, together.prompt);
          assert.deepEqual(alone.responses[0], together.responses[i]);
        });
        assert.equal(together.responses.length, responses.length);
      },
    ),
  );
});
