import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writePosterior } from '../../src/run/posterior';
import { readPosteriorRow } from '../../src/run/posterior-row';
import { scratchFolder } from './run-files';

const name = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('a,0.5,0.5', 'x\nAda,0.5,0.5,0.6\n', '"', 'Ada', 'Ada,', '\r\n', 'Zoë', ''),
);

test('a row is found by its name alone, whatever the names hold', async (t) => {
  const directory = scratchFolder(t);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      async (annotators, n) => {
        const gamma = Float64Array.from(annotators.flatMap((_, h) => [1 / (h + 2), 1 - 1 / (h + 2)]));
        await writePosterior(directory, { annotators, gamma, entropy: new Float64Array(annotators.length) });
        const h = n % annotators.length;
        assert.deepEqual(await readPosteriorRow(directory, annotators[h]), [
          ...gamma.subarray(2 * h, 2 * h + 2),
        ]);
        const other = 'nobody of that name';
        assert.equal(await readPosteriorRow(directory, other), undefined);
      },
    ),
    { numRuns: 60 },
  );
});

test('what looks like a row inside a name is none', async (t) => {
  const directory = scratchFolder(t);
  const annotators = ['x\nAda,0.5,0.5,0.6\n', 'say "\nAda,0,1,0\n"', 'Ada'];
  const gamma = Float64Array.of(1, 0, 1, 0, 0.25, 0.75);
  await writePosterior(directory, { annotators, gamma, entropy: new Float64Array(3) });
  assert.deepEqual(await readPosteriorRow(directory, 'Ada'), [0.25, 0.75]);
  assert.deepEqual(await readPosteriorRow(directory, annotators[1]), [1, 0]);
});

test('a row across the pieces of a big file is found, and there may be no file', async (t) => {
  const directory = scratchFolder(t);
  assert.equal(await readPosteriorRow(directory, 'a'), undefined);
  const annotators = Array.from({ length: 60_000 }, (_, h) => `annotator ${h}`);
  const gamma = Float64Array.from(annotators.flatMap((_, h) => [h / 60_000, 1 - h / 60_000]));
  await writePosterior(directory, { annotators, gamma, entropy: new Float64Array(annotators.length) });
  for (const h of [0, 1, 26_500, 26_600, 31_415, 59_999]) {
    assert.deepEqual(await readPosteriorRow(directory, `annotator ${h}`), [gamma[2 * h], gamma[2 * h + 1]]);
  }
});
