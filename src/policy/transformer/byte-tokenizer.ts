import type { Tokenizer } from './language-model';

/** Between a prompt and its response. */
export const SEPARATOR = 257;
const END_OF_TEXT = 256;

/** Every byte of UTF-8 is a token; two more end a response and separate it from its prompt. */
export const byteTokenizer: Tokenizer = {
  vocabulary: 258,
  endOfText: END_OF_TEXT,
  encode: (text) => Int32Array.from(new TextEncoder().encode(text)),
  // a response cut within a character ends in U+FFFD; so does what a model makes up that is no UTF-8
  decode: (tokens) =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      Uint8Array.from(tokens).filter((_, i) => tokens[i] < END_OF_TEXT),
    ),
  encodePrompt: (prompt) => Int32Array.from([...new TextEncoder().encode(prompt), SEPARATOR]),
};
