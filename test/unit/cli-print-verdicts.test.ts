import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printVerdicts } from '../../src/cli/print-verdicts';
import type { ScopeVerdict } from '../../src/protocol/validation';

const verdict = (
  types: number,
  scope: ScopeVerdict['scope'],
  given: ScopeVerdict['verdict'],
  because: string,
  assumptions: readonly string[] = [],
): ScopeVerdict => ({
  types,
  scope,
  verdict: given,
  reasons: [],
  because: [because],
  sources: [],
  assumptions,
});

const verdicts = [
  verdict(1, 'finite-mixture', 'sufficient-generic', 'Nothing to tell apart.'),
  verdict(2, 'finite-mixture', 'sufficient-generic', 'Enough were ranked.', ['One type each.']),
  verdict(3, 'finite-mixture', 'necessary-fails', 'Too few were ranked.'),
  verdict(4, 'finite-mixture', 'necessary-fails', 'Too few were ranked.'),
  verdict(5, 'finite-mixture', 'unknown', 'No theorem.'),
  ...[1, 2, 3, 4, 5].map((k) => verdict(k, 'fit', 'necessary-fails', 'It falls apart.')),
];

test('numbers of types with one verdict stand together, and each reason once under its scope', () => {
  const lines = printVerdicts(verdicts, 100).split('\n');
  const at = lines.findIndex((line) => line.startsWith('  finite-mixture'));
  assert.match(lines[at], /: K=1\.\.2 yes\*, K=3\.\.4 fails, K=5 not known$/);
  assert.deepEqual(
    lines.slice(at + 1, at + 5).map((line) => line.trim()),
    [
      'K=1: Nothing to tell apart.',
      'K=2: Enough were ranked.',
      'K=3..4: Too few were ranked.',
      'K=5: No theorem.',
    ],
  );
  const fit = lines.findIndex((line) => line.startsWith('  fit'));
  assert.deepEqual([lines[fit].split(': ')[1], lines[fit + 1].trim()], ['K=1..5 fails', 'It falls apart.']);
});

test('a yes never stands alone: its star leads to the assumptions, and the page is named', () => {
  const text = printVerdicts(verdicts, 100);
  assert.ok(!/\byes(?!\*)/.test(text));
  assert.match(text, /\n {2}\* With enough annotators, and only if/);
  assert.match(text, /\n {4}- One type each\.\n/);
  assert.match(text, /docs\/identifiability\.md$/);
  const without = printVerdicts(
    verdicts.filter((v) => v.verdict !== 'sufficient-generic'),
    100,
  );
  assert.ok(!without.includes('*'));
});

test('lines are no wider than the terminal', () => {
  const long = 'word '.repeat(60).trim();
  const text = printVerdicts([verdict(2, 'fit', 'sufficient-generic', long, [long])], 60);
  for (const line of text.split('\n').slice(1))
    assert.ok(line.length <= 60 || line.startsWith('  fit'), line);
});
