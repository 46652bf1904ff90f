import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dot } from '../../src/compute/conjugate-gradient';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { context } from '../../src/identify/context';
import { blockSpectrum } from '../../src/identify/information/block-spectrum';
import { blocksOf } from '../../src/identify/information/blocks';
import { designInformation } from '../../src/identify/information/design-information';
import { fisherInformation } from '../../src/identify/information/fisher';
import { designModel, gaugeOf } from '../../src/identify/information/model';
import { dividedGroups, shiftsOfParts } from '../../src/identify/information/parts';
import { genericPoint, symmetricPoint } from '../../src/identify/information/points';
import { spectrum } from '../../src/identify/information/spectrum';
import { validateInSteps, validateTable } from '../../src/identify/verdicts';
import { random } from '../../src/random';
import { tableOf } from './mixtures';

/** Records of people who judge the prompts of one of some circles only. */
function circles(sizes: readonly { prompts: number; people: number; records: number }[], seed: number) {
  const source = random(seed);
  return sizes.flatMap(({ prompts, people, records }, c) =>
    Array.from({ length: people }, (_, h) =>
      Array.from({ length: records }, (): CanonicalRecord => {
        const prompt = `circle ${c} prompt ${source.below(prompts)}`;
        const shown = source.shuffle([0, 1, 2, 3]).slice(0, 2 + source.below(2));
        return {
          annotator: `${c}.${h}`,
          prompt,
          responses: shown.map((i) => `${prompt} answer ${i}`),
          ranking: shown.map((_, i) => i).slice(0, 1 + source.below(shown.length)),
        };
      }),
    ).flat(),
  );
}

const circle = fc.record({
  prompts: fc.integer({ min: 1, max: 2 }),
  people: fc.integer({ min: 1, max: 6 }),
  records: fc.integer({ min: 1, max: 3 }),
});

test('the spectrum by blocks is that of the whole matrix', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(circle, { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 1000 }),
      async (sizes, types, opposite, seed) => {
        const made = designModel(context(await tableOf(circles(sizes, seed)), [types]));
        if (made.model.kind !== 'tabular') return;
        const blocks = blocksOf(made);
        const at = opposite && types > 1 ? symmetricPoint : genericPoint;
        const point = at(made.model, made.alternatives, types, seed);
        const options = { seed: 1, budget: 1e12 };
        const { result, information } = blockSpectrum(blocks, point, made.model.parameters, options);
        const whole = fisherInformation(made.design, made.model, point, options);
        assert.ok(information.exact && whole.exact);
        assert.equal(information.outcomes, whole.outcomes);
        const shifts = shiftsOfParts(dividedGroups(made), made.model.parameters);
        const known = [...gaugeOf(made), ...shifts].flatMap((g) =>
          Array.from({ length: types }, (_, k) => {
            const out = new Float64Array(whole.size);
            out.set(g, types - 1 + k * g.length);
            return out;
          }),
        );
        const expected = spectrum(whole, known, types - 1);
        const shiftCount = types * shifts.length;
        assert.equal(result.parameters, expected.parameters + shiftCount);
        assert.equal(result.rank, expected.rank);
        const [largest, ofWhole] = [result.eigenvalues.at(-1)!, expected.eigenvalues.at(-1)!];
        assert.ok(Math.abs(largest - ofWhole) < 1e-10 * ofWhole);
        const open = result.inBlocks.reduce((sum, { open: own }) => sum + own.length, 0);
        assert.equal(open + result.ofShares.length + shiftCount, result.parameters - result.rank);
        for (const v of result.nullVectors) {
          for (let i = 0; i < whole.size; i++)
            assert.ok(Math.abs(dot(whole.matrix.subarray(i * whole.size, (i + 1) * whole.size), v)) < 1e-9);
          for (const g of known.slice(0, types * gaugeOf(made).length)) assert.ok(Math.abs(dot(g, v)) < 1e-7);
        }
        if (result.rank < result.parameters) return;
        assert.ok(Math.abs(result.smallest - expected.smallest) < 1e-12);
        // where it is hardly seen, the inverse magnifies rounding
        if (result.smallest < 1e-6) return;
        const close = (a: number, b: number) => Math.abs(a - b) < 1e-6 * Math.abs(b) + 1e-6;
        result.variance.forEach((value, i) => {
          assert.ok(close(value, expected.variance[i]));
        });
        assert.ok(close(result.shareCovariance, expected.shareCovariance));
        result.shareColumns.forEach((column, k) => {
          column.forEach((value, i) => {
            assert.ok(close(value, expected.shareColumns[k][i]));
          });
        });
        const image = Array.from({ length: whole.size }, (_, i) =>
          dot(whole.matrix.subarray(i * whole.size, (i + 1) * whole.size), result.weakest),
        );
        image.forEach((x, i) => {
          assert.ok(Math.abs(x - result.smallest * result.weakest[i]) < 1e-7);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('a thousand prompts that nobody shares are taken apart prompt by prompt, and all that is open is counted', async () => {
  const prompts = 1000;
  const types = 4;
  const records = Array.from({ length: prompts }, (_, i): CanonicalRecord => ({
    prompt: `prompt ${i}`,
    responses: [0, 1, 2].map((y) => `answer ${y} to ${i}`),
    ranking: [0, 1, 2],
  }));
  const [generic] = designInformation(context(await tableOf(records), [types]));
  assert.equal(generic.method, 'blocks');
  // six orders of each prompt, and no more: the work grows with the prompts, not with their square
  assert.equal(generic.outcomes, 6 * prompts);
  assert.ok(generic.exact);
  assert.equal(generic.parameters, types - 1 + types * 2 * prompts);
  // five of the eight free rewards of a prompt are seen in the frequencies of its six orders, and the shares besides
  assert.equal(generic.rank, 5 * prompts);
  assert.equal(
    generic.open!.reduce((sum, { directions }) => sum + directions, 0),
    generic.parameters - generic.rank,
  );
});

test('checking says how far it is, and stops between two steps', async () => {
  const records = circles([{ prompts: 2, people: 4, records: 2 }], 3);
  const table = await tableOf(records);
  const seen: number[][] = [];
  const watched = {
    information: true,
    onProgress: (done: number, total: number) => seen.push([done, total]),
  };
  const report = await validateInSteps(table, [], watched);
  assert.deepEqual(report, validateTable(table, [], { information: true }));
  assert.equal(seen.length, 11, 'one point for one type, two for each of two to six');
  assertAscends(seen);
  const controller = new AbortController();
  let steps = 0;
  const stopped = validateInSteps(table, [], {
    information: true,
    signal: controller.signal,
    onProgress: () => {
      if (++steps === 3) controller.abort(new Error('enough'));
    },
  });
  await assert.rejects(stopped, /enough/);
  assert.equal(steps, 3);
});

test('checking says how far it is while it reads the words of many texts', async () => {
  const records = Array.from({ length: 5500 }, (_, i) => ({
    annotator: `a${i % 50}`,
    prompt: `p${i}`,
    responses: [`yes ${i}`, `no ${i + 1}`],
    ranking: [0, 1],
  }));
  const seen: number[][] = [];
  await validateInSteps(await tableOf(records), [], {
    information: true,
    types: 1,
    onProgress: (done, total) => seen.push([done, total]),
  });
  assert.equal(seen.length, 2, 'after 10,000 of 11,000 responses, and at the end');
  assertAscends(seen);
});

/** Of steps with one total, the last of which is the end. */
function assertAscends(steps: readonly number[][]): void {
  steps.forEach(([done, total], i) => {
    assert.ok(done > 0 && (i === 0 || done > steps[i - 1][0]), `step ${i}: ${done} of ${total}`);
  });
  const [done, total] = steps.at(-1)!;
  assert.equal(done, total);
}
