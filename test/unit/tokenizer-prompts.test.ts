import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteTokenizer } from '../../src/policy/transformer/byte-tokenizer';
import { chatTemplate } from '../../src/policy/transformer/chat-template';
import type { JsonObject } from '../../src/policy/transformer/json-file';
import { ModelError } from '../../src/policy/transformer/model-error';
import { buildTokenizer } from '../../src/policy/transformer/tokenizer';
import { GOLDEN } from './transformer-golden';

const read = (model: string, name: string) =>
  JSON.parse(readFileSync(path.join(GOLDEN, model, name), 'utf8')) as JsonObject;
const gpt2 = read('gpt2', 'tokenizer.json');
const mistral = read('mistral', 'tokenizer.json');

function refused(work: () => unknown, sentence: RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof ModelError, String(error));
    assert.match(error.message, sentence);
    return true;
  });
}

test('bytes come back from the byte tokenizer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const tokens = byteTokenizer.encode(text);
      assert.equal(byteTokenizer.decode(tokens), text);
      assert.ok(tokens.every((token) => token < 256));
      const prompt = byteTokenizer.encodePrompt(text);
      assert.equal(prompt.length, tokens.length + 1);
      assert.ok(prompt.at(-1)! > 255 && prompt.at(-1) !== byteTokenizer.endOfText);
      assert.equal(byteTokenizer.decode([...tokens, byteTokenizer.endOfText]), text);
    }),
  );
});

test('byte-level tokens give the text back', () => {
  const tokenizer = buildTokenizer(gpt2, { eos_token: '<|endoftext|>' }, { ends: [], where: 'gpt2' });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      if (text.includes('<|')) return;
      assert.equal(tokenizer.decode(tokenizer.encode(text)), text);
    }),
  );
});

test('a prompt without a template begins with the first token and does not end the text', () => {
  const both = {
    ...mistral,
    post_processor: {
      type: 'TemplateProcessing',
      single: ['<s>', '$A', '</s>'].map((part) =>
        part.startsWith('$')
          ? { Sequence: { id: 'A', type_id: 0 } }
          : { SpecialToken: { id: part, type_id: 0 } },
      ),
      pair: [],
      special_tokens: {
        '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] },
        '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
      },
    },
  };
  const tokenizer = buildTokenizer(
    both,
    { eos_token: '</s>', bos_token: '<s>' },
    { ends: [], where: 'both' },
  );
  const prompt = Array.from(tokenizer.encodePrompt('Hello'));
  assert.deepEqual(prompt, [1, ...tokenizer.encode('Hello')]);
  assert.deepEqual(Array.from(tokenizer.encodePrompt('')), [1]);
});

test('a prompt of no tokens becomes the token that begins a text, or ends one', () => {
  const ends = { eos_token: '<|endoftext|>' };
  assert.deepEqual(Array.from(buildTokenizer(gpt2, ends, { ends: [], where: '' }).encodePrompt('')), [0]);
});

test('the end of a text is looked for where models say it', () => {
  assert.equal(buildTokenizer(gpt2, {}, { ends: [undefined, [7, 8]], where: 'm' }).endOfText, 7);
  assert.equal(
    buildTokenizer(gpt2, { eos_token: { content: '<|endoftext|>' } }, { ends: [5], where: 'm' }).endOfText,
    0,
  );
  refused(() => buildTokenizer(gpt2, {}, { ends: [null, 'x'], where: 'm' }), /which token ends a text/);
});

test('a broken tokenizer.json is a sentence', () => {
  for (const json of [{}, { model: { type: 'Nothing' } }, { ...gpt2, model: null }]) {
    refused(
      () => buildTokenizer(json, { eos_token: 'x' }, { ends: [1], where: 'm' }),
      /tokenizer\.json of m/,
    );
  }
});

test('of several templates the default one is used, and a file of its own comes first', () => {
  const config = {
    eos_token: '<|endoftext|>',
    chat_template: [
      { name: 'tool_use', template: 'T' },
      { name: 'default', template: 'D{{ messages[0].content }}' },
    ],
  };
  const named = buildTokenizer(gpt2, config, { ends: [], where: 'm' });
  assert.equal(named.decode(named.encodePrompt('x')), 'Dx');
  const file = buildTokenizer(gpt2, config, { ends: [], where: 'm', template: 'F{{ messages[0].content }}' });
  assert.equal(file.decode(file.encodePrompt('x')), 'Fx');
});

test('templates know the special tokens, the generation prompt and a fixed date', () => {
  const source =
    `{{ bos_token }}{% for m in messages %}{{ m.role }}:{{ m['content'] }}{% endfor %}` +
    `{% if add_generation_prompt %}>{% endif %}{{ strftime_now('%d %b %Y') }}` +
    `{% if tools is none or not tools %}!{% endif %}{% for i in range(2) %}{{ i }}{% endfor %}`;
  assert.equal(chatTemplate(source, { bos_token: '<s>' }, 'm')('hi'), '<s>user:hi>26 Jul 2024!01');
});

test('a byte order mark is no white space to a template', () => {
  assert.equal(chatTemplate(`{{ messages[0].content | trim }}`, {}, 'm')(' \ufeffa '), '\ufeffa');
  assert.equal(chatTemplate(`{{ messages[0].content }}`, {}, 'm')('\ue000\ufeff'), '\ue000\ufeff');
});

test('a template that fails says so', () => {
  refused(() => chatTemplate('{% if %}', {}, 'm'), /chat template of m fails/);
  const raising = chatTemplate(`{{ raise_exception('no user messages') }}`, {}, 'm');
  refused(() => raising('x'), /fails: no user messages/);
  const unknown = chatTemplate(`{{ messages[0].content | nothing }}`, {}, 'm');
  refused(() => unknown('x'), /fails: /);
});
