import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteTokenizer } from '../../src/policy/transformer/byte-tokenizer';
import { generate, type Generated, type Wanted } from '../../src/policy/transformer/generate/generate';
import { logLinearPolicy } from '../../src/policy/transformer/generate/log-linear-policy';
import { openNetwork } from '../../src/policy/transformer/generate/network';
import { logSumExp } from '../../src/policy/transformer/generate/sampling';
import { configs, livelyAdapter, livelyWeights, logitsAfter, oracle, scored } from './generate-models';

const noEnd = { ...byteTokenizer, endOfText: -1 };
const ask = (text: string, ...stream: number[]): Wanted => ({
  prompt: byteTokenizer.encodePrompt(text),
  seed: 7,
  stream,
});
const plain = { temperature: 1, topP: 1, maxTokens: 12 };

for (const [name, config] of Object.entries(configs)) {
  test(`${name}: greedy text from the cache is the text of passes over everything, beyond every size of cache`, async () => {
    const weights = livelyWeights(config, 3);
    const adapter = livelyAdapter(config, 4);
    const network = openNetwork(await oracle(), { config, weights });
    const prompt = byteTokenizer.encodePrompt('What is the capital of France?');
    const [found] = await generate(network.policy(adapter), noEnd, [{ prompt, seed: 1, stream: [] }], {
      ...plain,
      temperature: 0,
      maxTokens: 80,
    });
    assert.equal(found.tokens.length, 80);
    // what comes after the first cache is full matters most, and each pass over everything takes its time
    for (const step of [0, 1, 5, 20, 30, 31, 32, 33, 34, 35, 60, 79]) {
      const before = Int32Array.of(...prompt, ...found.tokens.subarray(0, step));
      const logits = logitsAfter(config, weights, adapter, before);
      assert.equal(found.tokens[step], logits.indexOf(Math.max(...logits)), `token ${step}`);
    }
    const sum = scored(config, weights, adapter, prompt, found.tokens);
    assert.ok(Math.abs(sum - found.logProbability) < 1e-5 * Math.abs(sum), `${sum} ${found.logProbability}`);
    await network.dispose();
  });

  test(`${name}: the log-probability of a response is the packed forward pass's, with and without an adapter`, async () => {
    const weights = livelyWeights(config, 5);
    const network = openNetwork(await oracle(), { config, weights });
    for (const adapter of [undefined, livelyAdapter(config, 6)]) {
      const wanted = ['a', 'Tell me more about it', 'x'.repeat(40)].map((text, i) => ask(text, i));
      const responses = await generate(network.policy(adapter), byteTokenizer, wanted, plain);
      responses.forEach(({ tokens, logProbability }, i) => {
        const expected = scored(config, weights, adapter, wanted[i].prompt, tokens);
        assert.ok(
          Math.abs(expected - logProbability) < 1e-4 * Math.abs(expected),
          `${expected} ${logProbability}`,
        );
      });
    }
    await network.dispose();
  });
}

test('a response is the same alone and among others, whatever their order, batch and length', async () => {
  const config = configs['Llama with grouped queries'];
  const network = openNetwork(await oracle(), { config, weights: livelyWeights(config, 8) });
  const policy = network.policy(livelyAdapter(config, 9));
  const wanted = ['a', 'a', 'somewhat longer', 'y'.repeat(70), 'b', 'c'].map((text, i) => ask(text, i));
  const all = await generate(policy, byteTokenizer, wanted, plain);
  const backwards = await generate(policy, byteTokenizer, [...wanted].reverse(), { ...plain, batch: 3 });
  const alone: Generated[] = [];
  for (const one of wanted) alone.push(...(await generate(policy, byteTokenizer, [one], plain)));
  assert.deepEqual(all.map(({ tokens }) => [...tokens]), alone.map(({ tokens }) => [...tokens])); // prettier-ignore
  assert.deepEqual(all.map(({ text }) => text), backwards.map(({ text }) => text).reverse()); // prettier-ignore
  assert.notEqual(all[0].text, all[1].text);
  await network.dispose();
});

test('responses that begin where others have ended are what they are alone', async () => {
  const config = configs['Mistral with a window'];
  const network = openNetwork(await oracle(), { config, weights: livelyWeights(config, 8) });
  const reference = network.policy();
  const policies = [reference, logLinearPolicy(reference, [network.policy(livelyAdapter(config, 9))], [0.5])];
  const wanted = Array.from({ length: 11 }, (_, i) => ask(['a', 'bc', 'd'.repeat(20)][i % 3], i));
  // one token in eight ends a response
  const options = { ...plain, maxTokens: 40, stopTokens: Array.from({ length: 32 }, (_, i) => 8 * i) };
  for (const policy of policies) {
    const alone: Generated[] = [];
    for (const one of wanted) alone.push(...(await generate(policy, byteTokenizer, [one], options)));
    assert.ok(new Set(alone.map(({ tokens }) => tokens.length)).size > 4, 'they end at different times');
    const ended: number[] = [];
    const onResponse = (index: number) => ended.push(index);
    const together = await generate(policy, byteTokenizer, wanted, { ...options, batch: 3, onResponse });
    assert.deepEqual(
      together.map(({ tokens, ended }) => [...tokens, ended]),
      alone.map(({ tokens, ended }) => [...tokens, ended]),
    );
    assert.deepEqual(
      ended.toSorted((a, b) => a - b),
      wanted.map((_, i) => i),
    );
  }
  await network.dispose();
});

test('log-linear: a unit vector is that type, zeros the reference, and halves the mean of the logits', async () => {
  const config = configs['GPT-2'];
  const network = openNetwork(await oracle(), { config, weights: livelyWeights(config, 10) });
  const reference = network.policy();
  const types = [11, 12].map((seed) => network.policy(livelyAdapter(config, seed)));
  const wanted = ['hello', 'good night'].map((text, i) => ask(text, i));
  const text = async (policy: typeof reference) =>
    (await generate(policy, byteTokenizer, wanted, plain)).map((response) => response.text);
  assert.deepEqual(await text(logLinearPolicy(reference, types, [0, 1])), await text(types[1]));
  assert.deepEqual(await text(logLinearPolicy(reference, types, [0, 0])), await text(reference));
  const prompts = wanted.map(({ prompt }) => prompt);
  const [both, ref, a, b] = await Promise.all(
    [logLinearPolicy(reference, types, [0.5, 0.25]), reference, ...types].map((policy) =>
      policy.begin(prompts),
    ),
  );
  for (const row of [0, 1]) {
    const raw = Float64Array.from(
      ref.logits(row),
      (r, t) => r + 0.5 * (a.logits(row)[t] - r) + 0.25 * (b.logits(row)[t] - r),
    );
    const z = logSumExp(raw);
    both.logits(row).forEach((value, t) => {
      assert.ok(Math.abs(value - (raw[t] - z)) < 1e-6);
    });
  }
  await network.dispose();
});

test('ends: stop strings, stop tokens, length; text streams in pieces that add up', async () => {
  const config = configs['GPT-2'];
  const network = openNetwork(await oracle(), { config, weights: livelyWeights(config, 13) });
  const policy = network.policy();
  const wanted = Array.from({ length: 6 }, (_, i) => ask('hello', i));
  const pieces = wanted.map(() => '');
  const free = await generate(policy, noEnd, wanted, {
    ...plain,
    onText: (i, text) => (pieces[i] += text),
  });
  assert.deepEqual(pieces, free.map(({ text }) => text)); // prettier-ignore
  assert.ok(free.every(({ ended, tokens }) => ended === 'length' && tokens.length === 12));
  // whatever token came fourth now ends the response there
  const token = free[2].tokens[3];
  const [stopped] = await generate(policy, noEnd, [wanted[2]], { ...plain, stopTokens: [token] });
  const first = free[2].tokens.indexOf(token);
  assert.equal(stopped.ended, 'end');
  assert.deepEqual([...stopped.tokens], [...free[2].tokens.subarray(0, first + 1)]);
  const ascii = free.flatMap(({ text }, i) =>
    Array.from(text).flatMap((c, at) => (c < '\x7f' && at > 0 ? [{ i, c, text }] : [])),
  );
  assert.ok(ascii.length > 0);
  const { i, c, text } = ascii[0];
  const [cut] = await generate(policy, noEnd, [wanted[i]], { ...plain, stop: ['never', c] });
  assert.deepEqual([cut.ended, cut.text], ['stop', text.slice(0, text.indexOf(c))]);
  await network.dispose();
});

test('what cannot be written is refused in a sentence, and an abort ends it', async () => {
  const config = configs['GPT-2'];
  const network = openNetwork(await oracle(), { config, weights: livelyWeights(config, 13) });
  const policy = network.policy();
  const long = { prompt: new Int32Array(160), seed: 1, stream: [] };
  await assert.rejects(
    generate(policy, byteTokenizer, [long], plain),
    /160 tokens, but the model reads at most 160/,
  );
  const nearly = { prompt: new Int32Array(157), seed: 1, stream: [] };
  assert.equal((await generate(policy, noEnd, [nearly], plain))[0].tokens.length, 3);
  const empty = { prompt: new Int32Array(0), seed: 1, stream: [] };
  await assert.rejects(generate(policy, byteTokenizer, [empty], plain), /no tokens/);
  await assert.rejects(
    generate(policy, byteTokenizer, [ask('a')], { ...plain, temperature: -1 }),
    /temperature/,
  );
  await assert.rejects(generate(policy, byteTokenizer, [ask('a')], { ...plain, topP: 0 }), /top-p/);
  const controller = new AbortController();
  let pieces = 0;
  const running = generate(policy, noEnd, [ask('a')], {
    ...plain,
    maxTokens: 100,
    signal: controller.signal,
    onText: () => {
      if (++pieces === 3) controller.abort(new Error('enough'));
    },
  });
  await assert.rejects(running, /enough/);
  assert.equal(pieces, 3);
  await network.dispose();
});
