import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { DatasetError, refusal } from '../../src/dataset/dataset-error';
import { readDataset, readText, type ReadOptions, type ReadResult } from '../../src/dataset/read';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataset-'));
});
after(() => {
  rmSync(folder, { recursive: true });
});

const record = (prompt: string) => `{"prompt":"${prompt}","responses":["x","y"],"ranking":[0]}`;

let files = 0;
function readBytes(
  bytes: Buffer | string,
  options: ReadOptions = {},
  name = 'data.jsonl',
): Promise<ReadResult> {
  const path = join(folder, `${files++}-${name}`);
  writeFileSync(path, bytes);
  return readDataset(path, options);
}

const codes = ({ findings }: ReadResult) => findings.map((finding) => finding.code);

test('lines and byte offsets are exact with a byte order mark, CRLF, blank lines and no final newline', async () => {
  const text = `\uFEFF${record('ä€🙂')}\r\n\r\n${record('q')}\n${record('r')}`;
  const bytes = Buffer.from(text);
  const { table, findings } = await readBytes(bytes);
  assert.deepEqual(findings, []);
  assert.deepEqual(Array.from(table.line), [1, 3, 4]);
  assert.equal(table.offset[0], 3);
  for (let r = 0; r < 3; r++) {
    const line = bytes.subarray(table.offset[r]).toString('utf8').split(/\r?\n/)[0];
    assert.equal(line, record(table.prompts.text(table.prompt[r])));
  }
  const fromText = await readText(text, { name: 'data.jsonl' });
  assert.deepEqual(Array.from(fromText.table.offset), Array.from(table.offset));
});

test('lines that lie across chunks keep their offsets and text', async () => {
  const prompts = Array.from({ length: 3000 }, (_, i) => `${i}${'ß'.repeat(i % 400)}`);
  const bytes = Buffer.from(prompts.map(record).join('\n'));
  assert.ok(bytes.length > 1 << 19, 'more than two chunks');
  for (const read of [await readBytes(bytes), await readBytes(gzipSync(bytes), {}, 'data.jsonl.gz')]) {
    const { table, findings } = read;
    assert.deepEqual(findings, []);
    assert.equal(table.records, prompts.length);
    for (let r = 0; r < table.records; r++) {
      assert.equal(table.prompts.text(table.prompt[r]), prompts[r]);
      assert.equal(table.line[r], r + 1);
      const text = bytes.toString(
        'utf8',
        table.offset[r],
        table.offset[r] + Buffer.byteLength(record(prompts[r])),
      );
      assert.equal(text, record(prompts[r]));
    }
  }
});

test('gzip is known by its bytes, not by its name', async () => {
  const { table } = await readBytes(gzipSync(record('p')), {}, 'data.txt');
  assert.equal(table.records, 1);
});

test('damaged gzip: what came before the damage is kept', async () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => record(String(Math.imul(i, 0x9e3779b1) >>> 0)));
  const zipped = gzipSync(lines.join('\n'));
  const cut = await readBytes(zipped.subarray(0, zipped.length / 2));
  assert.ok(codes(cut).includes('form/broken-gzip'));
  assert.ok(cut.table.records > 10_000 && cut.table.records < 50_000);
  const finding = cut.findings.find(({ code }) => code === 'form/broken-gzip');
  assert.ok(finding && finding.positions[0].line >= cut.table.records);
  assert.deepEqual(codes(await readBytes(Buffer.from([0x1f, 0x8b, 1, 2, 3]))), ['form/broken-gzip']);
});

test('empty, blank, binary and UTF-16 files', async () => {
  assert.deepEqual(codes(await readBytes('')), ['form/empty-file']);
  assert.deepEqual(codes(await readBytes(gzipSync(''))), ['form/empty-file']);
  assert.deepEqual(codes(await readText('', { name: 'x' })), ['form/empty-file']);
  assert.deepEqual(codes(await readBytes('\n  \n\n')), ['form/unrecognised']);
  assert.deepEqual(codes(await readBytes(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]))), ['form/binary']);
  const wide = await readBytes(Buffer.from(`\uFEFF${record('p')}`, 'utf16le'));
  assert.deepEqual(codes(wide), ['form/binary']);
  assert.match(wide.findings[0].message, /UTF-16/);
  assert.deepEqual(codes(await readBytes('\n\n', { form: 'canonical' })), ['form/no-records']);
  assert.deepEqual(codes(await readBytes('model_a,model_b,winner\n')), ['form/no-records']);
});

test('invalid UTF-8 is located in UTF-16 units, and the rest is read', async () => {
  const bad = Buffer.concat([Buffer.from('{"prompt":"\uFFFD🙂é'), Buffer.from([0xff]), Buffer.from('"}')]);
  for (const ending of [Buffer.from('\n'), Buffer.from('\r\n')]) {
    const read = await readBytes(
      Buffer.concat([Buffer.from(`${record('p')}\n`), bad, ending, Buffer.from(record('q'))]),
    );
    assert.deepEqual(codes(read), ['form/invalid-utf8']);
    const { line, column } = read.findings[0].positions[0];
    assert.deepEqual([line, column], [2, '{"prompt":"\uFFFD🙂é'.length + 1]);
    assert.deepEqual(Array.from(read.table.line), [1, 3]);
    assert.deepEqual(read.table.summary.unused, { 'form/invalid-utf8': 1 });
  }
});

test('invalid UTF-8 in a CSV: rows on that line are left out, later rows keep their lines', async () => {
  const rows = ['model_a,model_b,winner', 'x,y,a', 'x,"y', '\xff', '",b', 'x,y,b', 'z,y,b'].join('\n');
  const read = await readBytes(Buffer.from(rows, 'latin1'), {}, 'x.csv');
  assert.deepEqual(codes(read), ['form/invalid-utf8']);
  assert.deepEqual(Array.from(read.table.line), [2, 6, 7]);
  assert.deepEqual(
    Array.from(read.table.offset, (at) => rows.slice(at, at + 5)),
    ['x,y,a', 'x,y,b', 'z,y,b'],
  );
});

test('a line of 100 MB is reported and skipped without being held in memory', async () => {
  const path = join(folder, 'long.jsonl');
  const filler = Buffer.alloc(1 << 20, 'a');
  await pipeline(
    Readable.from(
      (function* () {
        yield `${record('p')}\n{"prompt":"`;
        for (let i = 0; i < 100; i++) yield filler;
        yield `"}\n${record('q')}\n`;
      })(),
    ),
    createWriteStream(path),
  );
  const { table, findings } = await readDataset(path);
  assert.deepEqual(
    findings.map(({ code, positions }) => [code, positions[0].line]),
    [['form/line-too-long', 2]],
  );
  assert.deepEqual(Array.from(table.line), [1, 3]);
  assert.equal(
    table.offset[1],
    Buffer.byteLength(record('p')) + 100 * filler.length + '{"prompt":""}'.length + 2,
  );
});

test('a single line of 100 MB that is nothing is only looked at', async () => {
  const path = join(folder, 'nothing.txt');
  await pipeline(
    Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1 << 20, 'a'))),
    createWriteStream(path),
  );
  let bytes = 0;
  const read = await readDataset(path, { onProgress: (done) => (bytes = done) });
  assert.deepEqual(codes(read), ['form/unrecognised']);
  assert.ok(bytes < 2 ** 20, `${bytes} bytes were read`);
});

test('a quote that never ends costs one row, however long the file', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `x${i},y,a`);
  rows[10] = 'x,"y,a';
  const { table, findings } = await readText(['model_a,model_b,winner', ...rows].join('\n'), {
    name: 'x.csv',
  });
  assert.deepEqual(
    findings.map(({ code, positions }) => [code, positions[0].line]),
    [['form/bad-quote', 12]],
  );
  assert.equal(table.records, 39_999);
  assert.equal(table.line[39_998], 40_001);
});

test('what the system refuses is a DatasetError with a sentence', async () => {
  await assert.rejects(readDataset(join(folder, 'missing.jsonl')), (error) => {
    assert.ok(error instanceof DatasetError);
    assert.match(error.message, /^There is no file .*missing\.jsonl\. Check the path\.$/);
    return true;
  });
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  assert.match(refusal('x.jsonl', denied).message, /^x\.jsonl may not be read: permission denied/);
  await assert.rejects(readBytes(record('p'), { form: 'parquet' }), (error) => {
    assert.ok(error instanceof DatasetError);
    assert.match(error.message, /There is no form "parquet".*canonical/);
    return true;
  });
});

test('progress counts the bytes of the file up to its size', async () => {
  const bytes = gzipSync(Array.from({ length: 60_000 }, (_, i) => record(String(i * i))).join('\n'), {
    level: 0,
  });
  const seen: [number, number][] = [];
  await readBytes(bytes, { onProgress: (done, total) => seen.push([done, total]) });
  assert.ok(seen.length > 3);
  assert.deepEqual(seen.at(-1), [bytes.length, bytes.length]);
  assert.ok(seen.every(([done], i) => i === 0 || done > seen[i - 1][0]));
});

test('an abort ends reading with its reason, between chunks and between voters', async () => {
  const text = Array.from({ length: 100_000 }, (_, i) => record(String(i))).join('\n');
  for (const start of [
    (options: ReadOptions) => readText(text, { ...options, name: 'x.jsonl' }),
    (options: ReadOptions) => readBytes(text, options),
    (options: ReadOptions) => readBytes(gzipSync(text, { level: 1 }), options),
    (options: ReadOptions) =>
      readText('# NUMBER ALTERNATIVES: 2\n9000000: 1,2\n', { ...options, name: 'x.soc' }),
  ]) {
    const control = new AbortController();
    const reading = start({ signal: control.signal });
    setTimeout(() => {
      control.abort(new Error('stopped by hand'));
    }, 5);
    await assert.rejects(reading, /stopped by hand/);
  }
  await assert.rejects(
    readText(text, { name: 'x.jsonl', signal: AbortSignal.abort(new Error('before')) }),
    /before/,
  );
});
