import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { checkpointFolder } from '../../src/run/checkpoint-folder';
import { numberCache } from '../../src/run/number-cache';
import { checkpoints } from '../../src/training/language/checkpoint';

async function scratch(t: { after: (work: () => Promise<void>) => void }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'emdpo-files-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('checkpoints in a folder: two are kept, half-written files are never read and are cleared away', async (t) => {
  const folder = path.join(await scratch(t), 'checkpoint');
  const files = checkpointFolder(folder);
  assert.deepEqual(await files.list(), []);
  const own = checkpoints<number>(files, 'em', 'f');
  await own.save({ meta: 1, columns: { gamma: Float64Array.of(1 / 3) } });
  await writeFile(path.join(folder, '.em-000009.checkpoint.abc.part'), 'half');
  assert.equal((await own.load())?.meta, 1);
  await own.save({ meta: 2, columns: {} });
  await own.save({ meta: 3, columns: {} });
  assert.deepEqual((await readdir(folder)).sort(), ['em-000002.checkpoint', 'em-000003.checkpoint']);
  assert.equal((await checkpoints<number>(checkpointFolder(folder), 'em', 'f').load())?.meta, 3);
});

test('a folder that cannot be is a sentence', async (t) => {
  const file = path.join(await scratch(t), 'file');
  await writeFile(file, '');
  await assert.rejects(checkpointFolder(file).write('a', new Uint8Array(1)), /cannot be written because/);
});

test('numbers come back exactly, and a damaged line is as if it were not there', async (t) => {
  const file = path.join(await scratch(t), 'cache', 'reference.txt');
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
  const first = await numberCache(file);
  assert.equal(first.get(a), undefined);
  await first.put([
    [a, -1 / 3],
    [b, -5e-324],
    [c, NaN],
  ]);
  await writeFile(file, `${a} ${-1 / 3}\nrubbish\n${b} x\n`);
  const again = await numberCache(file);
  assert.equal(again.get(a), -1 / 3);
  assert.equal(again.get(b), undefined);
  await again.put([[b, 2]]);
  const third = await numberCache(file);
  assert.deepEqual([third.get(a), third.get(b), third.get(c)], [-1 / 3, 2, undefined]);
});
