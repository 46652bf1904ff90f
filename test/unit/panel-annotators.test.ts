import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PosteriorTable } from '../../src/protocol/panel';
import { crowdOf, dominant, listed } from '../../webview/annotators/crowd';
import { HEIGHT, pointOf, spots } from '../../webview/annotators/ternary';

const probabilities = (types: number) =>
  fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: types, maxLength: types })
    .filter((w) => w.some((x) => x > 1e-6))
    .map((w) => w.map((x) => x / w.reduce((a, b) => a + b)));

const tableOf = (rows: readonly (readonly number[])[], types: number): PosteriorTable => ({
  annotators: rows.map((_, h) => `annotator ${h}`),
  gamma: rows.flat(),
  entropy: rows.map((row) => -row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0)),
  types,
  total: rows.length,
});
const posteriors = (types: number) =>
  fc.array(probabilities(types), { maxLength: 60 }).map((rows) => tableOf(rows, types));

test('the order holds everybody once, types one after the other, the surest of each first', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }).chain((types) => posteriors(types)),
      (posterior) => {
        const { order, place, gamma, types } = crowdOf(posterior, []);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          posterior.annotators.map((_, h) => h),
        );
        order.forEach((h, i) => {
          assert.equal(place[h], i);
        });
        for (let i = 1; i < order.length; i++) {
          const [a, b] = [order[i - 1], order[i]];
          const [of, next] = [dominant(gamma, types, a), dominant(gamma, types, b)];
          assert.ok(of < next || (of === next && gamma[a * types + of] >= gamma[b * types + next]));
        }
      },
    ),
  );
});

test('a search finds those whose names hold the text, and sorting loses nobody', () => {
  const crowd = crowdOf(
    {
      annotators: ['Zoë 10', 'zoë 9', 'Ada'],
      ...{ gamma: [0.5, 0.5, 0.1, 0.9, 0.8, 0.2], entropy: [0.69, 0.33, 0.5], types: 2, total: 3 },
    },
    ['one', 'two'],
  );
  assert.deepEqual(listed(crowd, 'type', ''), [2, 0, 1]);
  assert.deepEqual(listed(crowd, 'unsure', ''), [0, 2, 1]);
  assert.deepEqual(listed(crowd, 'name', ' ZOË '), [1, 0], 'digits count as numbers');
  assert.deepEqual(listed(crowd, 'name', 'nobody'), []);
});

test('corners, middle and edges of the triangle are where probabilities say', () => {
  const close = (a: { x: number; y: number }, x: number, y: number) => {
    assert.ok(Math.hypot(a.x - x, a.y - y) < 1e-12, `${a.x}, ${a.y}`);
  };
  close(pointOf([1, 0, 0]), 0, 0);
  close(pointOf([0, 1, 0]), 1, 0);
  close(pointOf([0, 0, 1]), 0.5, HEIGHT);
  close(pointOf([1 / 3, 1 / 3, 1 / 3]), 0.5, HEIGHT / 3);
  close(pointOf([0.5, 0, 0.5]), 0.25, HEIGHT / 2);
});

test('the distance to the side opposite a corner is the probability of its type', () => {
  fc.assert(
    fc.property(probabilities(3), (p) => {
      const { x, y } = pointOf(p);
      const third = y / HEIGHT;
      const second = x - third / 2;
      assert.ok(Math.abs(third - p[2]) < 1e-9 && Math.abs(second - p[1]) < 1e-9);
      assert.ok(Math.abs(1 - second - third - p[0]) < 1e-9);
    }),
  );
});

test('spots hold everybody once, within a step of their own place, and stay few', () => {
  fc.assert(
    fc.property(posteriors(3), fc.integer({ min: 1, max: 30 }), ({ gamma, annotators }, steps) => {
      const order = annotators.map((_, h) => h);
      const found = spots(gamma, order, steps);
      assert.deepEqual(
        found.flatMap(({ members }) => members).sort((a, b) => a - b),
        order,
      );
      assert.ok(found.length <= ((steps + 1) * (steps + 2)) / 2);
      for (const { p, members } of found) {
        assert.ok(Math.abs(p[0] + p[1] + p[2] - 1) < 1e-9);
        for (const h of members)
          for (let k = 0; k < 3; k++) assert.ok(Math.abs(gamma[3 * h + k] - p[k]) <= 2 / steps + 1e-9);
      }
    }),
  );
  assert.equal(spots([0.98, 0.01, 0.01, 0.97, 0.02, 0.01, 0, 0, 1], [0, 1, 2], 10)[0].members.length, 2);
});
