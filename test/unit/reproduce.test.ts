import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { firstDifference } from '../../src/run/reproduce/differences';
import { assertCivil, run, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

test('a run is reproduced bit for bit; a change of one bit anywhere is found', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const directory = path.join(folder, 'run');
  const train = [
    'train',
    file,
    '--policy',
    'loglinear',
    '--starts',
    '2',
    '--seed',
    '7',
    '--run-dir',
    directory,
  ];
  assert.equal((await run(train)).code, 0);

  const same = await run(['reproduce', directory]);
  assertCivil(same);
  assert.equal(same.code, 0, same.stderr);
  assert.match(same.stdout, /the same, bit for bit/);

  const copy = path.join(folder, 'copy');
  const changed = async (name: string, change: (bytes: Buffer) => Buffer) => {
    rmSync(copy, { recursive: true, force: true });
    cpSync(directory, copy, { recursive: true });
    const inside = path.join(copy, name);
    writeFileSync(inside, change(readFileSync(inside)));
    return firstDifference(directory, copy);
  };
  const text = (from: RegExp, to: string) => (bytes: Buffer) => {
    const before = bytes.toString();
    const after = before.replace(from, to);
    assert.notEqual(after, before);
    return Buffer.from(after);
  };
  assert.equal(await changed('result.json', text(/"seconds": [^,\n]+/, '"seconds": 1e9')), undefined);
  const share = await changed('result.json', text(/"share": 0\.(\d+)/, '"share": 0.1$1'));
  assert.equal(share?.place, 'types[0].share');
  assert.equal(
    (await changed('result.json', text(/"beta": 0.1/, '"new": 1, "beta": 0.1')))?.before,
    'nothing',
  );
  assert.equal((await changed('posterior.csv', text(/annotator 1,/, 'annotator x,')))?.place, 'line 3');
  const entry = await changed('iterations.json', text(/"value":\d/, '"value":7'));
  assert.match(entry?.place ?? '', /^entries\[0\]\.regret\.value$/);
  rmSync(path.join(copy, 'iterations.json'));
  assert.equal((await firstDifference(directory, copy))?.file, 'iterations.json');
  assert.equal(await firstDifference(copy, directory), undefined, 'of a run that an earlier version made');
  const bit = await changed('policies/types.safetensors', (bytes) => {
    bytes[bytes.length - 1] ^= 1;
    return bytes;
  });
  assert.equal(bit?.file, path.join('policies', 'types.safetensors'));
  const length = readFileSync(path.join(directory, 'policies/types.safetensors')).length;
  assert.equal(bit.place, `byte ${length - 1}`);
  const cut = await changed('policies/types.safetensors', (bytes) => bytes.subarray(0, -1));
  assert.equal(cut?.after, 'the end');

  rmSync(path.join(directory, 'policies'), { recursive: true });
  const differs = await run(['reproduce', directory, '--json']);
  assertCivil(differs);
  assert.equal(differs.code, 1);
  const { same: isSame, difference } = JSON.parse(differs.stdout) as {
    same: boolean;
    difference: { file: string; before: string };
  };
  assert.equal(isSame, false);
  assert.equal(difference.before, 'no such file');
  writeFileSync(file, twoTypes(12));
  const gone = await run(['reproduce', directory]);
  assertCivil(gone);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /has changed since the run/);
});
