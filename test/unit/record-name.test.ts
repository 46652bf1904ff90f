import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../src/dataset/read';
import { recordName } from '../../src/run/record-name';

test('records that name nobody have different names, also several of one line', async () => {
  const reply = (text: string, rank: number, replies: unknown[] = []) => ({
    text,
    role: 'assistant',
    rank,
    replies,
  });
  const tree = { prompt: { text: 'q', role: 'prompter', replies: [reply('a', 0, [reply('c', 0), reply('d', 1)]), reply('b', 1)] } }; // prettier-ignore
  const { table } = await readText(`${JSON.stringify(tree)}\n\n${JSON.stringify(tree)}`, { name: 'x' });
  assert.deepEqual(
    [0, 1, 2, 3].map((r) => recordName(table, r)),
    ['line 1', 'line 1 (2)', 'line 3', 'line 3 (2)'],
  );
});
