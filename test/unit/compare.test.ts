import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { alignTypes } from '../../src/run/compare/alignment';
import type { ComparedRun } from '../../src/run/compare/compared-run';
import { metrics } from '../../src/run/compare/metrics';
import type { BootstrapSummary } from '../../src/protocol/stability';
import type { RunComparison } from '../../src/protocol/comparison';
import { assertCivil, run, twoTypes } from './cli-run';
import { manifest, scratchFolder } from './run-files';
import { finishedRun } from '../window/fixture';

/** A run whose annotators have these posteriors. */
function runOf(
  names: readonly string[],
  gamma: readonly (readonly number[])[],
  shares: readonly number[],
): ComparedRun {
  const { result } = finishedRun();
  assert.ok(result);
  return {
    directory: '/runs/one',
    label: 'one',
    name: 'one',
    manifest,
    result: {
      ...result,
      types: shares.map((share, k) => ({ ...result.types[0], name: `Type ${k + 1}`, share })),
    },
    posterior: {
      annotators: names,
      gamma: gamma.flat(),
      entropy: names.map(() => 0),
      types: shares.length,
      total: names.length,
    },
  };
}

test('a run whose types only have other numbers matches itself, and nobody moved', () => {
  const rows = fc.array(fc.constantFrom([0.9, 0.1, 0], [0.1, 0.8, 0.1], [0, 0.05, 0.95]), {
    minLength: 6,
    maxLength: 20,
  });
  fc.assert(
    fc.property(rows, fc.constantFrom([0, 1, 2], [1, 2, 0], [2, 1, 0]), (gamma, order) => {
      const all = [...gamma, [0.9, 0.1, 0], [0.1, 0.8, 0.1], [0, 0.05, 0.95]];
      const names = all.map((_, h) => `a${h}`);
      const before = runOf(names, all, [0.5, 0.3, 0.2]);
      const after = runOf(
        names.toReversed(),
        all.toReversed().map((row) => order.map((k) => row[k])),
        order.map((k) => [0.5, 0.3, 0.2][k]),
      );
      const { types, moved, adjustedRand, annotators } = alignTypes(before, after);
      assert.deepEqual(
        types.map(({ type }) => order[type! - 1]),
        [0, 1, 2],
      );
      assert.ok(types.every(({ baselineShare, share }) => baselineShare === share));
      assert.deepEqual(moved, []);
      assert.equal(adjustedRand, 1);
      assert.equal(annotators, all.length);
    }),
  );
});

test('whatever the order of types, runs align as they do in any other order, and everybody is counted once', () => {
  const row = fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100)).map((raw) => {
    // no two are equal: which type a tied annotator is counted to depends on the order
    const weights = raw.map((value, k) => value + 1 + k / 8);
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((value) => value / sum);
  });
  const rows = fc.array(fc.tuple(row, row), { minLength: 4, maxLength: 25 });
  const orders = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(rows, orders, (pairs, order) => {
      const names = pairs.map((_, h) => `a${h}`);
      const shares = [0.4, 0.3, 0.2, 0.1];
      const before = runOf(
        names,
        pairs.map(([gamma]) => gamma),
        shares,
      );
      const after = pairs.map(([, gamma]) => gamma);
      const plain = alignTypes(before, runOf(names, after, shares));
      const other = alignTypes(
        before,
        runOf(
          names,
          after.map((gamma) => order.map((k) => gamma[k])),
          order.map((k) => shares[k]),
        ),
      );
      const kept = ({ types }: typeof plain) =>
        types.reduce((sum, type, k) => sum + type.kept * mass(pairs, k), 0);
      // several matchings may be equally good, but none is better
      assert.ok(Math.abs(kept(plain) - kept(other)) < 1e-9 * pairs.length);
      for (const { flow, types, moved, movedTotal, annotators } of [plain, other]) {
        assert.equal(
          flow.flat().reduce((a, b) => a + b, 0),
          annotators,
        );
        const stayed = types.reduce((sum, { type }, k) => sum + (type === null ? 0 : flow[k][type - 1]), 0);
        assert.equal(stayed + movedTotal, annotators);
        assert.equal(moved.length, movedTotal);
        assert.equal(new Set(types.map(({ type }) => type)).size, 4);
      }
      assert.ok(Math.abs(plain.adjustedRand - other.adjustedRand) < 1e-9);
    }),
  );
});

function mass(pairs: readonly (readonly (readonly number[])[])[], type: number): number {
  return pairs.reduce((sum, [gamma]) => sum + gamma[type], 0);
}

test('who moved is told, furthest first, and types without a counterpart', () => {
  const before = runOf(
    ['a', 'b', 'c', 'd'],
    [
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ],
    [0.5, 0.5],
  );
  const after = runOf(
    ['a', 'b', 'c', 'e'],
    [
      [0.2, 0.2, 0.6],
      [0, 0, 1],
      [0.6, 0.1, 0.3],
      [0, 1, 0],
    ],
    [0.4, 0.3, 0.3],
  );
  const { types, extra, moved, annotators } = alignTypes(before, after);
  assert.deepEqual(
    types.map(({ type }) => type),
    [3, 1],
  );
  assert.deepEqual(extra, [{ type: 2, share: 0.3 }]);
  assert.equal(annotators, 3);
  assert.deepEqual(moved, []);
  const other = alignTypes(
    before,
    runOf(
      ['a', 'b', 'c', 'd'],
      [
        [1, 0],
        [0.3, 0.7],
        [0, 1],
        [0.9, 0.1],
      ],
      [0.5, 0.5],
    ),
  );
  assert.deepEqual(
    other.moved.map(({ annotator, from, to, distance }) => [annotator, from, to, distance.toFixed(2)]),
    [
      ['d', 2, 1, '0.90'],
      ['b', 1, 2, '0.70'],
    ],
  );
});

test('shares are shown with the intervals that the runs have', () => {
  const gamma = [
    [1, 0],
    [0, 1],
  ];
  const plain = runOf(['a', 'b'], gamma, [0.6, 0.4]);
  const { result } = plain;
  const shares = [
    [0.5, 0.7],
    [0.3, 0.5],
  ] as const;
  const bootstrap = { shares, value: [0.1, 0.3], level: 0.9 } as unknown as BootstrapSummary;
  const swapped = runOf(
    ['a', 'b'],
    gamma.map((row) => row.toReversed()),
    [0.6, 0.4],
  );
  const { types } = alignTypes(plain, { ...swapped, result: { ...result, stability: { bootstrap } } });
  assert.deepEqual(
    types.map(({ baselineShareInterval, shareInterval }) => [baselineShareInterval, shareInterval]),
    [
      [undefined, [0.3, 0.5]],
      [undefined, [0.5, 0.7]],
    ],
  );
  const regret = { ...result.regret, intervals: undefined };
  const rows = metrics([{ ...plain, result: { ...result, regret, stability: { bootstrap } } }]);
  const value = rows.find(({ name }) => name === 'min-max regret')?.values[0];
  assert.deepEqual(value, { value: result.regret.value, interval: [0.1, 0.3], level: 0.9 });
});

test('runs of one dataset are put side by side; those of others are refused by name', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  const other = path.join(folder, 'other.jsonl');
  writeFileSync(file, twoTypes());
  writeFileSync(other, twoTypes(12));
  const train = async (name: string, dataset: string, ...flags: string[]) => {
    const directory = path.join(folder, name);
    const args = ['train', dataset, '--policy', 'tabular', '--starts', '2', '--run-dir', directory, ...flags];
    assert.equal((await run(args)).code, 0);
    return directory;
  };
  const two = await train('two', file);
  const three = await train('three', file, '--types', '3', '--beta', '0.2');
  const strange = await train('strange', other);

  const ended = await run(['compare', two, three, '--json']);
  assertCivil(ended);
  assert.equal(ended.code, 0, ended.stderr);
  const { settings, metrics, alignments, regrets, cautions } = JSON.parse(ended.stdout) as RunComparison;
  assert.deepEqual(settings, [
    { key: 'types', values: [2, 3] },
    { key: 'beta', values: [0.1, 0.2] },
  ]);
  assert.deepEqual(metrics[0], { name: 'types', values: [{ value: 2 }, { value: 3 }] });
  assert.equal(alignments[0], null);
  assert.equal(alignments[1]?.annotators, 24);
  assert.equal(alignments[1].extra.length, 1);
  assert.ok(regrets[1].candidates.every(({ regret }) => regret.length === 2));
  assert.match(cautions.join(' '), /different β/);

  const words = await run(['compare', two, '--baseline', three]);
  assertCivil(words);
  assert.match(words.stdout, /A {2}three {2}“answers” {2}\(baseline\)\nB {2}two {2}“answers”/);
  assert.match(words.stdout, /Type \d +none/);

  const refused = await run(['compare', two, three, strange]);
  assertCivil(refused);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /different datasets[\s\S]*two, three: .* can be compared with each other[\s\S]*strange: .* stands alone/,
  );
  // the pinned run is the baseline, and the one that a single run is compared with
  assertCivil(await run(['pin', three]));
  const alone = await run(['compare', two, '--json']);
  assert.equal(alone.code, 0, alone.stderr);
  const pinned = JSON.parse(alone.stdout) as RunComparison;
  assert.deepEqual(
    pinned.runs.map(({ label, pinned }) => [label, pinned]),
    [
      ['three', true],
      ['two', false],
    ],
  );
  // types are called what a person has named them
  assertCivil(await run(['name', two, '1=terse', '2=the full picture']));
  const renamed = await run(['compare', two, three]);
  assertCivil(renamed);
  assert.match(renamed.stdout, /\bterse +\d+\.\d ?%/);
  assert.match(renamed.stdout, /^B +the full picture +\d/m);
  assertCivil(await run(['rename', two, 'Two, as ever']));
  const report = path.join(folder, 'both.html');
  const reported = await run(['compare', two, '--report', report]);
  assertCivil(reported);
  assert.match(reported.stdout, /A {2}three {2}“answers” {2}\(baseline\)\nB {2}two {2}“Two, as ever”/);
  const html = readFileSync(report, 'utf8');
  assert.match(html, /<title>Two, as ever · EM-DPO Lab<\/title>/);
  assert.match(html, /"comparison":\{"runs":\[\{"label":"three"/);
  const wrong = await run(['pin', two, '--unpin']);
  assertCivil(wrong);
  assert.deepEqual([wrong.code, wrong.stderr.includes('is not pinned')], [2, true]);
  assert.match((await run(['pin', three, '--unpin'])).stdout, /^no run is pinned in /);
  const none = await run(['compare', two]);
  assertCivil(none);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /pin one with “emdpo pin RUN”/);

  const one = await run(['compare', two, two]);
  assert.equal(one.code, 2);
  const nothing = await run(['compare', two, folder]);
  assertCivil(nothing);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /no finished run/);
});
