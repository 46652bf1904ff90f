import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalScanner } from '../../src/dataset/canonical-scan';
import { findingLog } from '../../src/dataset/finding-log';
import { canonical } from '../../src/dataset/forms/canonical';
import { tableBuilder } from '../../src/dataset/table-builder';
import type { Pool } from '../../src/dataset/table';

const chance = (weight: number, arbitrary: fc.Arbitrary<string>, usual: string) =>
  fc.oneof({ weight: 20 - weight, arbitrary: fc.constant(usual) }, { weight, arbitrary });

const space = chance(4, fc.constantFrom(' ', '\t', '  \r', ' \t '), '');
const string = fc.constantFrom(
  '""', '"a"', '"b"', '"\\u0061"', '"c\\n\\"d\\""', '"é🙂"', '"\\u00e9\\ud83d\\ude42"', '"\\ud800"', '"a\\/b"', '"a/b"',
  '"long enough for several words of four bytes"', '"long enough for several words of four\\u0020bytes"',
); // prettier-ignore
const name = fc.oneof(
  string,
  fc.integer({ min: 0, max: 40 }).map(String),
  fc.integer({ min: 0, max: 40 }).map((number) => `"n${number}"`),
  fc.constantFrom('17', '"17"', '0', '-1', '1.0', '1e3', '01', 'null', 'nul', 'true', '12345678901234567890'),
);
const list = (entries: string[]) => `[${entries.join(',')}]`;
const ranking = fc
  .integer({ min: 0, max: 3 })
  .chain((kind) => fc.shuffledSubarray(kind > 0 ? ['0', '1'] : ['0', '1', '2', '3'], { minLength: 1 }))
  .chain((left) =>
    fc.constantFrom(
      list(left),
      list([`[${left.join(' , ')}]`]),
      list([left[0], `[${left.slice(1).join(',')}]`]),
      `[ ${left.join(' ,')} ]`,
    ),
  );
const oddRanking = fc.constantFrom(
  '[]',
  '[[]]',
  '[0,]',
  '[00]',
  '[0,0]',
  '[7]',
  '["0"]',
  '0',
  '[0.0]',
  '[10,0]',
);
const other = fc.constantFrom(
  '"weight":2', '"features":[[1],[2]]', '"items":["a","b"]', '"note":{"a":[1]}', '"reference":[1,2]', '"annotator":"z"',
); // prettier-ignore

/** A line that is mostly a plain record, and sometimes nearly one. */
const line = fc
  .record({
    fields: fc.tuple(
      fc.tuple(fc.constant('prompt'), string),
      fc.tuple(fc.constant('responses'), fc.uniqueArray(string, { minLength: 2, maxLength: 4 }).map(list)),
      fc.tuple(fc.constant('ranking'), fc.oneof({ weight: 9, arbitrary: ranking }, { weight: 1, arbitrary: oddRanking })),
      fc.option(fc.tuple(fc.constant('annotator'), name)),
      fc.option(fc.tuple(fc.constant('type'), name), { freq: 1 }),
      fc.option(fc.tuple(fc.constant('id'), name), { freq: 1 }),
    ),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 5 }),
    more: chance(2, other, ''),
    spaces: fc.array(space, { minLength: 24, maxLength: 24 }),
    damage: fc.option(fc.tuple(fc.nat(), fc.constantFrom('', '"', '\\', ',', ']', '}', '0', 'x', '\u0001')), { freq: 1 }),
    ending: chance(3, fc.constantFrom('\r\n', '\n\n', ' \n', '}\n', ',\n'), '\n'),
  })
  .map(({ fields, order, more, spaces, damage, ending }) => {
    let s = 0;
    const pad = (text: string) => `${spaces[s++ % spaces.length]}${text}`;
    const parts = order.flatMap((i) => {
      const field = fields[i];
      return field ? [`${pad(`"${field[0]}"`)}${pad(':')}${pad(field[1])}${pad('')}`] : [];
    });
    if (more !== '') parts.push(more);
    const text = `${pad('{')}${parts.join(',')}${pad('}')}`;
    if (!damage || damage[0] % 8 > 0) return text + ending;
    const at = damage[0] % text.length;
    return text.slice(0, at) + damage[1] + text.slice(at + 1) + ending;
  }); // prettier-ignore

const content = (pool: Pool) => Array.from({ length: pool.size }, (_, id) => pool.text(id));

async function read(bytes: Buffer) {
  const log = findingLog();
  const table = tableBuilder(log);
  const chunks = (async function* () {
    yield await Promise.resolve(bytes);
  })();
  await canonical.read({ source: { name: 'x.jsonl', chunks }, columns: {}, table, log });
  const { annotators, prompts, responses, knownTypes, items, summary, ...columns } = table.finish(
    'canonical',
    'offered',
  );
  const { unused, ...counts } = summary;
  const pools = [annotators, prompts, responses, knownTypes, ...(items ? [items] : [])].map(content);
  const findings = log.findings().filter(({ code }) => code !== 'form/invalid-utf8');
  return { columns, counts, unused: { ...unused, 'form/invalid-utf8': 0 }, pools, findings };
}

test('a line read from its bytes is read as the parser reads it, or left to the parser', async () => {
  let scanned = 0;
  let all = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
      const text = lines.join('');
      // bytes that are not UTF-8 send the whole block to the parser
      const parsed = await read(Buffer.concat([Buffer.from(text), Buffer.from([0xff])]));
      assert.deepEqual(await read(Buffer.from(text)), parsed);
      const scanner = canonicalScanner();
      for (const each of lines) {
        const bytes = Buffer.from(each);
        scanner.open(bytes);
        const next = scanner.scan(0);
        all++;
        if (next < 0) continue;
        scanned++;
        assert.equal(next, bytes.indexOf(10) + 1);
        assert.doesNotThrow(() => JSON.parse(bytes.toString('utf8', 0, next)) as unknown);
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(scanned > all / 10 && scanned < all, `${scanned} of ${all} lines were read from their bytes`);
});

test('plain records are read from their bytes, last line and Windows line ends included', () => {
  const scanner = canonicalScanner();
  for (const [text, next] of [
    ['{"annotator":"a","prompt":"p","responses":["x","y","z"],"ranking":[2,[0,1]]}\nrest', 77],
    ['{"prompt":"p","responses":["x","y"],"ranking":[1]}\r\n', 52],
    ['{"prompt":"p","responses":["x","y"],"ranking":[1],"type":null,"id":12}', 70],
  ] as const) {
    scanner.open(Buffer.from(text));
    assert.equal(scanner.scan(0), next);
  }
  assert.equal(scanner.record.size, 2);
  assert.deepEqual(scanner.record.order.slice(0, 2), [1, 0]);
  assert.deepEqual(scanner.record.level.slice(0, 2), [0, 0xffff]);
});
