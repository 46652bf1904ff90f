/** The parts of the panel that need no browser: numbers as text, sentences, and what events add up to. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { EmEvent, RunEvent } from '../../src/protocol/event';
import type { Candidate } from '../../src/protocol/result';
import {
  chance,
  csv,
  duration,
  fixed,
  nats,
  natsAlike,
  percent,
  scientific,
  shorten,
} from '../../webview/format';
import { choose, costSentence, headline, worstOff, worstOffNames } from '../../webview/regret-words';
import { addEvent, bestStart, emptyTraining, LOG_LENGTH, seriesOf } from '../../webview/training-state';
import { finishedRun } from '../window/fixture';

test('numbers are written with a real minus, aligned decimals and no negative zero', () => {
  assert.equal(fixed(-1234.5, 2), '−1,234.50');
  assert.equal(fixed(-0.0001, 2), '0.00');
  assert.equal(fixed(Number.NaN, 2), 'not a number');
  assert.equal(fixed(-Infinity, 2), '−∞');
  assert.equal(percent(0.4821), '48.2\u00a0%');
  assert.equal(chance(0.9999), '>\u00a099\u00a0%');
  assert.equal(chance(1), '100\u00a0%');
  assert.equal(chance(0.001), '<\u00a01\u00a0%');
  assert.deepEqual([0, 5.514, -34.16].map(natsAlike([0, 5.514, -34.16])), ['0.00', '5.51', '−34.16']);
  assert.equal(nats(0.5), '0.500');
  assert.equal(scientific(3.2e-7), '3.2e−7');
  assert.equal(scientific(4.1e5), '4.1e5');
  assert.equal(scientific(0.123456), '0.123');
  assert.equal(duration(3725), '1 h 02 min');
});

test('shortened text is never longer than asked and never ends inside a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 2, max: 40 }),
      (text, length) => {
        const short = shorten(text, length);
        assert.ok(short.length <= Math.max(length, text.length));
        if (text.length <= length) assert.equal(short, text);
        else assert.ok(short.length <= length && short.endsWith('…') && !/[\uD800-\uDBFF]…$/.test(short));
      },
    ),
  );
});

test('CSV reads back as it was written', () => {
  const cell = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a,b', '"', 'x\r\ny', '\n'));
  const rows = fc.array(fc.tuple(cell, fc.double({ noNaN: true, noDefaultInfinity: true })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(rows, (table) => {
      const read: string[][] = parse(csv(table));
      assert.deepEqual(
        read.map(([text, number]) => [text, Number(number)]),
        table.map(([text, number]) => [text, number + 0]),
      );
    }),
  );
});

const em = (start: number, iteration: number, objective: number): RunEvent & EmEvent => ({
  time: '2026-01-01T00:00:00.000Z',
  type: 'em',
  types: 2,
  start,
  iteration,
  logLikelihood: objective,
  objective,
  shares: [0.5, 0.5],
  effectiveTypes: 2,
});

test('events add up to the same state however often and in whatever order iterations arrive', () => {
  const events = [0, 1].flatMap((start) =>
    Array.from({ length: 8 }, (_, i) => em(start, i, -10 + i * (start + 1))),
  );
  const once = emptyTraining();
  for (const event of events) addEvent(once, event);
  fc.assert(
    fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 32, maxLength: 32 }), (shuffled) => {
      const state = emptyTraining();
      for (const event of shuffled) addEvent(state, event);
      assert.deepEqual(seriesOf(state, 2), seriesOf(once, 2));
      assert.equal(bestStart(seriesOf(state, 2))?.start, 1);
    }),
  );
});

test('two hours of events keep the state small, and the curve keeps its ends', () => {
  const state = emptyTraining();
  for (let i = 0; i < 72_000; i++) {
    addEvent(state, em(0, i, -1000 + i / 1000));
    if (i % 10 === 0) {
      const time = new Date(i * 100).toISOString();
      addEvent(state, { time, type: 'warning', code: 'x', message: `warning ${i}` });
    }
  }
  const [{ points }] = seriesOf(state, 2);
  assert.ok(points.length <= 1000);
  assert.equal(points[0].iteration, 0);
  assert.equal(points[points.length - 1].iteration, 71_999);
  assert.equal(state.log.length, LOG_LENGTH);
});

test('sentences say who loses, how much, and when all lose alike', () => {
  const { result } = finishedRun({ annotators: 30 });
  assert.ok(result);
  const candidate = (kind: Candidate['kind'], name: string, regret: number[]): Candidate => ({
    kind,
    name,
    regret,
    worst: Math.max(...regret),
  });
  const plain = candidate('plain-dpo', 'plain DPO', [0.1, 0.2, 0.9]);
  const mixture = candidate('mixture', 'mixture', [0.4, 0.4, 0.4]);
  const logLinear = candidate('loglinear', 'log-linear', [0.3, -0.1, 0.3]);
  const run = { ...result, candidates: [plain, mixture, logLinear] };
  const choices = choose(run, 'mixture');
  assert.equal(choices.fair, mixture);
  assert.equal(choices.fairest, logLinear);
  assert.deepEqual(worstOff(logLinear), [0, 2]);
  assert.equal(worstOffNames(mixture, run.types), 'all types alike');
  assert.equal(worstOffNames(candidate('type', 'x', [0, -1, 0]), run.types), 'nobody');
  assert.equal(
    headline(run, choices),
    'Under plain DPO, Type 3 loses most, 0.900 nats. Under the fair policy of this run (mixture), all types lose alike, 0.400 nats. Fairest of all candidates: Log-linear, with 0.300 nats at worst.',
  );
  assert.match(
    costSentence(run, 2, choices),
    /costs it 0\.400 nats against its own policy, 0\.500 less than plain DPO does \(0\.900\)\.$/,
  );
  assert.match(costSentence(run, 0, choices), /0\.300 more than plain DPO does \(0\.100\)\.$/);
  assert.match(
    costSentence(run, 1, choose({ ...run, candidates: [logLinear] }, 'loglinear')),
    /suits it better than its own policy, by 0\.100 nats\.$/,
  );
});
