import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseObject } from '../../src/policy/transformer/json-file';
import { loadTokenizer } from '../../src/policy/transformer/tokenizer';
import { GOLDEN, goldenTexts } from './transformer-golden';

/** Byte-level BPE without a template, byte-level BPE with ChatML, metaspace BPE with byte fallback and [INST]. */
for (const name of ['gpt2', 'llama', 'mistral']) {
  void test(`the tokenizer of ${name} gives the tokens of transformers on 200 strings`, async () => {
    const folder = path.join(GOLDEN, name);
    const config = parseObject(readFileSync(path.join(folder, 'config.json'), 'utf8'), name);
    const { tokenizer } = await loadTokenizer(folder, config);
    const { texts } = goldenTexts(name);
    assert.equal(texts.length, 200);
    const wrong: string[] = [];
    for (const { text, ids, decoded, prompt } of texts) {
      const show = JSON.stringify(text.slice(0, 40));
      if (tokenizer.encode(text).join() !== ids.join()) wrong.push(`tokens of ${show}`);
      if (tokenizer.decode(ids) !== decoded) wrong.push(`text of the tokens of ${show}`);
      // a prompt of no tokens gets the one that begins a text
      if (prompt.length > 0 && tokenizer.encodePrompt(text).join() !== prompt.join())
        wrong.push(`prompt ${show}`);
    }
    assert.deepEqual(wrong, []);
  });
}
