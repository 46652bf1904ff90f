import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { furtherRecords } from '../../src/run/assign/further-records';
import { informationGain, type Question } from '../../src/run/assign/questions';
import { readTypeRewards, writeTypeRewards } from '../../src/run/type-rewards';
import { random } from '../../src/random';
import type { Assignment } from '../../src/run/assign/assignment';
import { assertCivil, record, run, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

/** A pair that a type decides one way with probability `p`. */
function pair(first: readonly number[]): Question {
  const probability = Float64Array.from([...first, ...first.map((p) => 1 - p)]);
  return {
    design: { offered: Int32Array.of(0, 1), depth: 1 },
    asked: 1,
    logProbability: probability.map(Math.log),
    weight: probability,
  };
}

test('an answer tells at most what is unknown, and nothing where the types agree', () => {
  const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(probability, probability, probability, (p, q, share) => {
      const gamma = [share, 1 - share];
      const entropy = -gamma.reduce((sum, g) => sum + g * Math.log(g), 0);
      const gain = informationGain(pair([p, q]), gamma);
      assert.ok(gain >= 0 && gain <= entropy + 1e-12);
      assert.ok(informationGain(pair([p, p]), gamma) < 1e-12);
    }),
  );
  // a noiseless answer tells all: log 2
  assert.ok(Math.abs(informationGain(pair([1 - 1e-15, 1e-15]), [0.5, 0.5]) - Math.log(2)) < 1e-9);
});

test('the expected number of records is that of the random walk of the log odds', () => {
  // each answer moves the log odds by ± log 4: with 90 % at 2 steps ahead, the number of steps n has
  // E n = 2 (p² − q²) / ((p² + q²)(p − q)) for p = .8, the gambler's ruin between ± 2
  const [p, q] = [0.8, 0.2];
  const expected = (2 * (p ** 2 - q ** 2)) / ((p ** 2 + q ** 2) * (p - q));
  let sum = 0;
  for (let seed = 0; seed < 40; seed++) sum += furtherRecords([pair([p, q])], [0.5, 0.5], 0.9, random(seed))!;
  assert.ok(Math.abs(sum / 40 - expected) < 0.1, `${sum / 40} instead of ${expected}`);
  assert.equal(furtherRecords([pair([p, q])], [0.95, 0.05], 0.9, random(1)), 0);
  assert.equal(furtherRecords([pair([p, p])], [0.5, 0.5], 0.9, random(1)), undefined);
});

test('rewards come back bit for bit', async (t) => {
  const directory = scratchFolder(t);
  const rewards = {
    over: 'given',
    shares: Float64Array.of(2 / 3, 1 / 3),
    values: [Float64Array.of(Math.PI, -0, 1e-300), Float64Array.of(0.1, 0.2, 0.3)],
    features: ['a "b"', 'ü', ''],
  } as const;
  await writeTypeRewards(directory, rewards);
  assert.deepEqual(await readTypeRewards(directory), rewards);
});

for (const policy of ['tabular', 'loglinear']) {
  test(`annotators of the run itself get their own posteriors again: ${policy}`, async (t) => {
    const folder = scratchFolder(t);
    const file = path.join(folder, 'answers.jsonl');
    writeFileSync(file, twoTypes());
    const directory = path.join(folder, 'run');
    const trained = await run([
      'train',
      file,
      '--policy',
      policy,
      '--starts',
      '2',
      '--run-dir',
      directory,
      '--json',
    ]);
    assert.equal(trained.code, 0, trained.stderr);
    const { readPosterior } = await import('../../src/run/posterior');
    const posterior = await readPosterior(directory);
    const ended = await run(['assign', directory, file, '--json']);
    assertCivil(ended);
    assert.equal(ended.code, 0, ended.stderr);
    const assigned = JSON.parse(ended.stdout) as Assignment;
    assert.deepEqual(
      assigned.annotators.map(({ annotator }) => annotator),
      posterior?.annotators,
    );
    assigned.annotators.forEach((each, h) => {
      each.posterior.forEach((gamma, k) => {
        assert.ok(Math.abs(gamma - posterior!.gamma[2 * h + k]) < 1e-9);
      });
    });
    assert.deepEqual(assigned.records, { read: 96, used: 96, unused: {} });
    assert.equal(assigned.responses.unseen, 0);
  });
}

test('responses that a tabular run never saw are left out and counted; the others still tell', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const directory = path.join(folder, 'run');
  assert.equal(
    (await run(['train', file, '--policy', 'tabular', '--starts', '2', '--run-dir', directory])).code,
    0,
  );
  const few = path.join(folder, 'few.jsonl');
  const known = ['The moon pulls.', 'Nobody knows.', 'Wind does it.'];
  const lines = [
    record({
      annotator: 'new',
      prompt: 'Prompt 1',
      responses: [...known, 'Never seen.'],
      ranking: [3, 0, 1, 2],
    }),
    record({ annotator: 'same', prompt: 'Prompt 1', responses: known, ranking: [0, 1, 2] }),
    record({ annotator: 'stranger', prompt: 'Other prompt' }),
  ];
  writeFileSync(few, lines.join('\n'));
  const ended = await run(['assign', directory, few, '--json']);
  assert.equal(ended.code, 0, ended.stderr);
  const { annotators, responses, records, notes, types } = JSON.parse(ended.stdout) as Assignment;
  assert.deepEqual(annotators[0].posterior, annotators[1].posterior);
  assert.deepEqual(
    annotators.map((each) => each.records),
    [1, 1, 0],
  );
  assert.deepEqual(
    annotators[2].posterior,
    types.map(({ share }) => share),
  );
  assert.deepEqual(responses, { distinct: 7, unseen: 4, unusable: 4 });
  assert.equal(records.used, 2);
  assert.match(notes.join(' '), /4 of 7 responses the run never saw/);
  // what was answered already is not asked again
  assert.notEqual(annotators[1].nextQuestion?.prompt, 'Prompt 1');
  assert.equal(annotators[1].nextQuestion?.options.length, 3);
  const words = await run(['assign', directory, few]);
  assertCivil(words);
  assert.match(words.stdout, /ask new to rank all 3/);

  writeFileSync(few, lines[2]);
  const nothing = await run(['assign', directory, few]);
  assertCivil(nothing);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /says anything about the types/);
  writeFileSync(file, twoTypes(12));
  const changed = await run(['assign', directory, few]);
  assert.equal(changed.code, 1);
  assert.match(changed.stderr, /has changed since the run/);
});

test('a log-linear run knows responses that it never saw', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const directory = path.join(folder, 'run');
  assert.equal(
    (await run(['train', file, '--policy', 'loglinear', '--starts', '2', '--run-dir', directory])).code,
    0,
  );
  const few = path.join(folder, 'few.jsonl');
  const order = (annotator: string, ranking: readonly number[]) =>
    record({
      annotator,
      prompt: 'Fresh',
      responses: ['The moon pulls so.', 'Nobody knows it.', 'Wind does it all.'],
      ranking,
    });
  writeFileSync(few, `${order('one', [0, 1, 2])}\n${order('other', [2, 1, 0])}\n`);
  const { stdout } = await run(['assign', directory, few, '--json']);
  const { annotators, responses } = JSON.parse(stdout) as Assignment;
  assert.deepEqual(responses, { distinct: 3, unseen: 3, unusable: 0 });
  assert.notEqual(annotators[0].type, annotators[1].type);
});
