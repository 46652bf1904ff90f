import { test } from 'node:test';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { findingLog } from '../../src/dataset/finding-log';
import { FORMS } from '../../src/dataset/forms/index';
import { linesOf, type Line } from '../../src/dataset/lines';
import { readDataset, readText } from '../../src/dataset/read';
import { writeCanonical } from '../../src/dataset/write-canonical';
import { checkFindings, checkTable } from './dataset-checks';
import { dataset as datasetOf, tableContent as content } from './dataset-records';

const dataset = datasetOf();

const formName = fc.option(fc.constantFrom(...FORMS.map((form) => form.name)), { nil: undefined });

test('any bytes give findings, never a crash', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.boolean(),
        formName,
        async (bytes, zipped, form) => {
          const path = join(folder, 'data');
          writeFileSync(path, zipped ? gzipSync(bytes).subarray(0, -1) : bytes);
          const read = await readDataset(path, { form });
          checkTable(read.table);
          assert.ok(read.table.records > 0 || read.findings.length > 0);
        },
      ),
      { numRuns: 300 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const shred = fc.constantFrom(
  '{', '}', '[', ']', ',', ':', '"', '\n', '\r\n', ' ', '\\', '0', '1', '2', '-', '1e999', 'NaN', 'null', '#', 'é', '🙂',
  '"prompt":"p"', '"responses":["a","b"]', '"ranking":[0,1]', '"ranking":[[0],1]', '"features":[[1],[2]]', '"annotator":"x"',
  '"id":1', '"chosen":"a"', '"rejected":"b"', '{"prompt":"p","responses":["a","b","c"],"ranking":[2,0]}\n',
  '{"prompt":"p","chosen":"a","rejected":"b"}\n', '# ALTERNATIVE NAME 1: A\n', '# ALTERNATIVE NAME 2: B\n', '3: 1,{2}\n',
  'model_a,model_b,winner\n', 'x,y,tie\n', 'x,"y\nz",a\n', '"x', '"completions":[', '"overall_score":4', '"response":"r"',
  '"instruction":"i"', '"answers":[{"answer":"a","rank":1},{"answer":"b","rank":2}]', '"replies":[', '"rank":0', '"text":"t"',
  '"assessments":[{"annotator_id":"x","ranking_blocks":{"world":[{"ranking":"B>A"}]}}]', '"response1":"a","response2":"b"',
  '"annotator1":2', '"conversations":[{"from":"human","value":"q"}]', '"questions":{"0":{', '"passage-id":"1"', '"model_a":"x"',
  '"winner":"tie"', '"turn":1', '"score":50', '"user_id":"u"', 'annotator,prompt,response,rank\n', 'x,p,a,1\n', 'x,p,b,2\n',
  'response_1,response_2,score_1,score_2\n', 'a,b,3,3\n', 'judgeID,system1Id,system1rank,system2Id,system2rank,rankingID\n',
  'j,s,1,t,2,r\n',
); // prettier-ignore

test('any shreds of the forms give a sound table and located findings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shred, { maxLength: 40 }), formName, async (shreds, form) => {
      const text = shreds.join('');
      const read = await readText(text, { name: 'data', form });
      checkTable(read.table);
      checkFindings(read, text);
    }),
    { numRuns: 3000 },
  );
});

test('a record written as a line is read as it was', async () => {
  await fc.assert(
    fc.asyncProperty(dataset, async (records) => {
      const { table, findings } = await readText(records.map(canonicalLine).join('\n'), { name: 'x.jsonl' });
      assert.deepEqual(findings, []);
      checkTable(table);
      assert.equal(table.records, records.length);
      records.forEach((record, r) => {
        const options = Array.from(table.option.subarray(table.start[r], table.start[r + 1]));
        const ranked = record.ranking.flat();
        assert.deepEqual(
          options.slice(0, ranked.length).map((y) => table.responses.text(y)),
          ranked.map((i) => record.responses[i]),
        );
        assert.deepEqual(new Set(options.map((y) => table.responses.text(y))), new Set(record.responses));
        const levels = record.ranking.flatMap((entry, g) =>
          typeof entry === 'number' ? [g] : entry.map(() => g),
        );
        assert.deepEqual(
          Array.from(table.level.subarray(table.start[r], table.start[r] + ranked.length)),
          levels,
        );
        options.forEach((y, j) => {
          assert.equal(record.responses[table.position![table.start[r] + j]], table.responses.text(y));
        });
        assert.equal(table.prompts.text(table.prompt[r]), record.prompt);
        assert.equal(
          table.annotator[r] < 0 ? undefined : table.annotators.text(table.annotator[r]),
          record.annotator,
        );
        assert.equal(table.weight[r], record.weight ?? 1);
      });
    }),
    { numRuns: 300 },
  );
});

test('a table written and read again is the same table', async () => {
  await fc.assert(
    fc.asyncProperty(dataset, async (records) => {
      const once = await readText(records.map(canonicalLine).join('\n'), { name: 'x.jsonl' });
      const again = await readText([...writeCanonical(once.table)].join(''), { name: 'x.jsonl' });
      assert.deepEqual(again.findings, []);
      assert.deepEqual(content(again.table), content(once.table));
    }),
    { numRuns: 300 },
  );
});

test('lines do not depend on how the bytes are cut into chunks', async () => {
  const collect = async (chunks: Buffer[]) => {
    async function* all() {
      await Promise.resolve();
      yield* chunks;
    }
    const log = findingLog();
    const lines: Line[] = [];
    for await (const some of linesOf({ name: 'x', chunks: all() }, log)) lines.push(...some);
    return { lines, findings: log.findings() };
  };
  const piece = fc
    .constantFrom('a', 'é', '🙂', '\n', '\r\n', '\r', '\uFEFF', '\uFFFD')
    .map((each) => Buffer.from(each));
  const broken = fc.constantFrom(Buffer.from([0xff]), Buffer.from([0xe2, 0x82]));
  const pieces = fc.array(fc.oneof({ weight: 9, arbitrary: piece }, { weight: 1, arbitrary: broken }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(fc.integer({ min: 1, max: 5 })), async (parts, sizes) => {
      const bytes = Buffer.concat(parts);
      const chunks: Buffer[] = [];
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const to = from + (sizes[i % sizes.length] ?? bytes.length);
        chunks.push(bytes.subarray(from, to));
        from = to;
      }
      const whole = await collect([bytes]);
      assert.deepEqual(await collect(chunks), whole);
      for (const line of whole.lines) {
        assert.equal(
          bytes.toString('utf8', line.offset, line.offset + Buffer.byteLength(line.text)),
          line.text,
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('a broken entry is pointed at, wherever it is', async () => {
  const place = fc.constantFrom(
    'ranking',
    'responses',
    'features',
    'items',
    'reference',
    'weight',
    'prompt',
    'annotator',
  );
  await fc.assert(
    fc.asyncProperty(dataset, place, fc.nat(), async (records, field, at) => {
      const broken: Record<string, unknown> = { ...records[0] };
      const marker = { broken: '🙂' };
      const list = broken[field];
      const index = Array.isArray(list) ? at % list.length : -1;
      broken[field] = Array.isArray(list)
        ? list.map((each: unknown, i) => (i === index ? marker : each))
        : marker;
      const line = JSON.stringify(broken);
      const { table, findings } = await readText(line, { name: 'x.jsonl', form: 'canonical' });
      assert.equal(table.records, 0);
      assert.equal(findings.length, 1);
      const [{ line: number, column, endColumn }] = findings[0].positions;
      assert.equal(number, 1);
      const shown = line.slice(column - 1, (endColumn ?? 0) - 1);
      // an array that is not there, or features that now differ from their neighbours', are pointed at as a whole
      assert.ok(JSON.stringify(marker) === shown || (field === 'features' && line.includes(shown)), shown);
    }),
    { numRuns: 300 },
  );
});

test('cells of a CSV come out as they went in, with exact lines and offsets', async () => {
  const cell = fc
    .array(fc.constantFrom('a', 'b', '"', ',', '\n', 'é', ' '), { maxLength: 5 })
    .map((parts) => `x${parts.join('')}`);
  const row = fc.record({
    a: cell,
    b: cell,
    winner: fc.constantFrom('model_a', 'model_b', 'tie'),
    judge: cell,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
      const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
      const used = rows.filter(({ a, b }) => a !== b);
      const lines = [
        'model_a,model_b,winner,judge',
        ...used.map((each) => Object.values(each).map(quote).join(',')),
      ];
      const csv = lines.join('\n');
      const { table, findings } = await readText(csv, { name: 'x.csv' });
      assert.deepEqual(
        findings.map((finding) => finding.code),
        used.length === 0 ? ['form/no-records'] : [],
      );
      assert.equal(table.records, used.length);
      used.forEach(({ a, b, winner, judge }, r) => {
        const [first, second] = [table.start[r], table.start[r] + 1].map((i) =>
          table.responses.text(table.option[i]),
        );
        assert.deepEqual([first, second], winner === 'model_b' ? [b, a] : [a, b]);
        assert.equal(table.annotators.text(table.annotator[r]), judge);
        const before = lines.slice(0, r + 1).join('\n');
        assert.equal(table.offset[r], Buffer.byteLength(before) + 1);
        assert.equal(table.line[r], before.split('\n').length + 1);
      });
    }),
    { numRuns: 200 },
  );
});
