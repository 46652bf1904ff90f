import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { annotatorsByWorth, mostWorth } from '../../src/identify/advice/annotators-worth';
import { some } from '../../src/identify/advice/ask-annotators';
import { context } from '../../src/identify/context';
import { along, informationAlong } from '../../src/identify/information/along';
import type { RecordDesign } from '../../src/identify/information/design-patterns';
import { fisherInformation } from '../../src/identify/information/fisher';
import { designModel } from '../../src/identify/information/model';
import { genericPoint } from '../../src/identify/information/points';
import { validateTable } from '../../src/identify/verdicts';
import { random } from '../../src/random';
import { simulateItems, tableOf } from './mixtures';

const REWARDS = [
  [1, 0.3, -0.2, -1.1],
  [-0.8, 0.9, -0.7, 0.6],
];

function annotators(
  who: string,
  people: number,
  recordsEach: number,
  offered: number,
  seed: number,
  rewards: readonly (readonly number[])[] = REWARDS,
) {
  return simulateItems(
    { annotators: people, recordsEach, offered, ranked: offered, shares: [0.5, 0.5], rewards },
    seed,
  ).map((record) => ({ ...record, annotator: `${who}${record.annotator}` }));
}

test('information along a direction is that of the whole matrix, without forming it', async () => {
  const made = designModel(context(await tableOf(annotators('h', 12, 2, 3, 1)), [2]));
  const point = genericPoint(made.model, made.alternatives, 2, 5);
  const { matrix, size } = fisherInformation(made.design, made.model, point, { seed: 1, budget: 1e9 });
  const source = random(2);
  const v = new Float64Array(size).map(() => source.normal());
  const value = informationAlong(point, [along(made.model, v, 2, made.alternatives)]);
  const { design } = made;
  let sum = 0;
  for (let p = 0; p < design.count.length; p++) {
    const own = Array.from(
      design.record.subarray(design.start[p], design.start[p + 1]),
      (d) => design.records[d],
    );
    sum += (design.count[p] / design.annotators) * value(own, source);
  }
  let whole = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) whole += v[i] * matrix[i * size + j] * v[j];
  assert.ok(Math.abs(sum / whole - 1) < 1e-9, `${sum} ${whole}`);
});

test('what further records add is the difference of the information with and without them', () => {
  const record = fc
    .tuple(fc.subarray([0, 1, 2, 3], { minLength: 2 }), fc.integer({ min: 1, max: 2 }))
    .map(([offered, depth]): RecordDesign => ({
      offered: Int32Array.from(offered),
      depth: Math.min(depth, offered.length - 1),
    }));
  const records = fc.array(record, { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(records, records, fc.nat(), (given, more, seed) => {
      fc.pre([...given, ...more].length < 4);
      const source = random(seed);
      const normals = () => new Float64Array(4).map(() => source.normal());
      const point = { shares: [0.3, 0.7], utility: [normals(), normals()] };
      const value = informationAlong(point, [
        { shares: Float64Array.of(0.4, -0.4), utility: [normals(), normals()] },
      ]);
      const added = value([...given, ...more], source, given.length);
      const difference = value([...given, ...more], source) - value(given, source);
      // more than 256 outcomes are drawn
      const outcomes = [...given, ...more].reduce(
        (n, { offered, depth }) => n * (depth === 1 ? offered.length : offered.length * (offered.length - 1)),
        1,
      );
      fc.pre(outcomes <= 256);
      assert.ok(added >= 0 && Math.abs(added - difference) <= 1e-9 * Math.max(1, added));
    }),
  );
});

test('annotators with one record are worth most, and are named', async () => {
  const records = [
    ...annotators('often-', 40, 6, 3, 1),
    ...annotators('twice-', 20, 2, 3, 2),
    ...annotators('once-', 9, 1, 2, 3),
  ];
  const table = await tableOf(records);
  const { advice } = validateTable(table, [], { types: 2, advise: { measure: 'share', value: 0.01 } });
  const chosen = advice?.options.find(({ action }) => action === 'records-of-annotators');
  const few = advice?.options.find(({ action }) => action === 'records-of-few');
  assert.ok(few?.annotators && few.annotators.length === 9);
  assert.ok(few.annotators.every((name) => name.startsWith('once-')));
  assert.match(few.message, /9 annotators with only 1 record .*: “once-a0”, “once-a1” and 7 others\.$/);
  assert.ok(chosen?.annotators && chosen.annotators.length > 0);
  assert.ok(
    chosen.annotators.every((name) => !name.startsWith('often-')),
    chosen.annotators.join(),
  );
  assert.match(
    chosen.message,
    /^Ask “(once|twice)-a\d+”.* for \d more records? each: a judgement of theirs is expected to tell \d+\.\d times/,
  );
  const everybody = advice?.options.find(({ action }) => action === 'more-records');
  assert.ok(chosen.gain !== null && everybody?.gain != null && chosen.gain > everybody.gain);
  assert.equal(everybody.annotators, undefined);
});

test('where all annotators have the same design none is singled out', async () => {
  const same = Array.from({ length: 30 }, (_, h) =>
    [0, 1].map((r) => ({
      annotator: `a${h}`,
      prompt: 'x',
      responses: ['a', 'b', 'c'],
      ranking: r === 0 ? [0, 1, 2] : [2, 1, 0],
    })),
  ).flat();
  const { advice } = validateTable(await tableOf(same), [], {
    types: 2,
    advise: { measure: 'share', value: 0.01 },
  });
  assert.ok(advice && !advice.reached);
  for (const { action, annotators: named } of advice.options) {
    assert.ok(action !== 'records-of-annotators' && action !== 'records-of-few');
    assert.equal(named, undefined);
  }
});

test('people whom nobody can name are not asked for more records', async () => {
  const strangers = annotators('s', 40, 1, 2, 4).map((record) => ({ ...record, annotator: undefined }));
  const { advice } = validateTable(await tableOf(strangers), [], {
    types: 2,
    advise: { measure: 'share', value: 0.05 },
  });
  assert.ok(advice);
  assert.ok(
    advice.options.every(
      ({ action }) => !action.startsWith('more-records') && !action.startsWith('records-of'),
    ),
  );
});

test('pairs that would join what nothing compares are listed, one response of each part', async () => {
  const side = (items: string[], who: string) =>
    Array.from({ length: 20 }, (_, i) => ({
      annotator: `${who}${i}`,
      prompt: 'p',
      responses: items,
      ranking: [i % 3, (i + 1) % 3, (i + 2) % 3],
    }));
  const table = await tableOf([...side(['a', 'b', 'c'], 'x'), ...side(['d', 'e', 'f'], 'y')]);
  const { advice } = validateTable(table, [], { types: 2, advise: { measure: 'share', value: 0.05 } });
  const bridges = advice?.options.find(({ action }) => action === 'bridges');
  assert.ok(bridges?.pairs && bridges.pairs.length > 0);
  for (const pair of bridges.pairs) assert.equal(pair.filter((name) => 'abc'.includes(name)).length, 1);
  assert.match(bridges.message, /such as “[a-f]” with “[a-f]”/);
});

test('patterns are put together by their records where there are very many', async () => {
  const rewards = REWARDS.map((own) => [...own, ...own.map((u) => u / 2)]);
  const people = [
    ...annotators('few-', 150, 2, 3, 5, rewards),
    ...annotators('many-', 150, 5, 3, 6, rewards),
  ];
  const made = designModel(context(await tableOf(people), [2]));
  const point = genericPoint(made.model, made.alternatives, 2, 5);
  const v = new Float64Array(1 + 2 * made.model.parameters).with(0, 1);
  const groups = annotatorsByWorth(made.design, point, [along(made.model, v, 2, made.alternatives)], 1);
  assert.ok(made.design.count.length > 200 && groups.length === 2);
  assert.deepEqual(
    groups.map((group) => group.annotators),
    [150, 150],
  );
  assert.ok(groups[0].worth > groups[1].worth);
  const chosen = mostWorth(groups, 0.1);
  assert.ok(chosen && chosen.annotators === 150 && chosen.times > 1.1);
  assert.equal(mostWorth([groups[0]], 0.1), undefined);
});

test('names are few in a sentence', () => {
  assert.equal(some(['a']), '“a”');
  assert.equal(some(['a', 'b']), '“a” and “b”');
  assert.equal(some(['a', 'b', 'c']), '“a”, “b” and “c”');
  assert.equal(some(['a', 'b', 'c', 'd']), '“a”, “b” and 2 others');
});
