import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkpoints, decodeSnapshot, encodeSnapshot } from '../../src/training/language/checkpoint';
import { filesInMemory } from './language-fixtures';

const columns = {
  gamma: Float64Array.of(0.1, 1 / 3, Number.MIN_VALUE),
  weights: Float32Array.of(1, -0, NaN, 3.4e38),
  cursor: Int32Array.of(-7, 2 ** 31 - 1),
};
const bytesOf = (column: Float32Array | Float64Array | Int32Array) =>
  Buffer.from(column.buffer, column.byteOffset, column.byteLength);

test('a snapshot comes back bit for bit', () => {
  const meta = { round: 3, share: 1 / 3 };
  const back = decodeSnapshot<typeof meta>(encodeSnapshot({ meta, columns }, 'f'), 'f');
  assert.deepEqual(back?.meta, meta);
  for (const [name, column] of Object.entries(columns)) {
    assert.ok(bytesOf(back.columns[name]).equals(bytesOf(column)), name);
  }
});

test('a damaged, cut or foreign snapshot is no snapshot', () => {
  const whole = encodeSnapshot({ meta: 1, columns }, 'f');
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(whole);
      damaged[at] ^= change;
      assert.equal(decodeSnapshot(damaged, 'f'), undefined);
      assert.equal(decodeSnapshot(whole.subarray(0, at), 'f'), undefined);
    }),
  );
  assert.equal(decodeSnapshot(whole, 'another training'), undefined);
});

test('the last two checkpoints are kept, and the older one serves where the newer is damaged', async () => {
  const files = filesInMemory();
  const own = checkpoints<number>(files, 'em', 'f');
  await checkpoints<number>(files, 'pretraining', 'f').save({ meta: 99, columns: {} });
  assert.equal(await own.load(), undefined);
  for (const meta of [1, 2, 3]) await own.save({ meta, columns: {} });
  const names = (await files.list()).filter((name) => name.startsWith('em-')).sort();
  assert.equal(names.length, 2);
  assert.equal((await own.load())?.meta, 3);
  await files.write(names[1], new Uint8Array(10));
  assert.equal((await own.load())?.meta, 2);
  await own.save({ meta: 4, columns: {} });
  assert.equal((await own.load())?.meta, 4);
  assert.equal((await files.list()).length, 3);
});
