import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import { choosePolicy } from '../../src/run/choose-policy';
import { warningsOf } from '../../src/run/warnings';
import { record } from './cli-run';

async function tableOf(...records: readonly Record<string, unknown>[]): Promise<RankingTable> {
  const { table } = await readText(records.map(record).join('\n') + '\n', { name: 'data.jsonl' });
  assert.equal(table.records, records.length);
  return table;
}

const auto = { kind: 'auto' } as const;

test('annotators who share prompts get a tabular policy', async () => {
  const table = await tableOf({ annotator: 'a' }, { annotator: 'b' }, { annotator: 'c', prompt: 'Alone.' });
  const { policy, because } = choosePolicy(auto, table);
  assert.deepEqual(policy, { kind: 'tabular', over: 'auto' });
  assert.match(because, /2 of 3 annotators judged a prompt/);
});

test('annotators who share nothing get a log-linear policy', async () => {
  const table = await tableOf(
    { annotator: 'a', prompt: 'One.' },
    { annotator: 'a', prompt: 'One.', ranking: [2, 1, 0] },
    { annotator: 'b', prompt: 'Two.' },
  );
  const { policy, because } = choosePolicy(auto, table);
  assert.equal(policy.kind, 'loglinear');
  assert.match(because, /only 0 of 2 annotators/);
});

test('items that prompts share link annotators who share no prompt', async () => {
  const items = ['gpt', 'llama', 'qwen'];
  const table = await tableOf(
    { annotator: 'a', prompt: 'One.', items },
    { annotator: 'b', prompt: 'Two.', items },
  );
  const { policy, because } = choosePolicy(auto, table);
  assert.equal(policy.kind, 'tabular');
  assert.match(because, /2 of 2 annotators judged an item/);
});

test('a dataset without annotators gets a log-linear policy', async () => {
  const table = await tableOf({ annotator: undefined }, { annotator: undefined, ranking: [2, 1, 0] });
  assert.equal(choosePolicy(auto, table).policy.kind, 'loglinear');
});

test('what the experiment asks for is taken', async () => {
  const table = await tableOf({ annotator: 'a' }, { annotator: 'b' });
  const asked = { kind: 'loglinear', features: 'ngrams', dimensions: 16 } as const;
  assert.equal(choosePolicy(asked, table).policy, asked);
});

test('warnings name the first of each kind and count the others', () => {
  const finding = (code: string, severity: 'error' | 'hint', line: number) => ({
    code,
    severity,
    scope: 'form' as const,
    message: `Line ${line} is wrong.`,
    positions: [{ line, column: 1 }],
  });
  const warnings = warningsOf([
    finding('form/a', 'error', 2),
    finding('form/b', 'hint', 3),
    finding('form/a', 'error', 4),
    finding('form/a', 'error', 5),
  ]);
  assert.deepEqual(warnings, [
    { type: 'warning', code: 'form/a', message: 'Line 2 is wrong. (line 2) 2 more like this.' },
  ]);
});
