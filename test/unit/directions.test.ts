import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { context } from '../../src/identify/context';
import { spectrumAt } from '../../src/identify/information/design-information';
import { describeDirections } from '../../src/identify/information/directions';
import { factoredSpectrum } from '../../src/identify/information/factored-spectrum';
import { fisherInformation } from '../../src/identify/information/fisher';
import { lanczosSpectrum } from '../../src/identify/information/lanczos';
import { designModel, gaugeOf, type DesignModel } from '../../src/identify/information/model';
import { openPieces } from '../../src/identify/information/open-pieces';
import { placesOf } from '../../src/identify/information/places';
import { genericPoint, symmetricPoint } from '../../src/identify/information/points';
import type { MixturePoint } from '../../src/identify/information/scores';
import { sparseInformation } from '../../src/identify/information/sparse-scores';
import type { Spectrum } from '../../src/identify/information/spectrum';
import type { OpenDirection } from '../../src/protocol/validation';
import { random } from '../../src/random';
import { tableOf } from './mixtures';

interface Asked {
  /** Annotators of this name, and how many. */
  readonly who: string;
  readonly people: number;
  readonly prompts: readonly string[];
  readonly records: number;
  /** Responses offered of `of`, and places ranked. */
  readonly offered: number;
  readonly ranked: number;
  readonly of?: number;
}

/** Records of a design; the answers do not matter, only who was shown what. */
function collected(groups: readonly Asked[], seed = 1): CanonicalRecord[] {
  const source = random(seed);
  return groups.flatMap(({ who, people, prompts, records, offered, ranked, of = 3 }) =>
    Array.from({ length: people }, (_, h) =>
      Array.from({ length: records }, (_, r): CanonicalRecord => {
        const prompt = prompts[(h + r) % prompts.length];
        const shown = source.shuffle(Array.from({ length: of }, (_, i) => i)).slice(0, offered);
        return {
          annotator: `${who}${h}`,
          prompt,
          responses: shown.map((i) => `answer ${i} to ${prompt}`),
          ranking: shown.map((_, i) => i).slice(0, ranked),
        };
      }),
    ).flat(),
  );
}

type Road = 'full' | 'factored' | 'lanczos';
const ROADS: readonly Road[] = ['full', 'factored', 'lanczos'];
const OPTIONS = { seed: 1, budget: 1e8 };

/** The directions of a design as each way to its spectrum tells them. */
function openOn(made: DesignModel, point: MixturePoint, road: Road): OpenDirection[] {
  const { result } = spectrumAt(made, point);
  if (road === 'full') return describeDirections(made, point, result);
  const size = point.shares.length - 1 + point.shares.length * made.model.parameters;
  const known = [...(result.known ?? [])];
  const gauge = [
    ...Array.from(point.shares.keys()).flatMap((k) =>
      gaugeOf(made).map((g) => {
        const whole = new Float64Array(size);
        whole.set(g, point.shares.length - 1 + k * made.model.parameters);
        return whole;
      }),
    ),
    ...known,
  ];
  const ends =
    road === 'factored'
      ? factoredSpectrum(fisherInformation(made.design, made.model, point, OPTIONS), gauge, 1)
      : lanczosSpectrum(sparseInformation(made.design, made.model, point, OPTIONS), gauge, 1);
  const spectrum: Spectrum = { ...ends, nullVectors: [...ends.nullVectors, ...known], known };
  return describeDirections(made, point, spectrum);
}

async function designOf(records: Iterable<CanonicalRecord>, types: number): Promise<DesignModel> {
  return designModel(context(await tableOf(records), [types]));
}

const generic = (made: DesignModel, types: number): MixturePoint =>
  genericPoint(made.model, made.alternatives, types, 3);
const symmetric = (made: DesignModel, types: number): MixturePoint =>
  symmetricPoint(made.model, made.alternatives, types, 3);

const core: Asked = { who: 'often', people: 60, prompts: ['one', 'two'], records: 5, offered: 3, ranked: 3 };
const single: Asked = { who: 'single', people: 60, prompts: ['x'], records: 1, offered: 2, ranked: 2, of: 4 };
const triple: Asked = { who: 'triple', people: 30, prompts: ['x'], records: 1, offered: 3, ranked: 3, of: 4 };
const lonely = (prompt: string, people: number): Asked => ({
  who: `once on ${prompt} `,
  people,
  prompts: [prompt],
  records: 1,
  offered: 2,
  ranked: 2,
  of: 2,
});

const patternsOf = (open: readonly OpenDirection[]) => open.map(({ pattern }) => pattern);

for (const road of ROADS) {
  test(`prompts that nothing ties to the rest are named, with who judged them (${road})`, async () => {
    for (const types of [2, 3]) {
      const made = await designOf(collected([core, lonely('twelve', 20), lonely('forty-seven', 25)]), types);
      const [direction, ...others] = openOn(made, generic(made, types), road);
      assert.deepEqual(others, []);
      assert.equal(direction.pattern, 'types');
      assert.match(direction.message, types === 2 ? /^types 1 and 2 cannot/ : /^types 1, 2 and 3 cannot/);
      assert.match(direction.message, /which only 45 annotators who compared a single pair each judged/);
      assert.match(direction.message, /nothing ties the prompts “twelve”, “forty-seven” to the rest/);
      assert.deepEqual([...direction.about.names].sort(), ['forty-seven', 'twelve']);
      assert.deepEqual(direction.annotators, [{ kind: 'one-pair', count: 45 }]);
      // 60 × 5 records come first, then 20 on one of the prompts
      assert.deepEqual(direction.positions, [
        { line: 301, column: 1 },
        { line: 321, column: 1 },
      ]);
      assert.ok(direction.mass.shares < 1e-9);
    }
  });

  test(`annotators who gave a single pair cannot separate two opposite types (${road})`, async () => {
    const made = await designOf(collected([single]), 2);
    const [direction, ...others] = openOn(made, symmetric(made, 2), road);
    assert.deepEqual(others, []);
    assert.match(
      direction.message,
      /^types 1 and 2 cannot be separated on 60 annotators who compared a single pair each, which is everybody/,
    );
    assert.ok(!direction.message.includes('nothing ties'));
    if (road !== 'lanczos') assert.equal(direction.directions, 3);
  });

  test(`with rankings of three among the single pairs nothing is said to be inseparable (${road})`, async () => {
    const made = await designOf(collected([single, triple]), 2);
    for (const point of [generic(made, 2), symmetric(made, 2)]) {
      const [direction, ...others] = openOn(made, point, road);
      assert.deepEqual(others, []);
      assert.ok(!/cannot be separated|nothing ties| open /.test(direction.message), direction.message);
      assert.match(
        direction.message,
        /% of what is known about it comes from 30 annotators who gave one ranking each/,
      );
      const parts = direction.annotators.map(({ part }) => part ?? 0);
      assert.ok(Math.abs(parts[0] + parts[1] - 1) < 1e-9 && parts[0] > parts[1]);
    }
  });

  test(`responses of one prompt that nothing compares are named, and what they miss (${road})`, async () => {
    const apart = (h: number): CanonicalRecord[] =>
      [
        ['a', 'b', 'c'],
        ['d', 'e', 'f'],
      ].flatMap((responses) =>
        [0, 1, 2].map(() => ({ annotator: `h${h}`, prompt: 'x', responses, ranking: [0, 1, 2] })),
      );
    const made = await designOf(Array.from({ length: 20 }, (_, h) => apart(h)).flat(), 2);
    const [direction, ...others] = openOn(made, generic(made, 2), road);
    assert.deepEqual(others, []);
    assert.equal(direction.pattern, 'parts');
    assert.equal(direction.directions, 2);
    assert.match(direction.message, /^nothing ties “d”, “e”, “f” to “a”, “b”, “c”: nobody compared/);
  });
}

test('in a third type that is nobody’s opposite the first two are still inseparable on single pairs', async () => {
  const made = await designOf(collected([single]), 3);
  const open = openOn(made, symmetric(made, 3), 'full');
  const inseparable = open.filter(({ pattern }) => pattern === 'types');
  assert.deepEqual(
    inseparable.map(({ types }) => types),
    [[1, 2]],
  );
  for (const other of open.filter(({ pattern }) => pattern === 'other'))
    assert.match(
      other.message,
      /combinations? of the shares of the types and the rewards .* largest for “answer/,
    );
});

test('prompts judged by people who judged others too are not said to be untied', async () => {
  const made = await designOf(
    collected([
      core,
      lonely('twelve', 20),
      {
        ...core,
        who: 'both',
        people: 3,
        prompts: ['one', 'twelve'],
        of: 2,
        offered: 2,
        ranked: 2,
        records: 2,
      },
    ]),
    2,
  );
  for (const { message } of openOn(made, generic(made, 2), 'full'))
    assert.ok(!message.includes('nothing ties'), message);
});

test('equal types: neither how their shares split nor what divides them is seen', async () => {
  const made = await designOf(collected([{ ...core, people: 40 }]), 3);
  const random = generic(made, 3);
  const equal: MixturePoint = {
    ...random,
    utility: [random.utility[0], random.utility[1], random.utility[1]],
  };
  const open = openOn(made, equal, 'full');
  assert.deepEqual(patternsOf(open).sort(), ['shares', 'types']);
  for (const { types } of open) assert.deepEqual(types, [2, 3]);
  assert.match(open.find(({ pattern }) => pattern === 'shares')!.message, /joint share of types 2 and 3/);
  assert.deepEqual(patternsOf(openOn(made, random, 'full')), ['other']);
});

/** Rankings of three with named features made from two normal numbers. */
function withFeatures(make: (a: number, b: number) => Record<string, number>): CanonicalRecord[] {
  const source = random(5);
  return Array.from({ length: 120 }, (_, i) => ({
    annotator: `h${i % 40}`,
    prompt: `p${i}`,
    responses: ['a', 'b', 'c'].map((x) => `${x}${i}`),
    ranking: [0, 1, 2],
    features: Array.from({ length: 3 }, () => make(source.normal(), source.normal())),
  }));
}

for (const road of ROADS) {
  test(`features that always change together are named with their combination, others not (${road})`, async () => {
    const collinear = await designOf(
      withFeatures((a, b) => ({ length: a, words: 2 * a, tone: b })),
      2,
    );
    for (const point of [generic(collinear, 2), symmetric(collinear, 2)]) {
      const [direction, ...others] = openOn(collinear, point, road);
      assert.deepEqual(others, []);
      assert.equal(direction.pattern, 'features');
      assert.equal(direction.directions, 2);
      assert.deepEqual([...direction.about.names].sort(), ['length', 'words']);
      assert.match(direction.message, /cannot be told apart: 0\.71·“\w+” − 0\.71·“\w+” never differs/);
    }
    const constant = await designOf(
      withFeatures((a, b) => ({ length: a, tone: b, language: 0 })),
      2,
    );
    const [direction] = openOn(constant, generic(constant, 2), road);
    assert.match(
      direction.message,
      /^the feature “language” never differs between responses that were compared/,
    );
    const independent = await designOf(
      withFeatures((a, b) => ({ length: a, tone: b })),
      2,
    );
    assert.deepEqual(patternsOf(openOn(independent, generic(independent, 2), road)), ['other']);
  });
}

/** What a sentence says of annotators and prompts, counted again in the records. */
function assertTrueOf(records: readonly CanonicalRecord[], { about, annotators, message }: OpenDirection) {
  if (about.kind !== 'prompts' || about.count > about.names.length) return;
  const byAnnotator = new Map<string | undefined, CanonicalRecord[]>();
  for (const record of records)
    byAnnotator.set(record.annotator, [...(byAnnotator.get(record.annotator) ?? []), record]);
  const judges = [...byAnnotator.values()].filter((own) =>
    own.some(({ prompt }) => about.names.includes(prompt)),
  );
  const counted = (kind: string): number => annotators.find((each) => each.kind === kind)?.count ?? 0;
  if (annotators.length > 0) {
    assert.equal(
      annotators.reduce((sum, { count }) => sum + count, 0),
      judges.length,
    );
    const one = judges.filter((own) => own.length === 1);
    assert.equal(counted('one-pair'), one.filter(([{ responses }]) => responses.length === 2).length);
    const many = judges.filter((own) => own.length > 1);
    assert.equal(
      counted('pairs'),
      many.filter((own) => own.every(({ responses }) => responses.length === 2)).length,
    );
  }
  const elsewhere = judges.filter((own) => own.some(({ prompt }) => !about.names.includes(prompt)));
  if (message.includes('nothing ties')) assert.deepEqual(elsewhere, []);
}

test('pieces of open directions are without information, whatever the design, and none is lost', async () => {
  const group = fc.record({
    prompts: fc.subarray(['one', 'two', 'three', 'four'], { minLength: 1 }),
    people: fc.integer({ min: 1, max: 6 }),
    records: fc.integer({ min: 1, max: 3 }),
    shape: fc.constantFrom({ offered: 2, ranked: 2 }, { offered: 3, ranked: 1 }, { offered: 3, ranked: 3 }),
  });
  const designs = fc.record({
    groups: fc.array(group, { minLength: 1, maxLength: 4 }),
    types: fc.integer({ min: 2, max: 3 }),
    worst: fc.boolean(),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(designs, async ({ groups, types, worst, seed }) => {
      const asked = groups.map(({ shape, ...rest }, i) => ({ ...rest, ...shape, who: `g${i}-` }));
      // two people more who share prompts: else nobody may, and features take over
      const records = collected([...asked, { ...core, people: 2, records: 2 }], seed);
      const made = await designOf(records, types);
      if (made.model.kind !== 'tabular') return;
      const point = (worst ? symmetric : generic)(made, types);
      const { result, information } = spectrumAt(made, point);
      if (!information.exact) return;
      const { matrix, size } = fisherInformation(made.design, made.model, point, OPTIONS);
      const known = result.known?.length ?? 0;
      const open = result.nullVectors.slice(0, result.nullVectors.length - known);
      const pieces = openPieces(made, placesOf(made), open, types);
      const largest = result.eigenvalues.at(-1)!;
      for (const { basis } of pieces) {
        for (const v of basis) {
          let along = 0;
          for (let i = 0; i < size; i++)
            for (let j = 0; j < size; j++) along += v[i] * matrix[i * size + j] * v[j];
          assert.ok(along < 1e-9 * largest, `${along} of ${largest}`);
        }
      }
      assert.equal(
        pieces.reduce((sum, { basis }) => sum + basis.length, 0),
        open.length,
      );
      for (const direction of describeDirections(made, point, result)) {
        if (open.length + known === 0)
          assert.ok(direction.pattern !== 'parts' && !/cannot|nothing ties/.test(direction.message));
        else if (direction.pattern !== 'parts') assertTrueOf(records, direction);
      }
    }),
    { numRuns: 30 },
  );
});

test('a feature touches the annotators in whose records it differs', async () => {
  const asked = (annotator: string, features: number[][]): CanonicalRecord => ({
    annotator,
    prompt: `to ${annotator}`,
    responses: ['a', 'b'],
    ranking: [0, 1],
    features,
  });
  // the first feature of what this one sees is the same, but not that of another response to the prompt
  const some: CanonicalRecord = {
    ...asked('some', [
      [2, 3],
      [2, 5],
    ]),
    prompt: 'to first',
    responses: ['b', 'c'],
  };
  const records = [
    asked('first', [
      [1, 3],
      [2, 3],
    ]),
    asked('second', [
      [5, 1],
      [5, 3],
    ]),
    asked('both', [
      [0, 1],
      [4, 0],
    ]),
    some,
  ];
  const made = designModel(context(await tableOf(records), [1]));
  const places = placesOf(made);
  const touched = (about: number[]) =>
    Array.from(made.design.patternOf, (pattern) => places.touching(about)(pattern));
  assert.deepEqual(touched([0]), [true, false, true, false]);
  assert.deepEqual(touched([1]), [false, true, true, true]);
  assert.deepEqual(touched([0, 1]), [true, true, true, true]);
});
