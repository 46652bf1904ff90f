import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readText } from '../../src/dataset/read';
import { copyWithoutTypes } from '../../src/editor/language/copy-without-types';
import { describeLine } from '../../src/editor/language/describe-line';
import { edited } from '../../src/editor/language/line-edit';
import { rankBase } from '../../src/editor/language/rank-base';

async function inFolder<T>(use: (file: (name: string) => string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-language-'));
  try {
    return await use((name) => path.join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A JSON object whose keys may be `type`, with spaces between its parts. */
const objects = fc
  .array(
    fc.tuple(
      fc.constantFrom('type', 'a', 'ä "type"', 't\\u0079pe', '\u2028'),
      fc.jsonValue(),
      fc.constantFrom('', ' ', '\t'),
    ),
    { maxLength: 5 },
  )
  .map((fields) => {
    const parts = fields.map(([key, value, space]) => {
      const name = key.includes('\\u') ? `"${key}"` : JSON.stringify(key);
      return `${space}${name}${space}:${JSON.stringify(value)}${space}`;
    });
    return `{${parts.join(',')}}`;
  });
const anything = fc.oneof(
  objects,
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')),
  fc.constant('{"type": broken'),
  fc.constant('[{"type":1}]'),
  fc.constant(''),
);

test('a copy without types holds every line, each without its type and else as it was', async () => {
  await inFolder(async (file) => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anything),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        async (lines, eol, ended, zipped) => {
          const [from, to] = [file(`from-${++n}`), file(`to-${n}`)];
          const text = lines.join(eol) + (ended ? eol : '');
          writeFileSync(from, zipped ? gzipSync(text) : text);
          await copyWithoutTypes(from, to);
          const copied = readFileSync(to, 'utf8').split('\n');
          const original = text.split('\n');
          assert.equal(copied.length, original.length);
          original.forEach((line, i) => {
            const value = objectOf(line);
            if (!value || !('type' in value)) {
              assert.equal(copied[i], line);
              return;
            }
            const rest = { ...value };
            delete rest.type;
            assert.deepEqual(objectOf(copied[i]), rest);
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('a copy counts its lines, keeps bytes that are no UTF-8 and a byte order mark, and leaves nothing on failure', async () => {
  await inFolder(async (file) => {
    const bytes = Buffer.concat([
      Buffer.from('\uFEFF{"type":"x","prompt":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}\n{"type":\nplain'),
    ]);
    writeFileSync(file('from'), bytes);
    assert.deepEqual(await copyWithoutTypes(file('from'), file('to')), { lines: 3, changed: 1, unread: 1 });
    const wanted = Buffer.concat([
      Buffer.from('\uFEFF{"prompt":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}\n{"type":\nplain'),
    ]);
    assert.deepEqual(readFileSync(file('to')), wanted);

    writeFileSync(file('damaged'), gzipSync(Buffer.alloc(1e5, 'x\n')).subarray(0, 60));
    await assert.rejects(copyWithoutTypes(file('damaged'), file('half')), /damaged/);
    assert.throws(() => readFileSync(file('half')), { code: 'ENOENT' });
    await assert.rejects(copyWithoutTypes(file('from'), file('to')), { code: 'EEXIST' });
    assert.deepEqual(readFileSync(file('to')), wanted);
  });
});

test('a ranking that counts from 1 is the one that counts from 0, shifted', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 2, max: 6 })
        .chain((m) =>
          fc.tuple(
            fc.constant(m),
            fc.shuffledSubarray([...Array(m).keys()], { minLength: 1 }),
            fc.integer({ min: 0, max: m }),
          ),
        ),
      ([m, indices, tied]) => {
        const nested = [indices.slice(0, tied), ...indices.slice(tied)].filter(
          (e) => !Array.isArray(e) || e.length > 0,
        );
        const line = (ranking: unknown) =>
          `{ "responses": ${JSON.stringify([...Array(m).keys()].map(String))}, "ranking" :${JSON.stringify(ranking)} }`;
        const up = nested.map((e) => (Array.isArray(e) ? e.map((i) => i + 1) : e + 1));
        const { base, edits } = rankBase(line(up));
        assert.equal(base, indices.includes(m - 1) ? 'one' : 'either');
        assert.equal(edited(line(up), edits), line(nested));
        if (indices.includes(0)) assert.equal(rankBase(line(nested)).base, 'not one');
      },
    ),
  );
  assert.equal(rankBase('{"ranking":[1,2]').base, 'none');
  assert.equal(rankBase('{"responses":["a","b"],"ranking":[2,2]}').base, 'not one');
  assert.equal(rankBase('{"responses":["a","b"],"ranking":[3,1]}').base, 'not one');
});

test('a line that holds several records says so, and one that holds none is none', async () => {
  const text =
    '# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n3: 1,2,3\n1: 3,{1,2}\n';
  const { table } = await readText(text, { name: 'four.toc' });
  assert.equal(describeLine(table, 1), undefined);
  assert.equal(describeLine(table, 7), undefined);
  assert.equal(describeLine(table, 5)?.records, 3);
  assert.equal(describeLine(table, 5)?.annotator, undefined);
  assert.equal(describeLine(table, 6)?.ranking, '"c" ≻ "a" ~ "b"');
  assert.equal(describeLine(table, 6)?.records, 1);
});

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
