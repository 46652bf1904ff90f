import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parsePopulation, PopulationError, readPopulation } from '../../src/dataset/simulate/read-population';

const GOOD = `{
  "attributes": { "brief": "few words" },
  "types": [
    { "name": "short", "share": 0.6, "weights": { "brief": 1 } },
    { "name": "long", "share": 0.4, "weights": { "brief": -1 } }
  ],
  "annotators": { "count": 5, "records": [1, 2] },
  "formats": [{ "format": "pair", "share": 1 }], // comments are fine
  "noise": { "scale": 2 },
  "prompts": [
    { "prompt": "Why?", "topic": "facts", "responses": [
      { "text": "So.", "attributes": { "brief": 1 } },
      { "text": "Because.", "attributes": {} },
    ] }
  ]
}
`;

test('a population reads, with comments and trailing commas', () => {
  const population = parsePopulation(GOOD, 'p.json');
  assert.equal(population.types[1].share, 0.4);
  assert.equal(population.prompts[0].responses.length, 2);
});

/** The message when one part of the good text is replaced. */
function messageOf(from: string, to: string): string {
  assert.ok(GOOD.includes(from), `the text has ${from}`);
  return messageOfText(GOOD.replace(from, to));
}

function messageOfText(text: string): string {
  try {
    parsePopulation(text, 'p.json');
  } catch (error) {
    assert.ok(error instanceof PopulationError);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'the text should have been refused' });
}

test('faults of form are sentences with file, line and column', () => {
  for (const [from, to, expected] of [
    ['"share": 0.6', '"share": "0.6"', 'p.json:4:33: types[0].share must be a number.'],
    ['"share": 0.6, ', '', 'p.json:4:5: types[0] has no "share"; add it.'],
    ['"noise"', '"nose"', 'p.json:9:3: A population cannot have "nose"; mend the name or take it out.'],
    ['"pair"', '"pears"', 'p.json:8:27: formats[0].format must be one of pair, best-of, top, ranking.'],
    ['"pair"', '"pair", "of": 3', 'p.json:8:35: formats[0].of has no meaning in this format; take it out.'],
    ['"pair"', '"best-of"', 'p.json:8:15: formats[0] has no "of"; add it.'],
    ['"count": 5', '"count": 5.5', 'p.json:7:28: annotators.count must be a whole number.'],
    ['"scale": 2', '"scale": -2', 'p.json:9:23: noise.scale must be at least 0.'],
    ['"scale": 2', '"scale": 1e999', 'p.json:9:23: noise.scale must be a number.'],
    ['[1, 2]', '[1]', 'p.json:7:42: annotators.records must have at least 2 entries.'],
    ['"Why?"', '""', 'p.json:11:17: prompts[0].prompt must not be empty.'],
    [
      '"name": "short",',
      '"name": "short", "name": "s",',
      'p.json:4:24: "name" is given twice; take one out.',
    ],
  ] as const) {
    assert.equal(messageOf(from, to), expected);
  }
});

test('contradictions are sentences with file, line and column', () => {
  for (const [from, to, expected] of [
    ['0.6', '0.7', 'p.json:3:12: The shares of the types sum to 1.1; make them sum to 1.'],
    ['"long"', '"short"', 'p.json:5:15: This type name is the same as number 1; give each its own.'],
    ['{ "brief": -1 }', '{ "breif": -1 }', /^p\.json:5:50: "breif" is not one of the attributes \(brief\)/],
    ['[1, 2]', '[3, 2]', /^p\.json:7:42: The fewest records per annotator, 3, are more than the most, 2/],
    ['"Because."', '"So."', 'p.json:13:17: This response is the same as number 1; give each its own.'],
    [
      '"pair"',
      '"ranking", "of": 3',
      /^p\.json:8:44: This format shows 3 responses, but no prompt has more than 2/,
    ],
    ['"pair"', '"top", "top": 2, "of": 2', /^p\.json:8:41: Ranking the top 2 of 2 ranks them all/],
    [
      '{ "brief": 1 } }',
      '{ "brief": 1 }, "topics": { "facs": {} } }',
      /:4:77: No prompt has the topic "facs"/,
    ],
  ] as const) {
    const message = messageOf(from, to);
    if (typeof expected === 'string') assert.equal(message, expected);
    else assert.match(message, expected);
  }
});

test('all faults are told at once', () => {
  const text = GOOD.replace('"share": 0.6', '"share": true').replace('"count": 5', '"count": 0');
  assert.deepEqual(messageOfText(text).split('\n'), [
    'p.json:4:33: types[0].share must be a number.',
    'p.json:7:28: annotators.count must be at least 1.',
  ]);
});

test('text that is not JSON is located', () => {
  assert.match(messageOfText(GOOD.replace('"count": 5,', '"count": ,')), /^p\.json:7:28: /);
  assert.match(messageOfText(''), /^p\.json:1:1: The file is empty/);
  assert.match(messageOfText('\u0000\u0001'), /^p\.json:1:1: /);
  assert.match(messageOfText('[]'), /^p\.json:1:1: A population must be an object/);
  assert.match(messageOfText('['.repeat(200_000)), /^p\.json.*: /);
});

test('a file that cannot be read is a sentence', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'population-'));
  t.after(() => rm(folder, { recursive: true }));
  await assert.rejects(readPopulation(path.join(folder, 'none.json')), /none\.json: There is no such file/);
  await assert.rejects(readPopulation(folder), /This is a folder/);
});
