import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { withFilePlaces } from '../../src/cli/file-places';
import { DatasetError } from '../../src/dataset/dataset-error';
import { readDataset } from '../../src/dataset/read';
import { validateTable } from '../../src/identify/verdicts';
import { hashDataset } from '../../src/run/hash';

const root = mkdtempSync(path.join(tmpdir(), 'shards-'));
after(() => {
  rmSync(root, { recursive: true });
});

let made = 0;
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = path.join(root, String(++made));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

const record = (annotator: string, prompt = 'p') =>
  `${JSON.stringify({ annotator, prompt, responses: ['a', 'b', 'c'], ranking: [2, 0, 1] })}\n`;

test('shards are one table in the order of their names, compressed or not, with places in their files', async () => {
  const folder = folderOf({
    'b.jsonl.gz': gzipSync(record('bob') + record('bob', 'q')),
    'a.jsonl': record('ann') + 'broken\n' + record('ann', 'q'),
    'c/more.jsonl': `\n${record('cat')}{"prompt": 1}`,
    'README.md': 'words',
    'dataset_info.json': '{}',
    'notes.docx': 'x',
    '.hidden.jsonl': 'x',
  });
  const { table, findings } = await readDataset(folder);
  assert.equal(table.records, 5);
  assert.deepEqual(
    Array.from(table.annotator, (a) => table.annotators.text(a)),
    ['ann', 'ann', 'bob', 'bob', 'cat'],
  );
  assert.deepEqual(Array.from(table.line), [1, 3, 4, 5, 7]);
  assert.deepEqual(table.summary.files, [
    { name: 'a.jsonl', firstLine: 1 },
    { name: 'b.jsonl.gz', firstLine: 4 },
    { name: 'c/more.jsonl', firstLine: 6 },
  ]);
  assert.ok(table.summary.assumptions.some((sentence) => sentence.includes('notes.docx')));
  const report = withFilePlaces(validateTable(table, findings));
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.map(({ code, positions: [{ file, line }] }) => [code, file, line]),
    [['form/bad-json', 'a.jsonl', 2], ['form/missing-field', 'c/more.jsonl', 3]],
  ); // prettier-ignore
});

test('a folder of splits: train unless another is named, whatever the names are written like', async () => {
  const parquet = Buffer.from((JSON.parse(readFileSync('test/golden/parquet.json', 'utf8')) as { zstd: string }).zstd, 'base64'); // prettier-ignore
  const folder = folderOf({
    'data/train-00000-of-00002.parquet': parquet,
    'data/train-00001-of-00002.parquet': parquet,
    'data/test-00000-of-00001.parquet': parquet,
    'dataset_dict.json': '{"splits": ["train", "test"]}',
  });
  const train = await readDataset(folder);
  assert.deepEqual(train.findings, []);
  assert.equal(train.table.records, 4);
  assert.ok(
    train.table.summary.assumptions.some(
      (sentence) => sentence.includes('"train"') && sentence.includes('test'),
    ),
  );
  assert.equal((await readDataset(folder, { split: 'test' })).table.records, 2);
  await assert.rejects(
    readDataset(folder, { split: 'dev' }),
    /has no split "dev": it has the splits test, train/,
  );

  const named = folderOf({ 'training.jsonl': record('ann'), 'val.jsonl': record('ann').repeat(2) });
  assert.equal((await readDataset(named)).table.records, 1);
  assert.equal((await readDataset(named, { split: 'validation' })).table.records, 2);
});

test('CSV shards have a header each; PrefLib voters are numbered through', async () => {
  const csv = folderOf({
    '1.csv': 'model_a,model_b,winner,judge\nx,y,a,ann\n',
    '2.csv': 'judge,winner,model_b,model_a\nbob,b,y,x',
  });
  const { table, findings } = await readDataset(csv);
  assert.deepEqual(findings, []);
  assert.deepEqual(Array.from(table.annotator, (a) => table.annotators.text(a)), ['ann', 'bob']); // prettier-ignore
  const soc = '# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n2: 1,2\n1: 2,1\n';
  const votes = await readDataset(
    folderOf({ 'x.soc': `# TITLE: One\n${soc}`, 'y.soc': `# TITLE: Two\n${soc}` }),
  );
  assert.equal(votes.table.annotators.size, 6);
  assert.deepEqual(Array.from(votes.table.annotator), [0, 1, 2, 3, 4, 5]);
});

test('a file of another form is reported and not read; folders without data say what is wrong', async () => {
  const mixed = folderOf({ 'a.jsonl': record('ann'), 'b.csv': 'model_a,model_b,winner\nx,y,a\n' });
  const { table, findings } = await readDataset(mixed);
  assert.equal(table.records, 1);
  assert.deepEqual(findings.map(({ code, severity }) => [code, severity]), [['form/other-form', 'error']]); // prettier-ignore
  await assert.rejects(readDataset(folderOf({})), DatasetError);
  await assert.rejects(readDataset(folderOf({ 'data-00000-of-00001.arrow': 'x' })), /to_parquet/);
  await assert.rejects(
    readDataset(folderOf({ 'test.jsonl': 'x', 'dev.jsonl': 'x' })),
    /splits test, validation/,
  );
});

test('the hash of a folder changes with a file, its name, or which there are, and with nothing else', async () => {
  const files = { 'a.jsonl': record('ann'), 'b.jsonl': record('bob') };
  const folder = folderOf(files);
  const before = await hashDataset({ path: folder });
  assert.equal(before.bytes, record('ann').length + record('bob').length);
  assert.deepEqual(await hashDataset({ path: folderOf(files) }), before);
  writeFileSync(path.join(folder, 'README.md'), 'words');
  assert.deepEqual(await hashDataset({ path: folder }), before);
  renameSync(path.join(folder, 'b.jsonl'), path.join(folder, 'c.jsonl'));
  assert.notEqual((await hashDataset({ path: folder })).sha256, before.sha256);
});
