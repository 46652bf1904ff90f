import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteTokenizer } from '../../src/policy/transformer/byte-tokenizer';
import { textStream } from '../../src/policy/transformer/generate/text-stream';
import type { Tokenizer } from '../../src/policy/transformer/language-model';

function streamed(tokens: Iterable<number>, stop: readonly string[], tokenizer: Tokenizer = byteTokenizer) {
  const stream = textStream(tokenizer, stop);
  const pieces: string[] = [];
  for (const token of tokens) pieces.push(stream.push(token));
  pieces.push(stream.finish());
  return { pieces, text: pieces.join(''), stopped: stream.stopped };
}

test('bytes become the text they are, and no piece holds half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!text.includes('\ufeff') && !text.includes('\ufffd'));
      const { pieces, text: found } = streamed(byteTokenizer.encode(text), []);
      assert.equal(found, text);
      assert.ok(pieces.every((piece) => !piece.includes('\ufffd')));
    }),
  );
});

test('a text ends before the first stop string, however tokens cut it, and nothing after it is shown', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 30 });
  const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 4 }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(text, stops, (whole, stop) => {
      const { text: found, stopped } = streamed(byteTokenizer.encode(whole), stop);
      // the stop string that is complete first; of those, the one that begins first
      const ends = stop.flatMap((s) => (whole.includes(s) ? [whole.indexOf(s) + s.length] : []));
      const first = Math.min(...ends);
      const starts = stop.flatMap((s) => {
        const at = whole.slice(0, first).indexOf(s);
        return at >= 0 ? [at] : [];
      });
      assert.equal(stopped, ends.length > 0);
      assert.equal(found, ends.length > 0 ? whole.slice(0, Math.min(...starts)) : whole);
    }),
  );
});

test('bytes that are no text do not hold the stream up for ever', () => {
  const { pieces, text } = streamed([...new Array<number>(20).fill(0x80), 0x41], []);
  assert.ok(pieces.slice(0, 12).join('').length > 0);
  assert.ok(text.endsWith('A'));
});

test('a tokenizer that drops the space before the first word of a text keeps it within one', () => {
  const words = ['▁Hello', '▁big', '▁world', '!'];
  const tokenizer: Tokenizer = {
    vocabulary: 4,
    endOfText: -1,
    encode: () => new Int32Array(0),
    encodePrompt: () => new Int32Array(0),
    decode: (tokens) =>
      Array.from(tokens, (t) => words[t])
        .join('')
        .replaceAll('▁', ' ')
        .replace(/^ /, ''),
  };
  assert.equal(streamed([0, 1, 2, 3], [], tokenizer).text, 'Hello big world!');
});
