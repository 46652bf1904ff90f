import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPosterior, writePosterior } from '../../src/run/posterior';
import { runFile } from '../../src/run/run-files';
import { scratchFolder } from './run-files';

test('posterior.csv has the columns of the contract', async (t) => {
  const directory = scratchFolder(t);
  await writePosterior(directory, {
    annotators: ['Ana', 'O"Neil, Jr.'],
    gamma: Float64Array.of(0.25, 0.75, 1, 0),
    entropy: Float64Array.of(0.5, 0),
  });
  assert.equal(
    readFileSync(runFile(directory, 'posterior'), 'utf8'),
    'annotator,type1,type2,entropy\nAna,0.25,0.75,0.5\n"O""Neil, Jr.",1,0,0\n',
  );
});

test('any names and numbers come back as they were', async (t) => {
  const directory = scratchFolder(t);
  const awkward = fc.stringMatching(/^[",\r\n a'=\u2028\ufeff;\t]{0,6}$/);
  const name = fc.oneof(awkward, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }).chain((types) =>
        fc.array(fc.tuple(name, fc.array(probability, { minLength: types, maxLength: types }), probability), {
          minLength: 1,
          maxLength: 12,
        }),
      ),
      fc.nat({ max: 14 }),
      async (rows, limit) => {
        await writePosterior(directory, {
          annotators: rows.map(([annotator]) => annotator),
          gamma: Float64Array.from(rows.flatMap(([, gamma]) => gamma)),
          entropy: Float64Array.from(rows, ([, , entropy]) => entropy),
        });
        const kept = rows.slice(0, limit);
        assert.deepEqual(await readPosterior(directory, limit), {
          annotators: kept.map(([annotator]) => annotator),
          // −0 is written as 0
          gamma: kept.flatMap(([, gamma]) => gamma.map((value) => value + 0)),
          entropy: kept.map(([, , entropy]) => entropy + 0),
          types: rows[0][1].length,
          total: rows.length,
        });
      },
    ),
    { numRuns: 200 },
  );
});

test('a damaged posterior is a sentence', async (t) => {
  const directory = scratchFolder(t);
  assert.equal(await readPosterior(directory), undefined);
  for (const [content, sentence] of [
    ['', /is empty/],
    ['name,type1,entropy\n', /first row/],
    ['annotator,type1,entropy\na,one,0\n', /no number/],
    ['annotator,type1,entropy\na,,0\n', /no number/],
    ['annotator,type1,entropy\na,1\n', /damaged/],
    ['annotator,type1,entropy\n"a,1,0\n', /damaged/],
  ] as const) {
    writeFileSync(runFile(directory, 'posterior'), content);
    await assert.rejects(readPosterior(directory), sentence);
  }
});
