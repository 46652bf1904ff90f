import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainKernel } from '../../src/compute/kernels/plain-kernel';
import { compiledKernel } from '../../src/compute/kernels/wasm/compiled-kernel';
import { useThreads } from '../../src/compute/kernels/wasm/machine';
import { SOURCES } from '../../src/compute/kernels/wasm/compiled';
import { sourcesOf } from '../../scripts/kernels.mjs';
import { assertNear, everything, observed, type Shape } from './kernel-checks';

const anyShape = fc.record({
  prompts: fc.integer({ min: 1, max: 5 }),
  alternatives: fc.integer({ min: 2, max: 7 }),
  rankings: fc.integer({ min: 1, max: 40 }),
  largest: fc.integer({ min: 2, max: 7 }),
  ties: fc.boolean(),
  seed: fc.nat(1000),
});

test('compiled kernels compute what their twin in TypeScript does', () => {
  fc.assert(
    fc.property(anyShape, fc.constantFrom(0.1, 1, 8, 60, 200), (shape, scale) => {
      const problem = observed(shape);
      const compiled = compiledKernel(problem);
      assert.ok(compiled);
      assertNear(
        everything(compiled, problem, scale, 1),
        everything(plainKernel(problem), problem, scale, 1),
      );
    }),
    { numRuns: 200 },
  );
});

const LARGE: readonly (Shape & { what: string })[] = [
  { what: 'items', prompts: 1, alternatives: 30, rankings: 20_000, largest: 9, ties: false, seed: 3 },
  {
    what: 'items with ties',
    prompts: 1,
    alternatives: 30,
    rankings: 30_000,
    largest: 4,
    ties: true,
    seed: 4,
  },
  { what: 'prompts', prompts: 4000, alternatives: 4, rankings: 30_000, largest: 4, ties: false, seed: 5 },
];

for (const { what, ...shape } of LARGE) {
  test(`problems cut into parts: ${what}. Any number of threads gives the same bits`, () => {
    const problem = observed(shape);
    const run = () => {
      const compiled = compiledKernel(problem);
      assert.ok(compiled);
      return everything(compiled, problem, 1, 2);
    };
    const alone = run();
    assertNear(alone, everything(plainKernel(problem), problem, 1, 2));
    try {
      for (const threads of [2, 3, 5]) {
        useThreads(threads);
        for (let i = 0; i < 2; i++) assert.deepEqual(run(), alone);
      }
    } finally {
      useThreads(1);
    }
  });
}

test('features gone through from four places at once give what TypeScript computes', () => {
  // groups of several prompts and of one, which four do not divide, and with different numbers of responses
  const problem = observed({ prompts: 43, alternatives: 7, rankings: 150, largest: 5, ties: false, seed: 7 });
  for (const dimensions of [63, 300, 1169]) {
    const compiled = compiledKernel(problem);
    assert.ok(compiled);
    assertNear(
      everything(compiled, problem, 0.05, 3, dimensions),
      everything(plainKernel(problem), problem, 0.05, 3, dimensions),
    );
  }
});

test('rankings of three, two at a time, give what TypeScript computes', () => {
  const problem = observed({ prompts: 9, alternatives: 6, rankings: 301, largest: 3, ties: false, seed: 8 });
  const compiled = compiledKernel(problem);
  assert.ok(compiled);
  assertNear(everything(compiled, problem, 2, 4), everything(plainKernel(problem), problem, 2, 4));
});

test('features that are given to a kernel leave those that it had before', () => {
  const problem = observed({ prompts: 9, alternatives: 4, rankings: 60, largest: 4, ties: false, seed: 9 });
  const { alternatives, count } = problem.rankings;
  const features = (dimensions: number) => ({
    dimensions,
    values: Float32Array.from({ length: alternatives * dimensions }, (_, i) => Math.sin(i * dimensions)),
  });
  const compiled = compiledKernel(problem);
  assert.ok(compiled);
  compiled.weigh(new Float64Array(count).fill(1));
  const [few, many] = [3, 20];
  const first = compiled.linear(features(few));
  const before = new Float64Array(few);
  const value = first.gradient(new Float64Array(few).fill(0.3), before);
  compiled.linear(features(many)).gradient(new Float64Array(many).fill(0.1), new Float64Array(many));
  const after = new Float64Array(few);
  assert.equal(first.gradient(new Float64Array(few).fill(0.3), after), value);
  assert.deepEqual(after, before);
});

test('the kernels are compiled from the sources that are there', () => {
  assert.equal(SOURCES, sourcesOf('kernels'), 'node scripts/kernels.mjs compiles them anew');
});
