import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askPolicies } from '../../src/editor/panel/ask-policies';
import type { AnswerLine, PromptQuestion } from '../../src/protocol/panel';
import { emdpo } from './cli-run';
import { writeTinyRun } from './generate-run';
import { scratchFolder } from './run-files';

const log = { debug: () => undefined };
const question: PromptQuestion = {
  ...{ question: 1, prompt: 'Hello', policies: ['type2', 'reference'] },
  ...{ seed: 3, temperature: 1.2, answers: 2 },
};

test('policies are asked in a process, and what they write comes while they write it', async (t) => {
  const directory = scratchFolder(t);
  await writeTinyRun(directory);
  const ask = async () => {
    const batches: (readonly AnswerLine[])[] = [];
    const { signal } = new AbortController();
    const onLines = (lines: readonly AnswerLine[]) => batches.push(lines);
    assert.equal(await askPolicies({ cli: emdpo, directory, question, onLines, signal, log }), false);
    return batches;
  };
  const batches = await ask();
  const lines = batches.flat();
  assert.deepEqual(lines[0], { type: 'ready', policies: question.policies });
  assert.deepEqual(
    lines.flatMap((line) => (line.type === 'answer' ? [`${line.policy} ${line.number}`] : [])),
    ['type2 0', 'type2 1', 'reference 0', 'reference 1'],
  );
  assert.deepEqual((await ask()).flat(), lines, 'the same seed gives the same answers');
});

test('asking is stopped at once, and nothing comes afterwards', async (t) => {
  const directory = scratchFolder(t);
  await writeTinyRun(directory);
  const stop = new AbortController();
  let after = 0;
  const onLines = () => {
    if (stop.signal.aborted) after++;
    stop.abort();
  };
  const many = { ...question, answers: 16 };
  const asking = { cli: emdpo, directory, question: many, onLines, signal: stop.signal, log };
  assert.equal(await askPolicies(asking), true);
  assert.equal(after, 0);
  assert.equal(await askPolicies(asking), true, 'not even started');
});

test('why nothing was written is a sentence', async (t) => {
  const directory = scratchFolder(t);
  const { signal } = new AbortController();
  const onLines = () => undefined;
  await assert.rejects(
    askPolicies({ cli: emdpo, directory, question, onLines, signal, log }),
    /^Error: .* is no run directory: it has no run\.json/,
  );
  await writeTinyRun(directory);
  const unknown = { ...question, policies: ['type9'] };
  await assert.rejects(
    askPolicies({ cli: emdpo, directory, question: unknown, onLines, signal, log }),
    /no policy "type9". It has type1, type2, plain-dpo, reference/,
  );
});
