import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import { readAdapter } from '../../src/policy/transformer/export/peft-adapter';
import { generate } from '../../src/policy/transformer/generate/generate';
import { openNetwork } from '../../src/policy/transformer/generate/network';
import { loadModel } from '../../src/policy/transformer/load-model';

interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly texts: readonly {
    readonly model: string;
    readonly adapter: boolean;
    readonly prompt: readonly number[];
    readonly tokens: readonly number[];
  }[];
}

const folder = 'test/golden/language-models';
const golden = JSON.parse(readFileSync(path.join(folder, 'generation.json'), 'utf8')) as Golden;

for (const name of new Set(golden.texts.map(({ model }) => model))) {
  test(`${name}: greedy texts are transformers' own, with and without the adapter`, async () => {
    const model = await loadModel(path.join(folder, name));
    const executor = await onnxruntimeExecutor({ provider: 'cpu' });
    const network = openNetwork(executor, model);
    for (const { adapter, prompt, tokens } of golden.texts.filter((text) => text.model === name)) {
      const policy = network.policy(
        adapter ? await readAdapter(path.join(folder, name, 'adapter')) : undefined,
      );
      const wanted = [{ prompt: Int32Array.from(prompt), seed: 1, stream: [] }];
      const [found] = await generate(policy, { ...model.tokenizer, endOfText: -1 }, wanted, {
        temperature: 0,
        topP: 1,
        maxTokens: tokens.length,
      });
      assert.deepEqual(
        [...found.tokens],
        tokens,
        `${adapter ? 'adapter' : 'base'}, prompt of ${prompt.length}`,
      );
    }
    await network.dispose();
  });
}
