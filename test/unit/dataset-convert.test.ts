import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { convertTable, targetOf, type Target } from '../../src/dataset/convert/convert';
import { NotPreflib } from '../../src/dataset/convert/preflib';
import { readDataset, readText, type ReadOptions } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import { dataset, tableContent } from './dataset-records';

const folder = mkdtempSync(join(tmpdir(), 'convert-'));
after(() => {
  rmSync(folder, { recursive: true });
});

let made = 0;
async function there(table: RankingTable, target: Target) {
  const file = join(folder, `${++made}`);
  const converted = await convertTable(table, file, target);
  return { ...converted, file };
}

async function andBack(table: RankingTable, target: Target, options: ReadOptions = {}) {
  const { file, lost, records } = await there(table, target);
  const { table: again, findings } = await readDataset(file, options);
  assert.deepEqual(findings, []);
  assert.equal(again.records, records);
  return { again, lost };
}

/** Without the name of the form, which differs. */
const same = (table: RankingTable) => {
  const { summary, ...rest } = tableContent(table);
  return { ...rest, summary: { ...summary, form: '' } };
};

for (const target of ['canonical', 'parquet'] as const) {
  test(`${target}: a table written and read again is the same table`, async () => {
    await fc.assert(
      fc.asyncProperty(dataset(['length', 'a b', '1']), async (records) => {
        const { table } = await readText(records.map(canonicalLine).join('\n'), { name: 'x.jsonl' });
        const { again, lost } = await andBack(table, target);
        assert.deepEqual(same(again), same(table));
        assert.deepEqual(lost, []);
      }),
      { numRuns: 60 },
    );
  });
}

test('trl: a table of pairs written and read again is the same table', async () => {
  const text = ['a,b,ann', 'b,c,bob', 'c,a,ann'].map((row) => {
    const [chosen, rejected, annotator] = row.split(',');
    return JSON.stringify({ prompt: 'p', chosen, rejected, annotator });
  });
  const { table } = await readText(text.join('\n'), { name: 'x' });
  const { again, lost } = await andBack(table, 'trl');
  assert.deepEqual(same(again), same(table));
  assert.deepEqual(lost, []);
});

test('trl: what pairs cannot hold is counted', async () => {
  const text = [
    { annotator: 'ann', type: 't', prompt: 'p', responses: ['a', 'b', 'c'], ranking: [0, [1, 2]], weight: 2 },
    { prompt: 'p', responses: ['a', 'b'], ranking: [[0, 1]] },
  ].map((each) => JSON.stringify(each));
  const { table } = await readText(text.join('\n'), { name: 'x' });
  const { again, lost } = await andBack(table, 'trl');
  assert.equal(again.records, 2);
  assert.deepEqual(lost, [
    '1 rankings of three or more become pairs, which read back are judgements of their own.',
    '1 rankings lose their ties: tied responses make no pair.',
    '1 rankings are left out: they put nothing above anything else.',
    '1 annotators lose their known type.',
    '1 records lose their weight.',
  ]);
});

test('preflib: votes written and read again are the same table, ties, short orders and all', async () => {
  const votes = '# TITLE: Lunch\n# NUMBER ALTERNATIVES: 4\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n# ALTERNATIVE NAME 3: C\n# ALTERNATIVE NAME 4: D\n3: 4,{1,2}\n1: 3\n2: 4,{1,2}\n1: 2,1,4,3\n'; // prettier-ignore
  const { table } = await readText(votes, { name: 'x.toi' });
  const { again, lost } = await andBack(table, 'preflib');
  assert.deepEqual(same(again), same(table));
  assert.deepEqual(lost, ['7 records lose the name of their annotator.']);
});

test('preflib: partial choice sets are left out and counted, several prompts refused', async () => {
  const line = (responses: string[], prompt = 'p\nq') => JSON.stringify({ prompt, responses, ranking: [0] });
  const { table } = await readText([line(['a', 'b', 'c']), line(['a', 'b'])].join('\n'), { name: 'x' });
  const { again, lost } = await andBack(table, 'preflib');
  assert.equal(again.prompts.text(0), 'p q');
  assert.deepEqual(lost, [
    '1 records are left out: not all 3 responses were in their choice sets.',
    '1 texts lose line breaks or the space around them.',
  ]);
  const several = await readText([line(['a', 'b']), line(['a', 'b'], 'r')].join('\n'), { name: 'x' });
  const file = join(folder, 'none.soc');
  await assert.rejects(convertTable(several.table, file, 'preflib'), NotPreflib);
  assert.ok(!existsSync(file));
});

test('responses that were never shown stay so when the file is read in the same way', async () => {
  const text = '{"prompt":"p","responses":["a","b","c"],"ranking":[1,0]}';
  const { table } = await readText(text, { name: 'x', unranked: 'absent' });
  const { again, lost } = await andBack(table, 'parquet', { unranked: 'absent' });
  assert.deepEqual(same(again), same(table));
  assert.match(lost.join(' '), /--unranked absent/);
});

test('real votes survive the way through every form', async (t) => {
  const file = '../shared/data/d_carconf.soi';
  if (!existsSync(file)) {
    t.skip('../shared/data is absent');
    return;
  }
  const { table } = await readDataset(file);
  for (const target of ['canonical', 'parquet', 'preflib'] as const) {
    const { again, lost } = await andBack(table, target);
    // PrefLib does not say how the alternatives were shown, and the canonical form takes their order for it
    assert.deepEqual(
      same({ ...again, position: undefined }),
      same({ ...table, position: undefined }),
      target,
    );
    assert.equal(lost.some((sentence) => sentence.includes('shown')), target !== 'preflib'); // prettier-ignore
  }
  const votes = (text: string) => text.split('\n').filter((line) => /^\d+:/.test(line)).length;
  assert.ok(votes(readFileSync((await there(table, 'preflib')).file, 'utf8')) <= 435);
});

test('the ending of a file names its form', () => {
  const names = ['a.jsonl', 'b.PARQUET', 'c.toi', 'd.json.txt', 'e'];
  assert.deepEqual(names.map(targetOf), ['canonical', 'parquet', 'preflib', undefined, undefined]);
});
