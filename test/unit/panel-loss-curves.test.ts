import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HeldOutEvent, LossEvent, RunEvent } from '../../src/protocol/event';
import { lossCurves } from '../../webview/loss-curves';
import { addEvent, emptyTraining, rankByShare } from '../../webview/training-state';

const loss = (policy: string, round: number, step: number, steps = 10, value = 2): LossEvent => ({
  ...{ type: 'loss', policy, round, step, steps },
  ...{ loss: value, margin: 0, accuracy: 0.5, drift: 0 },
});
const eStep = (round: number, logLikelihood = -100): HeldOutEvent => ({
  ...{ type: 'heldOut', round, logLikelihood, crossFitted: true },
  ...{ shares: [0.4, 0.6], effectiveTypes: 2, moved: 0.1 },
});

test('policies of a round start together, halves follow each other, and the last training is one of its own', () => {
  const { points, stages, policies } = lossCurves([
    ...[loss('type 1', 1, 10), loss('type 1', 1, 5), loss('type 2', 1, 8)],
    eStep(1),
    ...[loss('type 1', 2, 3), loss('type 2', 2, 4)],
    eStep(2),
    ...[loss('type 1', 0, 1, 30), loss('plain DPO', 0, 2, 40)],
  ]);
  assert.deepEqual(policies, ['type 1', 'type 2', 'plain DPO']);
  assert.deepEqual(
    stages.map(({ from, to, title }) => [from, to, title]),
    [
      [0, 20, 'round 1'],
      [20, 30, 'round 2'],
      [30, 70, 'final'],
    ],
  );
  assert.deepEqual(
    points.map(({ policy, at }) => `${policy} ${at}`),
    ['type 1 10', 'type 1 15', 'type 2 8', 'type 1 23', 'type 2 24', 'type 1 31', 'plain DPO 32'],
  );
  const lines = points.map(({ line }) => line);
  assert.equal(lines[0], lines[4], 'a round goes on from the one before');
  assert.notEqual(lines[4], lines[5]);
});

test('starts that are tried are lines of their own', () => {
  const { points, stages } = lossCurves([
    ...[loss('type 1', 1, 1), eStep(1), loss('type 1', 1, 1), eStep(1, -90), loss('type 1', 2, 1), eStep(2)],
  ]);
  assert.deepEqual(
    stages.map(({ title }) => title),
    ['round 1', 'start 2', 'round 2'],
  );
  assert.equal(new Set(points.map(({ line }) => line)).size, 3);
});

/** The events of a run with their times, as a run writes them: two halves of two types a round. */
function written(rounds: number, steps: number): RunEvent[] {
  let at = 0;
  const bodies = Array.from({ length: rounds }, (_, r) => [
    ...['type 1', 'type 1', 'type 2', 'type 2'].flatMap((policy) =>
      Array.from({ length: steps }, (_, s) => loss(policy, r + 1, s + 1, steps, 3 - ++at / 1000)),
    ),
    eStep(r + 1, -100 + r),
  ]).flat();
  return bodies.map((body, i) => ({ time: new Date(i * 1000).toISOString(), ...body }));
}

const shown = (events: readonly RunEvent[]) => {
  const state = emptyTraining();
  for (const event of events) addEvent(state, event);
  return state.language.map((event) => ({ ...event, time: undefined }));
};

test('events that come twice, from a snapshot and as notices, are shown once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(60),
      (rounds, steps, back) => {
        const events = written(rounds, steps);
        assert.deepEqual(shown([...events, ...events.slice(-back - 1)]), shown(events));
      },
    ),
  );
});

test('a resumed run shows what it would have shown had it never been stopped', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(30), (stop, lost) => {
      const whole = written(3, 5);
      const reached = 1 + (stop % (whole.length - 1));
      const checkpoint = Math.max(0, reached - lost);
      const resumed: RunEvent = {
        time: new Date(1e7).toISOString(),
        ...{ type: 'started', pid: 1, resumed: true },
      };
      const again = whole
        .slice(checkpoint)
        .map((event, i) => ({ ...event, time: new Date(2e7 + i).toISOString() }));
      assert.deepEqual(shown([...whole.slice(0, reached), resumed, ...again]), shown(whole));
    }),
  );
});

test('a training that goes on in its middle keeps what came before its checkpoint', () => {
  const steps = [1, 4, 8, 12].map((step, i) => ({
    time: new Date(i).toISOString(),
    ...loss('type 1', 2, step, 20, 2 - i / 10),
  }));
  const resumed: RunEvent = { time: new Date(50).toISOString(), type: 'started', pid: 1, resumed: true };
  const after = { time: new Date(60).toISOString(), ...loss('type 1', 2, 7, 20, 1.85) };
  const seen = shown([...steps, resumed, after]);
  assert.deepEqual(
    seen.map((event) => event.type === 'loss' && event.step),
    [1, 4, 7],
  );
});

test('memory stays bounded however many losses come, and the newest is kept', () => {
  const state = emptyTraining();
  for (let step = 1; step <= 30_000; step++)
    addEvent(state, { time: new Date(step).toISOString(), ...loss('type 1', 1, step, 30_000, 1 / step) });
  assert.ok(state.language.length <= 8001, String(state.language.length));
  const newest = state.language.at(-1);
  assert.equal(newest?.type === 'loss' && newest.step, 30_000);
});

test('types are placed by the shares of the round that the result was made from', () => {
  const rounds = [{ shares: [0.2, 0.5, 0.3] }, { shares: [0.5, 0.1, 0.4] }];
  assert.deepEqual(rankByShare(rounds), [0, 2, 1]);
  const types = [0.5, 0.3, 0.2].map((share, k) => ({
    ...{ name: `Type ${k + 1}`, share, annotators: 1, liked: [], disliked: [] },
  }));
  assert.deepEqual(rankByShare(rounds, { types }), [2, 0, 1]);
});
