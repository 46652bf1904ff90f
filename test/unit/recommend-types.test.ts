import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { RunResult } from '../../src/protocol/result';
import type { ScopeVerdict } from '../../src/protocol/validation';
import { recommendation } from '../../src/run/recommend-types';
import { assertCivil, run, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

function verdict(types: number, scope: ScopeVerdict['scope'], word: ScopeVerdict['verdict']): ScopeVerdict {
  const because = [`Reason about ${types} types.`];
  return { types, scope, verdict: word, reasons: [], because, sources: [], assumptions: [] };
}

const INPUT = { tried: [1, 2, 3, 4], best: 3, smallest: 2, verdicts: [] } as const;

test('the fewest types within one standard error are recommended where theory allows them', () => {
  const free = recommendation({ ...INPUT, policy: 'tabular' });
  assert.equal(free.types, 2);
  assert.ok(free.canTell);
  assert.match(
    free.reasons.join(' '),
    /3 types are best for annotators held out, but 2 fall short by no more/,
  );
});

test('what theory rules out is not recommended, whatever its likelihood', () => {
  const verdicts = [
    verdict(2, 'finite-mixture', 'unknown'),
    verdict(3, 'finite-mixture', 'necessary-fails'),
    verdict(4, 'finite-mixture', 'necessary-fails'),
  ];
  const { types, canTell, reasons } = recommendation({ ...INPUT, smallest: 3, policy: 'tabular', verdicts });
  assert.equal(types, 2);
  assert.ok(canTell);
  assert.match(reasons[0], /speak for 3 types, but these data cannot tell 3 apart: Reason about 3 types\.$/);
});

test('single pairs say nothing about a log-linear policy’s types, but may about a mixture over items', () => {
  const verdicts = [2, 3, 4].flatMap((k) => [
    verdict(k, 'nonparametric', 'necessary-fails'),
    verdict(k, 'finite-mixture', 'unknown'),
  ]);
  const linear = recommendation({ ...INPUT, policy: 'loglinear', verdicts });
  assert.deepEqual([linear.types, linear.canTell], [1, false]);
  assert.match(
    linear.reasons[0],
    /^These data cannot tell types apart for a loglinear policy: Reason about 2/,
  );
  const items = recommendation({ ...INPUT, policy: 'tabular', verdicts });
  assert.deepEqual([items.types, items.canTell], [2, true]);
});

test('a best that is the largest tried says that more may be better', () => {
  const { reasons } = recommendation({ ...INPUT, best: 4, smallest: 4, policy: 'tabular' });
  assert.match(reasons.at(-1)!, /largest number that was tried/);
});

test('train --types auto chooses, tells the table, and uses what it recommends', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  writeFileSync(file, twoTypes());
  const ended = await run(['train', file, '--types', 'auto', '--starts', '2', '--json']);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  const { fit, types, selection, recommendation: advised } = JSON.parse(ended.stdout) as RunResult;
  assert.equal(fit.types, 2);
  assert.equal(types.length, 2);
  assert.equal(advised?.types, 2);
  assert.ok(selection.length >= 3);
  assert.deepEqual(
    selection.map((row) => row.types),
    selection.map((_, i) => i + 1),
  );
  const best = selection.find((row) => row.types === advised.best)!;
  assert.equal(best.behindBest, 0);
  for (const row of selection) assert.ok(row.behindBest! >= 0 && row.heldOut! <= best.heldOut!);

  const listed = await run(['train', file, '--types', '3,2', '--starts', '2', '--json']);
  assert.equal(listed.code, 0, listed.stderr);
  const two = JSON.parse(listed.stdout) as RunResult;
  // plain DPO is fitted beside the numbers asked for, but cannot be chosen
  assert.deepEqual(
    two.selection.map((row) => row.types),
    [1, 2, 3],
  );
  assert.equal(two.fit.types, 2);

  const bad = await run(['train', file, '--types', 'many']);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /whole number from 1 to 64/);
});
