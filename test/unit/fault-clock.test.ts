import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openEvents, readEvents } from '../../src/run/events';
import { forwardClock } from '../../src/run/forward-clock';
import { scratchFolder } from './run-files';

test('times never go back, however the clock is set, and steps forward keep their length', () => {
  const day = 86_400_000;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -day, max: day }), { minLength: 2, maxLength: 30 }), (steps) => {
      let clock = Date.parse('2026-01-31T12:00:00Z');
      const time = forwardClock(() => new Date(clock));
      let last = Date.parse(time());
      for (const step of steps) {
        clock += step;
        const next = Date.parse(time());
        assert.equal(next - last, Math.max(0, step));
        last = next;
      }
    }),
  );
});

test('events of a run that goes on are not before those that are there', async (t) => {
  const directory = scratchFolder(t);
  const first = openEvents(directory, () => new Date('2026-06-01T12:00:00Z'));
  const { time } = first.emit({ type: 'started', pid: 1 });
  first.close();
  const earlier = () => new Date('2025-06-01T12:00:00Z');
  const second = openEvents(directory, earlier, time);
  second.emit({ type: 'started', pid: 2, resumed: true });
  second.close();
  const { events } = await readEvents(directory);
  assert.deepEqual(
    events.map((event) => event.time),
    [time, time],
  );
});
