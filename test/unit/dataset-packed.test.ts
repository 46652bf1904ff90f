import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describeRecord } from '../../src/dataset/describe';
import { readDataset, type ReadResult } from '../../src/dataset/read';
import { checkTable } from './dataset-checks';

const folder = mkdtempSync(join(tmpdir(), 'packed-'));
after(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;
function read(bytes: Uint8Array, form?: string): Promise<ReadResult> {
  const path = join(folder, `data ${++files}`);
  writeFileSync(path, bytes);
  return readDataset(path, { form });
}

const FILES = JSON.parse(readFileSync('test/golden/parquet.json', 'utf8')) as Record<string, string>;
const parquet = (name: string) => Buffer.from(FILES[name], 'base64');

// two lines as the zstd program compresses them
const TWO = Buffer.from(
  'KLUv/SRm1QEAckMMEqC7AaEk3m6riKf+Fw+dADVgPOCpAE/DyJ9FaUkf9eV48pFnhu1iZvp4fr6xWs13AQEAg40UFIMEYVc=',
  'base64',
);
const LINE = '{"prompt":"p","responses":["a","b"],"ranking":[0]}\n';

/** A text as one zstd frame of blocks that are not compressed. */
function zstdFrame(text: string, block = 1000): Buffer {
  const bytes = Buffer.from(text);
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])];
  for (let from = 0; from === 0 || from < bytes.length; from += block) {
    const own = bytes.subarray(from, from + block);
    const head = (own.length << 3) | (from + block >= bytes.length ? 1 : 0);
    parts.push(Buffer.from([head & 0xff, (head >> 8) & 0xff, head >> 16]), own);
  }
  return Buffer.concat(parts);
}

for (const compression of ['none', 'snappy', 'gzip', 'zstd']) {
  test(`Parquet with ${compression}: nested lists, groups of rows, rows as lines`, async () => {
    const { table, findings } = await read(parquet(compression));
    assert.deepEqual(findings, []);
    assert.equal(table.summary.form, 'canonical');
    assert.deepEqual([describeRecord(table, 0), describeRecord(table, 1)], ['"b" ≻ "a" ~ "c"', '"y" ≻ "x"']);
    assert.deepEqual([table.prompts.text(1), table.annotators.text(0)], ['Who? é🙂', 'ann']);
    assert.deepEqual(Array.from(table.line), [1, 2]);
    assert.ok(table.summary.assumptions.some((sentence) => sentence.includes('row')));
  });
}

test('Parquet: lists of structs and columns of numbers are read by the forms that read them from JSON', async () => {
  const nested = await read(parquet('nested'));
  assert.deepEqual(nested.findings, []);
  assert.equal(nested.table.summary.form, 'ultrafeedback');
  assert.equal(describeRecord(nested.table, 0), '"b" ≻ "a"');
  const long = await read(parquet('long'));
  assert.deepEqual(long.findings, []);
  assert.deepEqual(
    [long.table.summary.form, long.table.records, long.table.annotators.text(1)],
    ['long', 2, '2'],
  );
});

test('Parquet inside of gzip or zstd is read too', async () => {
  const { table, findings } = await read(gzipSync(parquet('snappy')));
  assert.deepEqual(findings, []);
  assert.equal(table.records, 2);
});

test('Parquet with any bytes changed or cut off is read or reported, never a crash', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(FILES)),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(), { nil: undefined }),
      async (name, changes, cut) => {
        const bytes = parquet(name);
        for (const [at, by] of changes) bytes[4 + (at % (bytes.length - 4))] = by;
        const { table, findings } = await read(
          cut === undefined ? bytes : bytes.subarray(0, 4 + (cut % bytes.length)),
        );
        checkTable(table);
        assert.ok(table.records > 0 || findings.length > 0);
      },
    ),
    { numRuns: 300 },
  );
});

test('zstd: as its own program writes it, several frames, blocks across chunks', async () => {
  const { table, findings } = await read(TWO);
  assert.deepEqual(findings, []);
  assert.equal(table.records, 2);
  const frames = Buffer.concat([TWO, zstdFrame(LINE.repeat(20_000)), TWO]);
  const more = await read(frames);
  assert.deepEqual(more.findings, []);
  assert.equal(more.table.records, 20_004);
});

test('zstd that is damaged keeps what came before', async () => {
  const whole = zstdFrame(LINE.repeat(1000));
  const { table, findings } = await read(whole.subarray(0, whole.length - 10));
  assert.equal(table.records, 980);
  assert.deepEqual(findings.map(({ code }) => code), ['form/bad-json', 'form/broken-zstd']); // prettier-ignore
});

test('zstd that grows without bounds is stopped', async () => {
  // blocks of one byte said 128 KiB times
  const block = Buffer.from([0x02 | ((0x1ffff & 7) << 3), 0xff, 0x0f, 0x20]);
  const bomb = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), ...Array.from({ length: 20_000 }, () => block)]); // prettier-ignore
  const { table, findings } = await read(bomb, 'canonical');
  assert.equal(table.records, 0);
  assert.ok(findings.some(({ code }) => code === 'form/broken-zstd'), JSON.stringify(findings)); // prettier-ignore
});

test('zstd with any bytes changed is read or reported', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const bytes = Buffer.from(TWO);
        for (const [at, by] of changes) bytes[4 + (at % (bytes.length - 4))] = by;
        const { table, findings } = await read(bytes);
        checkTable(table);
        assert.ok(table.records > 0 || findings.length > 0);
      },
    ),
    { numRuns: 200 },
  );
});
