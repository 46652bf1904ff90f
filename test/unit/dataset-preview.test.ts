import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { convertTable } from '../../src/dataset/convert/convert';
import { previewDataset } from '../../src/dataset/preview';
import { readText } from '../../src/dataset/read';
import { scratchFolder } from './run-files';

const VOTES = 'who,task,first,second,best\nann,Sum,m1,m2,m1\nbob,Sum,m2,m1,tie\n';

test('a table of unknown columns: what they hold, and that nothing is recognised', async () => {
  const preview = await previewDataset({ path: 'votes.csv', text: VOTES });
  assert.deepEqual(preview.columns, [
    { name: 'who', example: 'ann' },
    { name: 'task', example: 'Sum' },
    { name: 'first', example: 'm1' },
    { name: 'second', example: 'm2' },
    { name: 'best', example: 'm1' },
  ]);
  assert.equal(preview.form, 'none');
  assert.deepEqual([preview.found, preview.records], [{}, []]);
  assert.match(preview.faults[0], /none of the known forms/);
});

test('columns named by role: the records as they would be read, or why not', async () => {
  const some = await previewDataset({
    path: 'votes.csv',
    text: VOTES,
    form: 'arena-csv',
    columns: { a: 'first', b: 'second' },
  });
  assert.deepEqual(some.found, { a: 'first', b: 'second' });
  assert.deepEqual(some.faults, ['No column says which won (role "winner").']);

  const columns = { a: 'first', b: 'second', winner: 'best', annotator: 'who', prompt: 'task' };
  const all = await previewDataset({ path: 'votes.csv', text: VOTES, form: 'arena-csv', columns });
  assert.deepEqual(all.found, columns);
  assert.deepEqual(all.faults, []);
  assert.deepEqual(all.records, [
    { annotator: 'ann', prompt: 'Sum', ranking: '"m1" ≻ "m2"' },
    { annotator: 'bob', prompt: 'Sum', ranking: '"m2" ~ "m1"' },
  ]);
});

test('a recognised file says which columns it takes for what', async () => {
  const text = 'rater,question,answer,stars\nann,Why?,Because.,5\nann,Why?,No.,1\n';
  const { form, found, records } = await previewDataset({ path: 'x.tsv', text });
  assert.equal(form, 'long');
  assert.deepEqual(found, { response: 'answer', score: 'stars', annotator: 'rater', prompt: 'question' });
  assert.equal(records.length, 1);
});

test('objects, arrays, compressed files and Parquet are looked into, and no more than the beginning is read', async (t) => {
  const folder = scratchFolder(t);
  const rows = Array.from({ length: 20_000 }, (_, i) => ({
    q: `Question ${i}`,
    good: `Yes ${i}`,
    bad: 'No',
  }));
  const columns = { prompt: 'q', chosen: 'good', rejected: 'bad' };
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  const files = {
    'pairs.jsonl': lines,
    'pairs.json': JSON.stringify(rows, null, 1),
    'pairs.jsonl.gz': gzipSync(lines),
  };
  const { table } = await readText(lines, { name: 'x', form: 'trl', columns });
  await convertTable(table, path.join(folder, 'pairs.parquet'), 'parquet');
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), content);
    const preview = await previewDataset({ path: path.join(folder, name), form: 'trl', columns });
    assert.deepEqual(preview.columns[0], { name: 'q', example: 'Question 0' }, name);
    assert.deepEqual(preview.faults, [], name);
    assert.deepEqual(
      preview.records.map(({ ranking }) => ranking),
      [0, 1, 2, 3, 4].map((i) => `"Yes ${i}" ≻ "No"`),
      name,
    );
  }
  const parquet = await previewDataset({ path: path.join(folder, 'pairs.parquet') });
  assert.equal(parquet.form, 'canonical');
  assert.equal(parquet.records.length, 5);
});

test('any text and any choice of columns gives a preview', async () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('a', '"', '""', ',', '\n', '1', 'tie'));
  const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 });
  const text = fc.oneof(
    fc.string(),
    table.map((rows) => rows.map((row) => row.join(',')).join('\n')),
    fc
      .array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }))
      .map((all) => all.map((each) => JSON.stringify(each)).join('\n')),
  );
  const form = fc.constantFrom(undefined, 'trl', 'arena-csv', 'long', 'wide');
  const columns = fc.dictionary(
    fc.constantFrom('a', 'b', 'winner', 'rank', 'response', 'ranks', 'chosen'),
    cell,
  );
  await fc.assert(
    fc.asyncProperty(text, form, columns, async (content, asked, named) => {
      const preview = await previewDataset({ path: 'x.csv', text: content, form: asked, columns: named });
      assert.ok(preview.records.length <= 5);
      assert.ok(preview.records.length > 0 || preview.faults.length > 0);
    }),
    { numRuns: 300 },
  );
});
