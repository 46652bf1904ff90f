import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunEventBody } from '../../src/protocol/event';
import { openEvents, readEvents } from '../../src/run/events';
import { runFile } from '../../src/run/run-files';
import { scratchFolder } from './run-files';

const em: RunEventBody = {
  type: 'em',
  types: 2,
  start: 0,
  iteration: 3,
  logLikelihood: -12.5,
  objective: -13,
  shares: [0.6, 0.4],
  effectiveTypes: 1.96,
};

test('events come back as they were written, with their time', async (t) => {
  const directory = scratchFolder(t);
  const writer = openEvents(directory, () => new Date('2026-01-31T12:00:00Z'));
  const written = [
    writer.emit({ type: 'started', pid: 7, types: 2 }),
    writer.emit(em),
    writer.emit({ type: 'cancelled' }),
  ];
  writer.close();
  const { events, unreadable } = await readEvents(directory);
  assert.deepEqual(events, written);
  assert.equal(events[0].time, '2026-01-31T12:00:00.000Z');
  assert.equal(unreadable, 0);
});

test('a run without events has none', async (t) => {
  assert.deepEqual(await readEvents(scratchFolder(t)), {
    events: [],
    next: 0,
    unreadable: 0,
    cutShort: false,
  });
});

test('a truncated last line is left for later, and read once it is complete', async (t) => {
  const directory = scratchFolder(t);
  const writer = openEvents(directory);
  writer.emit({ type: 'warning', code: 'a', message: 'größer als 1 €' });
  writer.close();
  const file = runFile(directory, 'events');
  const line = JSON.stringify({ time: 'now', type: 'failed', message: 'Kein Platz: 10 € über' });
  const cut = Buffer.byteLength(line) - 6; // inside the character ü
  appendFileSync(file, Buffer.from(line).subarray(0, cut));
  const first = await readEvents(directory);
  assert.equal(first.events.length, 1);
  assert.equal(first.unreadable, 0);
  appendFileSync(file, Buffer.concat([Buffer.from(line).subarray(cut), Buffer.from('\n')]));
  const second = await readEvents(directory, first.next);
  assert.deepEqual(second.events, [JSON.parse(line)]);
  assert.deepEqual((await readEvents(directory, second.next)).events, []);
});

test('who goes on after a torn line starts a new one', async (t) => {
  const directory = scratchFolder(t);
  const started = JSON.stringify({ time: 'now', type: 'started', pid: 1, types: 2 });
  writeFileSync(runFile(directory, 'events'), `${started}\n{"time":"now","type":"fin`);
  const writer = openEvents(directory);
  const cancelled = writer.emit({ type: 'cancelled' });
  writer.close();
  const { events, unreadable } = await readEvents(directory);
  assert.deepEqual(events, [JSON.parse(started), cancelled]);
  assert.equal(unreadable, 1);
});

test('lines that are no events are counted and passed over', async (t) => {
  const directory = scratchFolder(t);
  const good = JSON.stringify({ time: 'now', type: 'cancelled' });
  writeFileSync(
    runFile(directory, 'events'),
    `{"time":"now","type":"unheard-of"}\nnonsense\n${good}\n{"time":"now","type":"em","shares":"none"}\n`,
  );
  const { events, unreadable } = await readEvents(directory);
  assert.deepEqual(events, [JSON.parse(good)]);
  assert.equal(unreadable, 3);
});

test('reading in pieces of any size sees every event once', async (t) => {
  const directory = scratchFolder(t);
  const file = runFile(directory, 'events');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 30 }),
      async (messages, pieces) => {
        const lines = messages.map((message) => ({ time: 'now', type: 'failed', message }));
        const bytes = Buffer.from(lines.map((line) => JSON.stringify(line) + '\n').join(''));
        writeFileSync(file, '');
        const seen: unknown[] = [];
        let [written, next] = [0, 0];
        for (const size of [...pieces, bytes.length]) {
          appendFileSync(file, bytes.subarray(written, written + size));
          written = Math.min(bytes.length, written + size);
          const read = await readEvents(directory, next);
          seen.push(...read.events);
          next = read.next;
        }
        assert.deepEqual(seen, lines);
        assert.equal(next, readFileSync(file).length);
      },
    ),
    { numRuns: 30 },
  );
});
