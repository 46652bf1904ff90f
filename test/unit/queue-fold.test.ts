import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldQueue } from '../../src/run/queue/fold';
import type { QueueLists } from '../../src/run/queue/fold';
import type { QueueChange } from '../../src/run/queue/queue-event';
import { manifest } from './run-files';

const request = manifest.experiment;
const added = (id: string): QueueChange => ({ type: 'added', id, file: `/data/${id}.jsonl`, request });
const fold = (...changes: QueueChange[]) =>
  foldQueue(changes.map((change) => ({ time: '2026-01-31T12:00:00.000Z', ...change })));
const ids = ({ waiting, started, ended }: QueueLists) =>
  [waiting, started, ended].map((each) => each.map(({ id }) => id).join(' '));

test('experiments wait in the order in which they were added', () => {
  assert.deepEqual(ids(fold(added('a'), added('b'), added('c'))), ['a b c', '', '']);
});

test('one is moved before another, last, or to the head where that one waits no more', () => {
  const three = [added('a'), added('b'), added('c')];
  assert.deepEqual(ids(fold(...three, { type: 'moved', id: 'c', before: 'a' }))[0], 'c a b');
  assert.deepEqual(ids(fold(...three, { type: 'moved', id: 'a' }))[0], 'b c a');
  assert.deepEqual(ids(fold(...three, { type: 'moved', id: 'b', before: 'b' }))[0], 'a b c');
  const taken = fold(
    ...three,
    { type: 'started', id: 'a', run: 'run-a' },
    { type: 'moved', id: 'c', before: 'a' },
  );
  assert.deepEqual(ids(taken), ['c b', 'a', '']);
});

test('of taking out and starting the first wins', () => {
  const started: QueueChange = { type: 'started', id: 'a', run: 'run-a' };
  const removed: QueueChange = { type: 'removed', id: 'a' };
  assert.deepEqual(ids(fold(added('a'), removed, started)), ['', '', '']);
  assert.deepEqual(ids(fold(added('a'), started, removed)), ['', 'a', '']);
});

test('what is over can be taken off the list, and is not added or started again', () => {
  const over: QueueChange[] = [
    added('a'),
    { type: 'started', id: 'a', run: 'run-a' },
    { type: 'ended', id: 'a', state: 'failed', message: 'No.' },
  ];
  assert.deepEqual(ids(fold(...over, { type: 'started', id: 'a', run: 'run-b' }, added('a'))), ['', '', 'a']);
  assert.deepEqual(ids(fold(...over, { type: 'removed', id: 'a' }, added('a'))), ['', '', '']);
  const [entry] = fold(...over).ended;
  assert.deepEqual([entry.state, entry.message, entry.run], ['failed', 'No.', 'run-a']);
});

test('one that was interrupted is next and keeps its run', () => {
  const lists = fold(
    added('a'),
    added('b'),
    { type: 'started', id: 'a', run: 'run-a' },
    { type: 'interrupted', id: 'a' },
  );
  assert.deepEqual(ids(lists), ['a b', '', '']);
  assert.equal(lists.waiting[0].run, 'run-a');
});

test('whatever the changes, an experiment is in one place, and only removed ones are nowhere', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const change: fc.Arbitrary<QueueChange> = fc.oneof(
    { weight: 3, arbitrary: id.map(added) },
    fc.record({ type: fc.constant('removed' as const), id }),
    fc.record({ type: fc.constant('moved' as const), id, before: fc.option(id, { nil: undefined }) }),
    fc.record({ type: fc.constant('started' as const), id, run: fc.constant('run') }),
    fc.record({ type: fc.constant('ended' as const), id, state: fc.constant('finished' as const) }),
    fc.record({ type: fc.constant('interrupted' as const), id }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const { waiting, started, ended } = fold(...changes);
      const all = [...waiting, ...started, ...ended].map((entry) => entry.id);
      assert.equal(new Set(all).size, all.length);
      for (const each of new Set(changes.filter(({ type }) => type === 'added').map((one) => one.id))) {
        const since = changes.slice(changes.findIndex((one) => one.type === 'added' && one.id === each));
        const asked = since.some((one) => one.type === 'removed' && one.id === each);
        if (!asked) assert.ok(all.includes(each), each);
      }
      // the next change moves one experiment at most: the others keep their order
      const rest = waiting.slice(1).map((entry) => entry.id);
      if (waiting.length > 0) {
        const after = fold(...changes, { type: 'moved', id: waiting[0].id }).waiting;
        assert.deepEqual(
          after.slice(0, -1).map((entry) => entry.id),
          rest,
        );
      }
    }),
    { numRuns: 300 },
  );
});
