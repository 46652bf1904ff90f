import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../src/protocol/event';
import { paceInWords, perSecond } from '../../webview/pace';
import { addEvent, emptyTraining } from '../../webview/training-state';

const time = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
const em = (ms: number, start: number, iteration: number): RunEvent => ({
  ...{ time: time(ms), type: 'em', types: 2, start, iteration },
  ...{ logLikelihood: -1, objective: -1, shares: [0.5, 0.5], effectiveTypes: 2 },
});
const loss = (ms: number, policy: string, step: number): RunEvent => ({
  ...{ time: time(ms), type: 'loss', policy, round: 1, step, steps: 99 },
  ...{ loss: 0.6, margin: 0, accuracy: 0.5, drift: 0 },
});
const after = (...events: readonly RunEvent[]) => {
  const state = emptyTraining();
  for (const event of events) addEvent(state, event);
  return state;
};

test('iterations a second, over starts and over iterations that are not told', () => {
  const { pace } = after(em(0, 0, 1), em(500, 0, 2), em(1000, 0, 12), em(2000, 1, 9));
  assert.equal(perSecond(pace!), 10); // 11 of the first start and 9 of the next in 2 s
  assert.equal(paceInWords(pace!), '10.0 iterations a second');
});

test('events that come twice, or too close, change or tell nothing', () => {
  const events = [em(0, 0, 1), em(1000, 0, 5), em(2000, 0, 9)];
  assert.deepEqual(after(...events, ...events).pace, after(...events).pace);
  assert.equal(paceInWords(after(em(0, 0, 1), em(20, 0, 4)).pace!), '');
  assert.equal(
    after(...events, { time: time(3000), type: 'phase', phase: 'writing', title: '' }).pace,
    undefined,
  );
});

test('steps of language models are counted, not their rounds; slow ones by the seconds they take', () => {
  const { pace } = after(
    ...[loss(0, 'type 1', 5), loss(4000, 'type 1', 10), em(4500, 0, 1), loss(10_000, 'type 2', 5)],
  );
  assert.equal(perSecond(pace!), 1);
  assert.equal(paceInWords(after(loss(0, 'a', 1), loss(8000, 'a', 3)).pace!), '4.0 seconds a step');
  assert.equal(paceInWords(after(em(0, 0, 1), em(9000, 0, 3)).pace!), '4.5 seconds an iteration');
});

test('only the last half minute counts, and memory is bounded', () => {
  const slow = Array.from({ length: 10 }, (_, i) => em(i * 10_000, 0, i + 1));
  const fast = Array.from({ length: 5000 }, (_, i) => em(100_000 + i * 10, 0, 11 + i));
  const { pace } = after(...slow, ...fast);
  assert.ok(Math.abs(perSecond(pace!)! - 100) < 1, String(perSecond(pace!)));
  assert.ok(pace!.marks.length <= 129);
});
