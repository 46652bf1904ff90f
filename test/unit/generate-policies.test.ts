import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openAnswerer, type Answer } from '../../src/aggregate/language/answers';
import { availablePolicies, nameOf, policyNamed } from '../../src/aggregate/language/policy-name';
import { readPolicies } from '../../src/aggregate/language/policies';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import { writeAdapter } from '../../src/policy/transformer/export/peft-adapter';
import { writeCheckpoint } from '../../src/policy/transformer/export/checkpoint';
import { ALPHA, tinyAdapter, tinyScratch, writeTinyRun } from './generate-run';
import { oracle, scored } from './generate-models';
import { scratchFolder } from './run-files';

const single = { weights: [0.25, 0.75], exponents: [0.4, 0.2] };

test('what a run wrote comes back: base, types, plain DPO, and the rank and scaling of its adapters', async (t) => {
  const run = scratchFolder(t);
  const model = await writeTinyRun(run);
  const policies = await readPolicies(path.join(run, 'policies'));
  assert.equal(policies.model.name, 'scratch');
  assert.equal(policies.scaling, ALPHA / 2);
  assert.equal(policies.model.config.hidden, model.config.hidden);
  assert.equal(policies.model.tokenizer.vocabulary, model.tokenizer.vocabulary);
  assert.deepEqual(policies.model.weights['model.norm.weight'].data, model.weights['model.norm.weight'].data);
  assert.equal(policies.types.length, 2);
  assert.ok(policies.plain && !policies.distilled);
  for (const [name, tensor] of Object.entries(tinyAdapter(model, 2))) {
    assert.deepEqual(policies.types[1][name].data, tensor.data);
  }
  const names = availablePolicies(policies, single).map(nameOf);
  assert.deepEqual(names, ['type1', 'type2', 'plain-dpo', 'mixture', 'loglinear', 'reference']);
  assert.deepEqual(policyNamed('mixture', policies, single), { kind: 'mixture', weights: single.weights });
  assert.throws(
    () => policyNamed('distilled', policies, single),
    /no policy "distilled". It has type1, type2/,
  );
  assert.throws(() => policyNamed('mixture', policies, {}), /It has type1, type2, plain-dpo, reference/);
});

test('whole checkpoints are policies too', async (t) => {
  const folder = path.join(scratchFolder(t), 'policies');
  await writeCheckpoint(path.join(folder, 'base'), { model: tinyScratch(1) });
  await writeCheckpoint(path.join(folder, 'type1'), { model: tinyScratch(2) });
  const policies = await readPolicies(folder);
  assert.equal(policies.scaling, undefined);
  assert.deepEqual(
    policies.types[0]['model.embed_tokens.weight'].data,
    tinyScratch(2).weights['model.embed_tokens.weight'].data,
  );
});

test('what is missing or does not belong together is said in a sentence', async (t) => {
  const run = scratchFolder(t);
  const folder = path.join(run, 'policies');
  await assert.rejects(
    readPolicies(folder),
    /no language models in .*policies\. Only runs whose policy is "transformer"/,
  );
  const model = await writeTinyRun(run);
  const config = model.config;
  await writeAdapter(path.join(folder, 'type2'), { config, tensors: tinyAdapter(model, 2), alpha: 16 });
  await assert.rejects(readPolicies(folder), /adapters of type1 and type2 differ in rank, alpha/);
  rmSync(path.join(folder, 'type2'), { recursive: true });
  await writeCheckpoint(path.join(folder, 'type2'), { model });
  await assert.rejects(readPolicies(folder), /type1 and type2 are not of one kind/);
  rmSync(path.join(folder, 'type2'), { recursive: true });
  rmSync(path.join(folder, 'base'), { recursive: true });
  await assert.rejects(readPolicies(folder), /holds no base model, and the run does not say where it is/);
});

test('every policy answers, streamed, with the reward that each type gives', async (t) => {
  const run = scratchFolder(t);
  const model = await writeTinyRun(run);
  await oracle();
  const policies = await readPolicies(path.join(run, 'policies'));
  const answerer = openAnswerer(await onnxruntimeExecutor({ provider: 'cpu' }), policies);
  const sources = availablePolicies(policies, single);
  const streamed = sources.map(() => ['', '']);
  const told: Answer[] = [];
  const question = {
    prompt: 'Hello there',
    sources,
    responses: 2,
    seed: 3,
    beta: 0.5,
    temperature: 1,
    topP: 1,
    maxTokens: 12,
  };
  const answers = await answerer.ask({
    ...question,
    onText: (source, number, text) => (streamed[source][number] += text),
    onAnswer: (answer) => told.push(answer),
  });
  assert.deepEqual(told, answers);
  assert.equal(answers.length, 2 * sources.length);
  const prompt = model.tokenizer.encodePrompt(question.prompt);
  for (const { source, number, text, tokens, rewards } of answers) {
    assert.equal(streamed[source][number], text);
    const reference = scored(model.config, model.weights, undefined, prompt, tokens);
    policies.types.forEach((tensors, k) => {
      const own = scored(model.config, model.weights, { tensors, scaling: ALPHA / 2 }, prompt, tokens);
      assert.ok(Math.abs(rewards[k] - 0.5 * (own - reference)) < 2e-3);
    });
  }
  // the mixture answers as the type it drew: the same seed draws the same tokens for both
  const by = (name: string) => answers.filter(({ source }) => nameOf(sources[source]) === name);
  by('mixture').forEach(({ text }, n) => {
    assert.ok([by('type1')[n].text, by('type2')[n].text].includes(text));
  });
  assert.deepEqual(await answerer.ask(question), answers);
  const empty = await answerer.ask({ ...question, prompt: '', sources: sources.slice(0, 1) });
  assert.equal(empty.length, 2);
  await answerer.dispose();
});
