import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { AnswerLine } from '../../src/protocol/panel';
import { assertCivil, run } from './cli-run';
import { writeTinyRun } from './generate-run';
import { manifest, scratchFolder } from './run-files';

test('emdpo generate streams an answer, the same for the same seed, and says what it cost and is worth', async (t) => {
  const folder = scratchFolder(t);
  await writeTinyRun(folder);
  const ask = ['generate', folder, '--prompt', 'Hello', '--policy', 'type2', '--seed', '4'];
  const plain = await run(ask);
  assert.equal(plain.code, 0, plain.stderr);
  assert.match(plain.stderr, /type2: \d+ tokens in .* s/);
  assert.match(plain.stderr, /implicit reward: type1 [+−]\d+\.\d+, type2 [+−]\d/);
  const json = await run([...ask, '--json', '--n', '3', '--max-tokens', '5']);
  const printed = JSON.parse(json.stdout) as {
    policy: string;
    responses: { text: string; tokens: number; logProbability: number; ended: string; rewards: number[] }[];
  };
  assert.equal(printed.policy, 'type2');
  assert.equal(printed.responses.length, 3);
  assert.ok(printed.responses.every(({ tokens, rewards }) => tokens <= 5 && rewards.length === 2));
  assert.ok(plain.stdout.startsWith(printed.responses[0].text.slice(0, 3)));
  const several = await run([...ask, '--n', '2']);
  assert.ok(several.stdout.includes('── 1\n') && several.stdout.includes('── 2\n'));
});

test('emdpo generate answers with several policies, as lines of JSON while they come', async (t) => {
  const folder = scratchFolder(t);
  await writeTinyRun(folder);
  const ask = ['generate', folder, '--prompt', 'Hello', '--max-tokens', '6', '--n', '2'];
  const streamed = await run([...ask, '--policies', 'type1, reference', '--json-lines']);
  assert.equal(streamed.code, 0, streamed.stderr);
  assert.equal(streamed.stderr, '');
  const lines = streamed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AnswerLine);
  assert.deepEqual(lines[0], { type: 'ready', policies: ['type1', 'reference'] });
  const whole = lines.filter((line) => line.type === 'answer');
  assert.deepEqual(
    whole.map(({ policy, number }) => `${policy} ${number}`),
    ['type1 0', 'type1 1', 'reference 0', 'reference 1'],
  );
  for (const { policy, number, text, rewards } of whole) {
    const pieces = lines.filter(
      (line) => line.type === 'text' && line.policy === policy && line.number === number,
    );
    assert.equal(pieces.map((piece) => piece.type === 'text' && piece.text).join(''), text);
    assert.equal(rewards.length, 2);
  }
  const all = await run([...ask, '--policies', 'all', '--json']);
  const printed = JSON.parse(all.stdout) as { policies: { policy: string; responses: unknown[] }[] };
  assert.deepEqual(
    printed.policies.map(({ policy, responses }) => `${policy} ${responses.length}`),
    ['type1 2', 'type2 2', 'plain-dpo 2', 'reference 2'],
  );
  const shown = await run([...ask, '--policies', 'type1,type2']);
  assert.ok(shown.stdout.includes('── type1 1\n') && shown.stdout.includes('── type2 2\n'));
  assert.match(shown.stderr, /implicit reward of type2, mean: type1 [+−]/);
  const both = await run([...ask, '--policies', 'all', '--policy', 'type1']);
  assert.equal(both.code, 2);
});

test('emdpo generate refuses in sentences: no run, a run of another kind, a policy that is not there', async (t) => {
  const folder = scratchFolder(t);
  const none = await run(['generate', folder, '--prompt', 'x']);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /is no run directory: it has no run\.json/);
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(manifest));
  const tabular = await run(['generate', folder, '--prompt', 'x']);
  assert.equal(tabular.code, 1);
  assert.match(tabular.stderr, /are tabular: they rank responses that are there, and write none/);
  const whole = scratchFolder(t);
  await writeTinyRun(whole);
  const unknown = await run(['generate', whole, '--prompt', 'x', '--policy', 'type7']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no policy "type7". It has type1, type2, plain-dpo, reference/);
  const long = await run(['generate', whole, '--prompt', 'x'.repeat(200), '--policy', 'type1']);
  assert.equal(long.code, 2);
  assert.match(long.stderr, /201 tokens, but the model reads at most 96/);
  cpSync(path.join(whole, 'run.json'), path.join(folder, 'run.json'));
  const unfinished = await run(['generate', folder, '--prompt', 'x']);
  assert.equal(unfinished.code, 1);
  assert.match(unfinished.stderr, /There are no language models in/);
  for (const ended of [none, tabular, unknown, long, unfinished]) assertCivil(ended);
});
