import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { canonicalLine, type CanonicalRecord } from '../../src/dataset/canonical-line';
import { loadModel } from '../../src/policy/transformer/load-model';
import { tiny, writeRandomCheckpoint } from './random-checkpoint';
import { scratchFolder } from './run-files';
import { GOLDEN } from './transformer-golden';

const SHARED = '../shared/data';
const SCRIPT = path.resolve('scripts/real-model.mjs');
const SMALL =
  '--prompt-tokens 64 --response-tokens 32 --sample-prompts 2 --sample-responses 2 --distillation 8 --batch 8 --max-tokens 8 ' +
  '--device onnxruntime/cpu --threads 1';

async function script(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...args, ...SMALL.split(' ')]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  return { code, output };
}

test('a SmolLM goes through the whole path on pairs without annotators, as plain DPO', async (t) => {
  const data = path.join(SHARED, 'hh-rlhf-harmless-test.jsonl.gz');
  if (!existsSync(data)) {
    t.skip(`${SHARED} is absent`);
    return;
  }
  const folder = scratchFolder(t);
  const model = path.join(folder, 'model');
  await writeRandomCheckpoint(model, tiny('SmolLM-135M'), path.join(GOLDEN, 'smollm'));
  const out = path.join(folder, 'out');
  const { code, output } = await script([
    ...['--model', model, '--data', data, '--out', out],
    ...['--records', '16'],
  ]);
  assert.equal(code, 0, output);
  assert.match(output, /16 records of 0 annotators/);
  assert.match(output, /warning identify\/no-annotators/);
  assert.match(output, /One type is plain DPO/);
  for (const policy of ['type1', 'plain-dpo', 'reference'])
    assert.match(output, new RegExp(`${policy} \\(\\d+ tokens\\)`));
  const { vocabulary } = (await loadModel(path.join(out, 'export', 'merged', 'type1'))).config;
  assert.equal(vocabulary, 360);
});

test('a GPT-2 goes through the whole path on rankings whose annotators are named, with two types', async (t) => {
  const data = path.join(SHARED, 'squality.jsonl');
  if (!existsSync(data)) {
    t.skip(`${SHARED} is absent`);
    return;
  }
  const folder = scratchFolder(t);
  const file = path.join(folder, 'squality.jsonl');
  const records = squality(readFileSync(data, 'utf8'));
  assert.equal(records.length, 300);
  writeFileSync(file, records.map((record) => canonicalLine(record) + '\n').join(''));
  const model = path.join(folder, 'model');
  await writeRandomCheckpoint(model, tiny('gpt2'), path.join(GOLDEN, 'gpt2'));
  const out = path.join(folder, 'out');
  const { code, output } = await script([
    ...['--model', model, '--data', file, '--out', out],
    ...['--records', '24', '--rounds', '1'],
  ]);
  assert.equal(code, 0, output);
  assert.match(output, /24 records of 4 annotators/);
  assert.match(output, /2 types, nonparametric: /);
  assert.match(output, /round 1: -\d+\.\d+ nats, cross-fitted/);
  assert.match(output, /alarm em\/small-type/);
  const names = ['type1', 'type2', 'plain-dpo', 'distilled'];
  for (const policy of [...names, 'mixture', 'loglinear'])
    assert.match(output, new RegExp(`${policy} \\(\\d+ tokens\\)`));
  const weights = JSON.parse(readFileSync(path.join(out, 'export', 'weights.json'), 'utf8')) as {
    types: { weight: number }[];
  };
  assert.ok(Math.abs(weights.types.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-9);
  for (const name of names) assert.ok((await loadModel(path.join(out, 'export', 'merged', name))).hash);
});

test('the script stops at a dataset that has errors, and says which', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, '{"prompt": "p", "responses": ["a", "b"], "ranking": [0, 7]}\n');
  const model = path.join(folder, 'model');
  await writeRandomCheckpoint(model, tiny('gpt2'), path.join(GOLDEN, 'gpt2'));
  const { code, output } = await script([
    '--model',
    model,
    '--data',
    file,
    '--out',
    path.join(folder, 'out'),
  ]);
  assert.equal(code, 1, output);
  assert.match(output, /answers\.jsonl:1:\d+: /);
  assert.doesNotMatch(output, /^train/m);
});

/** Summaries of stories, ranked by those who read them (`overall-rank`; 1 is best). */
function squality(text: string): CanonicalRecord[] {
  interface Story {
    readonly 'passage-id': string;
    readonly questions: Record<string, Record<string, Summary>>;
  }
  interface Summary {
    readonly response: string;
    readonly reviews: readonly { readonly worker_id: string; readonly 'overall-rank': number }[];
  }
  const stories = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Story);
  return stories.flatMap(({ 'passage-id': story, questions }) =>
    Object.entries(questions).flatMap(([question, systems]) => {
      const summaries = Object.values(systems);
      const workers = summaries[0].reviews.map(({ worker_id }) => worker_id);
      return workers.map((worker) => {
        const rank = summaries.map(
          ({ reviews }) => reviews.find(({ worker_id }) => worker_id === worker)!['overall-rank'],
        );
        return {
          annotator: worker,
          prompt: `Question ${question} about story ${story}`,
          responses: summaries.map(({ response }) => response),
          ranking: rank.map((_, i) => i).sort((a, b) => rank[a] - rank[b]),
        };
      });
    }),
  );
}
