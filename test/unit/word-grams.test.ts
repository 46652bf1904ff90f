import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wordGrams } from '../../src/policy/word-grams';

/** The definition, with strings. */
function gramsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (gram: string) => counts.set(gram, (counts.get(gram) ?? 0) + 1);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  words.forEach((word, i) => {
    add(word);
    if (i > 0) add(`${words[i - 1]} ${word}`);
  });
  return counts;
}

/** FNV-1a over UTF-16 units, with a final mix. */
function hashOf(gram: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < gram.length; i++) hash = Math.imul(hash ^ gram.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }), // lone surrogates and controls too
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.constantFrom('İ', 'ẞ', '𝔘nd', '𝟙', '👍', 'ΑΣ', 'a\u0301', '٣', '—', "n't", 'und'), {
      maxLength: 40,
    })
    .map((words) => words.join(' ')),
);

test('grams and how often they stand in a text are those of its strings, in their order', () => {
  const grams = wordGrams(); // one for all texts, as what is left of one must not be in the next
  fc.assert(
    fc.property(anyText, (text) => {
      const size = grams.take(text);
      const expected = [...gramsOf(text)];
      assert.deepEqual(
        Array.from({ length: size }, (_, i) => [grams.hash[i], grams.count[i]]),
        expected.map(([gram, n]) => [hashOf(gram), n]),
      );
    }),
    { numRuns: 1000 },
  );
});

test('a long text has all of its grams', () => {
  const grams = wordGrams();
  const words = Array.from({ length: 20_000 }, (_, i) => `w${i % 7000}`);
  const size = grams.take(words.join(' '));
  const expected = gramsOf(words.join(' '));
  assert.equal(size, expected.size);
  assert.equal(
    grams.count.subarray(0, size).reduce((sum, n) => sum + n, 0),
    39_999,
  );
});
