import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { RunResult } from '../../src/protocol/result';
import { readNamedResult, withTypeNames } from '../../src/run/named-result';
import { writeResult } from '../../src/run/result';
import { readTypeNames, writeTypeNames } from '../../src/run/type-names';
import { finishedRun } from '../window/fixture';
import { assertCivil, run as emdpo } from './cli-run';
import { scratchFolder } from './run-files';

const result = finishedRun().result!;

test('names are kept beside the result, which stays as it is byte for byte', async (t) => {
  const directory = scratchFolder(t);
  await writeResult(directory, result);
  const before = readFileSync(path.join(directory, 'result.json'));
  assert.equal(await readTypeNames(directory, 3), undefined);
  await writeTypeNames(directory, ['  wants it\nshort ', null, 'قصير 👩‍💻']);
  assert.deepEqual(await readTypeNames(directory, 3), ['wants it short', null, 'قصير 👩‍💻']);
  const named = (await readNamedResult(directory))!;
  assert.deepEqual(
    named.types.map(({ name }) => name),
    ['wants it short', 'Type 2', 'قصير 👩‍💻'],
  );
  assert.deepEqual(readFileSync(path.join(directory, 'result.json')), before);
  await writeTypeNames(directory, ['', ' ', 'Type 3']);
  assert.equal(existsSync(path.join(directory, 'names.json')), false);
});

test('a name that would mislead is refused with a sentence, and nothing is written', async (t) => {
  const directory = scratchFolder(t);
  await assert.rejects(writeTypeNames(directory, ['a']), /has no result yet, so no types to name\.$/);
  await writeResult(directory, result);
  const refused: [(string | null)[], RegExp][] = [
    [['a', null], /The run has 3 types; 2 names were given\./],
    [['same', null, 'Same'], /Two types cannot both be called “Same”\./],
    [['type 2', null, null], /“type 2” could be taken for type 2\./],
    [[null, 'x'.repeat(61), null], /The name of type 2 is longer than 60 characters\./],
    [[null, null, 'a\u202eb'], /The name of type 3 holds characters that cannot be seen\./],
  ];
  for (const [names, sentence] of refused) await assert.rejects(writeTypeNames(directory, names), sentence);
  assert.equal(existsSync(path.join(directory, 'names.json')), false);
});

test('a damaged file of names, and one of another number of types, say so', async (t) => {
  const directory = scratchFolder(t);
  const file = path.join(directory, 'names.json');
  writeFileSync(file, '{"schema": 1, "types": ["a", 2]}');
  await assert.rejects(readTypeNames(directory, 2), /names\.json is damaged at "types\.1"/);
  writeFileSync(file, '{"schema": 1, "types": ["a"]}');
  await assert.rejects(readTypeNames(directory, 2), /names 1 types, but the run has 2\. Name them again\./);
});

test('names stand wherever the run speaks of its own types, and nowhere else', () => {
  const alarm = { code: 'x', message: 'Type 1 and Type 12 are small; “Type 1” is what Ada wrote.' };
  const own: RunResult = {
    ...result,
    candidates: [
      { name: 'Type 1', kind: 'type', regret: [0, 1, 1], worst: 1 },
      { name: 'mixture', kind: 'mixture', regret: [1, 1, 1], worst: 1 },
    ],
    alarms: [alarm],
    known: undefined,
    comparison: {
      yardstick: 'fitted',
      types: ['Type 1', 'Type 2'],
      groups: ['Type 1'],
      heldOutRecords: 0,
      notes: [],
    },
  };
  const { candidates, alarms, comparison } = withTypeNames(own, ['terse', null, null]);
  assert.deepEqual(
    candidates.map(({ name }) => name),
    ['terse', 'mixture'],
  );
  assert.equal(alarms[0].message, 'terse and Type 12 are small; “Type 1” is what Ada wrote.');
  assert.deepEqual(comparison?.types, ['terse', 'Type 2']);
  assert.deepEqual(comparison.groups, ['terse']);
  // by the simulated truth, “Type 1” is a name of the data
  const judged = {
    ...own,
    known: result.known,
    comparison: { ...own.comparison!, yardstick: 'true' as const },
  };
  assert.deepEqual(withTypeNames(judged, ['terse', null, null]).comparison, judged.comparison);
  assert.equal(withTypeNames(own, undefined), own);
});

test('emdpo name prints the types, and refuses what names none', async (t) => {
  const directory = scratchFolder(t);
  await writeResult(directory, result);
  const named = await emdpo(['name', directory, '2=the full = picture', '1=terse']);
  assert.equal(named.code, 0, named.stderr);
  assert.match(named.stdout, /^terse .*\n?the full = picture/m);
  assert.match((await emdpo(['name', directory, '1='])).stdout, /^Type 1 /m);
  const refused = await emdpo(['name', directory, '4=x']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /“4=x” names no type: write N=NAME, with N from 1 to 3\./);
  assertCivil(refused);
});
