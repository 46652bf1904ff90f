import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { SOURCES } from '../../src/dataset/scan/compiled';
import { blockScanner } from '../../src/dataset/scan/scanner';
import { canonicalScanner } from '../../src/dataset/canonical-scan';
import { sourcesOf } from '../../scripts/kernels.mjs';
import { readInChunks } from './read-in-chunks';

const record = fc
  .record({
    annotator: fc.option(fc.constantFrom('a', 'b', 'é"\n', 'much longer than four bytes'), {
      nil: undefined,
    }),
    prompt: fc.constantFrom('p', 'q', 'a prompt of several words, “quoted”', '🙂\u0001'),
    responses: fc.uniqueArray(fc.string({ maxLength: 40, unit: 'grapheme' }), { minLength: 2, maxLength: 5 }),
    id: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    type: fc.option(fc.constantFrom('s', 't'), { nil: undefined, freq: 1 }),
    weight: fc.option(fc.constant(2), { nil: undefined, freq: 1 }),
  })
  .map((fields) => JSON.stringify({ ...fields, ranking: [1, 0] }));
const line = fc.oneof(
  { weight: 12, arbitrary: record },
  { weight: 1, arbitrary: fc.constantFrom('', '{', 'null', '{"prompt":"p"}', '\r') },
  { weight: 1, arbitrary: fc.string() },
);
const bytes = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean())
  .map(([lines, end, last, mark]) =>
    Buffer.from((mark ? '\ufeff' : '') + lines.join(end) + (last ? end : '')),
  );
const damaged = fc
  .tuple(bytes, fc.nat(), fc.nat({ max: 255 }), fc.boolean())
  .map(([given, at, byte, damage]) => {
    if (damage && given.length > 0) given[at % given.length] = byte;
    return given;
  });

test('a helper that reads ahead changes nothing, whatever the bytes and wherever they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      damaged,
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
      async (given, cuts) => {
        const alone = await readInChunks(given, [given.length], {
          ...canonicalScanner(),
          chunks: (from) => from,
        });
        assert.deepEqual(await readInChunks(given, cuts, blockScanner(Infinity)), alone);
        assert.deepEqual(await readInChunks(given, cuts, blockScanner(0)), alone);
      },
    ),
    { numRuns: 120 },
  );
});

const program = path.join(import.meta.dirname, 'read-ahead-process.ts');
const HELPERS = ['works', 'cannot start', 'ends at once', 'ends in the middle of its work', 'is idle'];
for (const helper of HELPERS) {
  test(`a large text is read to its end where the helper ${helper}`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, helper], {
      timeout: 120_000, // after so long it is held to hang, even on a busy machine
    });
    assert.deepEqual(JSON.parse(stdout), { same: true, started: helper !== 'cannot start' });
  });
}

test('the scanner is compiled from the sources that are there', () => {
  assert.equal(SOURCES, sourcesOf('scanner'), 'node scripts/kernels.mjs compiles it anew');
});
