import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalLine, type CanonicalRecord } from '../../src/dataset/canonical-line';
import { readText } from '../../src/dataset/read';
import { context } from '../../src/identify/context';
import { maybeDrawnIndependently } from '../../src/identify/draws';
import { validateTable } from '../../src/identify/verdicts';
import type { ScopeVerdict } from '../../src/protocol/validation';
import { random } from '../../src/random';

const read = async (records: readonly CanonicalRecord[]) => {
  const text = records.map((record) => canonicalLine(record) + '\n').join('');
  const { table } = await readText(text, { name: 'designed.jsonl' });
  assert.equal(table.records, records.length);
  return table;
};

async function verdict(
  records: readonly CanonicalRecord[],
  scope: ScopeVerdict['scope'],
  types: number,
): Promise<ScopeVerdict> {
  const { verdicts } = validateTable(await read(records), [], { types });
  const found = verdicts.find((v) => v.scope === scope);
  assert.ok(found);
  return found;
}

interface Featured extends CanonicalRecord {
  readonly features: number[][];
}

/** The records with their features made over; without an answer, without features. */
const withFeatures = (
  records: readonly Featured[],
  make?: (features: readonly number[]) => number[],
): CanonicalRecord[] => records.map((record) => ({ ...record, features: make && record.features.map(make) }));

/** Records on prompts that nobody else sees, with standard normal features. */
function fresh(annotators: number, each: number, options: number, ranked: number, d = 2): Featured[] {
  const draw = random(3, annotators, each, options);
  return Array.from({ length: annotators * each }, (_, i) => ({
    annotator: `a${Math.floor(i / each)}`,
    prompt: `prompt ${i}`,
    responses: Array.from({ length: options }, (_, y) => `response ${y}`),
    ranking: Array.from({ length: ranked }, (_, y) => y),
    features: Array.from({ length: options }, () => Array.from({ length: d }, () => draw.normal())),
  }));
}

test('the favourite of three, with features that differ in all directions, passes and names what it takes for granted', async () => {
  for (const types of [2, 3, 6]) {
    const found = await verdict(fresh(40, 1, 3, 1), 'nonparametric', types);
    assert.equal(found.verdict, 'sufficient-generic');
    assert.match(found.sources.join(), /Theorem 4\.2/);
    for (const about of [/linear/, /Carleman/, /open set/, /independent of the prompts/])
      assert.ok(
        found.assumptions.some((a) => about.test(a)),
        String(about),
      );
  }
});

test('Theorem 4.2 is not used where its conditions are seen to fail', async () => {
  const is = async (records: readonly CanonicalRecord[], because: RegExp, types = 2) => {
    const found = await verdict(records, 'nonparametric', types);
    assert.equal(found.verdict, 'unknown');
    assert.match(found.because.join(' '), because);
  };
  const threes = fresh(40, 1, 3, 1);
  await is(withFeatures(threes), /the file gives none/);
  await is(fresh(40, 3, 2, 1), /No choice set offers three/);
  await is(
    withFeatures(threes, ([x]) => [x, 2 * x]),
    /1 of 2 directions/,
  );
  await is(
    withFeatures(threes, ([x, z]) => [x, z > 0 ? 1 : 0]),
    /two values only/,
  );
  const one = { ...threes[0], features: [[0, 0], [1, 0.3], [-0.4, 2]] }; // prettier-ignore
  const again = Array.from({ length: 40 }, (_, i) => ({ ...one, annotator: `a${i}` }));
  await is(again, /2 independent frequencies/);
});

test('one pair a person fails for any distribution and for linear rewards, and the reason is Lemma 4.1', async () => {
  const pairs = fresh(40, 1, 2, 1);
  for (const scope of ['nonparametric', 'linear-reward'] as const) {
    const found = await verdict(pairs, scope, 2);
    assert.equal(found.verdict, 'necessary-fails');
    assert.deepEqual(found.reasons, ['identify/single-pairs']);
    assert.match(found.sources.join(), /Lemma 4\.1/);
  }
  assert.notEqual((await verdict(pairs, 'finite-mixture', 2)).verdict, 'necessary-fails');
});

test('2K − 1 records each on fresh prompts with features identify K types, one fewer is not enough', async () => {
  for (const types of [2, 3]) {
    const enough = await verdict(fresh(30, 2 * types - 1, 2, 1), 'finite-mixture', types);
    assert.equal(enough.verdict, 'sufficient-generic');
    assert.match(enough.sources.join(), /Vandermeulen/);
    assert.ok(enough.assumptions.some((a) => a.includes('drawn at random')));
    assert.equal((await verdict(fresh(30, 2 * types - 2, 2, 1), 'finite-mixture', types)).verdict, 'unknown');
  }
});

test('without features, annotators who share nothing fail: a tabular policy has nothing that links them', async () => {
  const records = withFeatures(fresh(30, 5, 3, 2));
  const found = await verdict(records, 'finite-mixture', 2);
  assert.equal(found.verdict, 'necessary-fails');
  assert.deepEqual(found.reasons, ['identify/no-shared-prompts']);
});

/** Every pair of n items asked `times` times, by another person each time. */
const singlePairs = (n: number, times = 2): CanonicalRecord[] => {
  const records: CanonicalRecord[] = [];
  for (let t = 0; t < times; t++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const annotator = `a${records.length}`;
        records.push({ annotator, prompt: 'p', responses: [`item ${i}`, `item ${j}`], ranking: [t % 2] });
      }
    }
  }
  return records;
};

test('single pairs over shared items: two types where every pair of five or more is asked, and not more by this theorem', async () => {
  const two = await verdict(singlePairs(6), 'finite-mixture', 2);
  assert.equal(two.verdict, 'sufficient-generic');
  assert.match(two.sources.join(), /Zhang/);
  const missing = await verdict(
    singlePairs(6).filter(({ responses }) => String(responses) !== 'item 0,item 1'),
    'finite-mixture',
    2,
  );
  assert.deepEqual([missing.verdict, missing.reasons], ['unknown', ['identify/single-pairs']]);
});

test('fewer frequencies than parameters fail: four items have 6 pairs, two types 7 parameters', async () => {
  const four = await verdict(singlePairs(4), 'finite-mixture', 2);
  assert.equal(four.verdict, 'necessary-fails');
  assert.match(four.because.join(), /6 independent frequencies/);
  // 15 frequencies of 6 items; three types have 2 + 3·5 = 17 parameters
  assert.equal((await verdict(singlePairs(6), 'finite-mixture', 3)).verdict, 'necessary-fails');
  assert.equal((await verdict(singlePairs(7), 'finite-mixture', 3)).verdict, 'unknown');
});

/** `each` of these questions to every annotator, drawn without repetition. */
function dealt(annotators: number, questions: readonly string[][], each: number): CanonicalRecord[] {
  const draw = random(9, annotators, each);
  const all = questions.map((_, q) => q);
  return Array.from({ length: annotators }, (_, a) =>
    draw
      .shuffle(all.slice())
      .slice(0, each)
      .map((q) => ({
        annotator: `a${a}`,
        prompt: 'p',
        responses: questions[q],
        ranking: draw.shuffle(questions[q].map((_, y) => y)).slice(0, questions[q].length - 1),
      })),
  ).flat();
}
const pairsOf = (n: number) => singlePairs(n, 1).map(({ responses }) => [...responses]);

test('three pairs each on shared items identify two types, five are needed for three', async () => {
  const triangle = pairsOf(3);
  const three = await verdict(dealt(20, triangle, 3), 'finite-mixture', 2);
  assert.equal(three.verdict, 'sufficient-generic');
  assert.match(three.sources.join(), /Allman/);
  assert.ok(three.assumptions.some((a) => a.includes('independent')));
  assert.equal((await verdict(dealt(20, triangle, 2), 'finite-mixture', 2)).verdict, 'unknown');
  assert.deepEqual((await verdict(dealt(20, triangle, 3), 'finite-mixture', 3)).reasons, ['identify/few-records']); // prettier-ignore
  assert.equal((await verdict(dealt(20, pairsOf(4), 6), 'finite-mixture', 3)).verdict, 'sufficient-generic');
});

test('people who judged different parts of a list are linked through what they have in common', async () => {
  const table = await read(dealt(300, pairsOf(6), 5));
  const links = context(table, [2]).links(2);
  assert.deepEqual([links.shared, links.determined, links.all], [15, 15, true]);
  assert.ok(links.core >= 3 && links.support >= 3 && links.support < 300);
});

test('two groups that judged nothing in common are not linked', async () => {
  const ours = dealt(20, pairsOf(3), 3);
  const theirs = ours.map((r) => ({ ...r, annotator: `b${r.annotator}`, prompt: 'q' }));
  const table = await read([...ours, ...theirs]);
  const links = context(table, [2]).links(2);
  assert.deepEqual([links.shared, links.determined, links.all], [6, 3, false]);
  assert.equal((await verdict([...ours, ...theirs], 'finite-mixture', 2)).verdict, 'unknown');
});

test('views of too few outcomes for K types are not enough, however many people judged them', async () => {
  const table = await read(dealt(50, pairsOf(3), 3));
  const { links } = context(table, [2, 3]);
  assert.equal(links(2).all, true);
  assert.equal(links(3).determined, 0);
});

test('ties: a tied pair is no record, and a tie hides nothing from the rankings that fail', async () => {
  const tie = (a: string) => ({ annotator: a, prompt: 'p', responses: ['A', 'B'], ranking: [[0, 1]] });
  const pair = (a: string) => ({ annotator: a, prompt: 'p', responses: ['A', 'B'], ranking: [0] });
  const found = await verdict([pair('u'), tie('u'), tie('u'), pair('v'), tie('v')], 'nonparametric', 2);
  assert.deepEqual(found.reasons, ['identify/single-pairs']);
  const tied = ['u', 'v'].map((annotator) => ({ annotator, prompt: 'p', responses: ['A', 'B', 'C', 'D', 'E', 'F'], ranking: [[0, 1], 2, 3, 4, 5] })); // prettier-ignore
  assert.notEqual((await verdict(tied, 'finite-mixture', 2)).verdict, 'necessary-fails');
  const nothing = await verdict([tie('u'), tie('v')], 'nonparametric', 2);
  assert.equal(nothing.verdict, 'unknown');
});

test('a linear reward of one type is determined by full rank; of several it is left to the other scopes', async () => {
  const records = fresh(10, 6, 3, 2);
  assert.equal((await verdict(records, 'linear-reward', 1)).verdict, 'sufficient-generic');
  const two = await verdict(records, 'linear-reward', 2);
  assert.equal(two.verdict, 'unknown');
  assert.match(two.because.join(), /10 of 10 annotators see all directions/);
  const one = await verdict(fresh(10, 1, 3, 2, 5), 'linear-reward', 2);
  assert.match(one.because.join(), /No annotator sees all directions alone/);
});

test('questions dealt without repetition are told from questions drawn independently', async () => {
  const questions = pairsOf(5);
  const draw = random(21);
  const drawn = Array.from({ length: 400 }, (_, i) => ({
    annotator: `a${i % 50}`,
    prompt: 'p',
    responses: questions[draw.below(questions.length)],
    ranking: [0],
  }));
  const asked = async (records: readonly CanonicalRecord[]) => {
    const table = await read(records);
    return maybeDrawnIndependently(table, context(table, [2]).questions);
  };
  assert.equal(await asked(drawn), true);
  assert.equal(await asked(dealt(50, questions, 8)), false);
  assert.equal(await asked(fresh(20, 5, 2, 1)), true, 'fresh questions cannot repeat');
});
