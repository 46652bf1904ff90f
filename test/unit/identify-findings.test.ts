import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readDataset, readText } from '../../src/dataset/read';
import { validateTable } from '../../src/identify/verdicts';
import type { Finding } from '../../src/protocol/finding';
import type { ValidationReport } from '../../src/protocol/validation';

const DATA = '../shared/data';

interface Row {
  readonly annotator?: string;
  readonly prompt: string;
  readonly responses: readonly string[];
  readonly ranking: readonly unknown[];
  readonly features?: readonly (readonly number[])[];
}

async function validate(rows: readonly Row[], types?: number): Promise<ValidationReport> {
  const text = rows.map((row) => JSON.stringify(row)).join('\n');
  const { table, findings } = await readText(text, { name: 'designed.jsonl' });
  assert.equal(table.records, rows.length, 'every designed record is read');
  return validateTable(table, findings, { types });
}

const of = ({ findings }: ValidationReport, code: string): Finding[] =>
  findings.filter((finding) => finding.code === `identify/${code}`);

const has = (report: ValidationReport, code: string) => of(report, code).length > 0;

const verdictOf = ({ verdicts }: ValidationReport, scope: string, types: number) => {
  const found = verdicts.find((verdict) => verdict.scope === scope && verdict.types === types);
  assert.ok(found, `a verdict on ${scope} for ${types} types`);
  return found;
};

/** Both orders of every pair by two people a pair, so that nothing but the design under test is wrong. */
const roundRobin = (responses: readonly string[], annotators: readonly string[]): Row[] =>
  annotators.flatMap((annotator, a) =>
    responses.flatMap((first, i) =>
      responses.slice(i + 1).map((second) => ({
        annotator,
        prompt: 'p',
        responses: [first, second],
        ranking: a % 2 === 0 ? [0, 1] : [1, 0],
      })),
    ),
  );

test('one pair a person fails nonparametrically, and is not called failed for two types over shared items', async () => {
  const rows = roundRobin(['A', 'B', 'C', 'D', 'E', 'F'], ['u', 'v']).map((row, i) => ({
    ...row,
    annotator: `person ${i}`,
  }));
  const report = await validate(rows);
  const [finding] = of(report, 'single-pairs');
  assert.equal(finding.verdict, 'necessary-fails');
  assert.match(finding.message, /30/);
  assert.match(finding.source ?? '', /Lemma 4\.1/);
  const verdict = verdictOf(report, 'nonparametric', 2);
  assert.equal(verdict.verdict, 'necessary-fails');
  assert.ok(verdict.reasons.includes('identify/single-pairs'));
  assert.notEqual(verdictOf(report, 'finite-mixture', 2).verdict, 'necessary-fails');
});

test('a second record, or a third option, and the finding is gone', async () => {
  const rows = roundRobin(['A', 'B', 'C'], ['u', 'v']).map((row, i) => ({
    ...row,
    annotator: `person ${i}`,
  }));
  assert.ok(!has(await validate([...rows, { ...rows[0], ranking: [1, 0] }]), 'single-pairs'));
  const triple = { annotator: 'another', prompt: 'p', responses: ['A', 'B', 'C'], ranking: [0] };
  assert.ok(!has(await validate([...rows, triple]), 'single-pairs'));
});

test('records without annotators are found, and pointed at', async () => {
  const rows: Row[] = [
    { annotator: 'u', prompt: 'p', responses: ['A', 'B'], ranking: [0, 1] },
    { prompt: 'p', responses: ['A', 'B'], ranking: [1, 0] },
    { prompt: 'q', responses: ['A', 'B'], ranking: [1, 0] },
  ];
  const [finding] = of(await validate(rows), 'no-annotators');
  assert.match(finding.message, /2 of 3 records/);
  assert.deepEqual([finding.positions[0].line, finding.occurrences], [2, 2]);
  assert.ok(!has(await validate(roundRobin(['A', 'B'], ['u', 'v'])), 'no-annotators'));
});

test('one ranking each of m alternatives is too few for K types exactly where m ≤ 2K − 1', async () => {
  for (const m of [3, 4, 5, 6]) {
    const responses = Array.from({ length: m }, (_, i) => `option ${i}`);
    const order = responses.map((_, i) => i);
    const rows = [order, order.toReversed()].map((ranking, i) => ({
      annotator: `a${i}`,
      prompt: 'p',
      responses,
      ranking,
    }));
    for (let types = 2; types <= 4; types++) {
      const report = await validate(rows, types);
      assert.equal(has(report, 'few-alternatives'), m <= 2 * types - 1, `m ${m}, K ${types}`);
      const { verdict } = verdictOf(report, 'finite-mixture', types);
      if (m <= 2 * types - 1) assert.equal(verdict, 'necessary-fails');
      else assert.equal(verdict, types === 2 ? 'sufficient-generic' : 'unknown', `m ${m}, K ${types}`);
    }
  }
});

test('asked about no number in particular, few alternatives name the smallest number of types that fails', async () => {
  const responses = ['A', 'B', 'C', 'D'];
  const rows = [[0, 1, 2, 3], [3, 2, 1, 0]].map((ranking, i) => ({ annotator: `a${i}`, prompt: 'p', responses, ranking })); // prettier-ignore
  assert.deepEqual(
    of(await validate(rows), 'few-alternatives').map(({ types }) => types),
    [3],
  );
});

test('records per annotator are compared with what independent views need', async () => {
  const two = roundRobin(['A', 'B', 'C'], ['u', 'v', 'w', 'x']).filter((_, i) => i % 3 < 2);
  const [finding] = of(await validate(two, 2), 'few-records');
  assert.match(finding.message, /4 of 4 annotators gave fewer than 3 records/);
  assert.equal(finding.verdict, 'unknown');
  const three = roundRobin(['A', 'B', 'C'], ['u', 'v', 'w', 'x']);
  assert.ok(!has(await validate(three, 2), 'few-records'));
  assert.ok(has(await validate(three, 3), 'few-records'), 'three types need five pairs');
});

test('annotators who share no prompt cannot be linked by a tabular policy', async () => {
  const own = (annotator: string): Row[] =>
    [0, 1, 2].map((i) => ({
      annotator,
      prompt: `${annotator} ${i}`,
      responses: ['A', 'B'],
      ranking: [0, 1],
    }));
  const report = await validate([...own('u'), ...own('v')]);
  assert.equal(of(report, 'no-shared-prompts')[0].verdict, 'necessary-fails');
  assert.equal(verdictOf(report, 'finite-mixture', 2).verdict, 'necessary-fails');
  const [linked] = own('v');
  assert.ok(
    !has(await validate([...own('u'), ...own('v'), { ...linked, prompt: 'u 0' }]), 'no-shared-prompts'),
  );
});

test('an annotator who shares a prompt but no comparison is named', async () => {
  const rows: Row[] = [
    ...roundRobin(['A', 'B'], ['u', 'v']),
    { annotator: 'lonely', prompt: 'p', responses: ['A', 'C'], ranking: [1, 0] },
  ];
  const [finding] = of(await validate(rows), 'no-overlap');
  assert.match(finding.message, /1 annotator of 3 .*lonely/);
  assert.deepEqual([finding.occurrences, finding.positions[0].line], [1, 3]);
  assert.ok(!has(await validate(roundRobin(['A', 'B'], ['u', 'v'])), 'no-overlap'));
});

test('wins that go one way only are not a fit; parts without comparisons are disconnected', async () => {
  const oneWay = roundRobin(['A', 'B', 'C'], ['u', 'w']).map((row) => ({ ...row, ranking: [0, 1] }));
  const report = await validate(oneWay);
  assert.equal(of(report, 'not-strongly-connected')[0].verdict, 'necessary-fails');
  assert.ok(!has(report, 'disconnected'));
  assert.equal(verdictOf(report, 'fit', 1).verdict, 'necessary-fails');

  const bothWays = roundRobin(['A', 'B', 'C'], ['u', 'v']).map((row) => ({ ...row, prompt: 'q' }));
  const [one] = of(await validate([...bothWays, ...oneWay]), 'not-strongly-connected');
  assert.match(one.message, /4 parts, where one for each of the 2 prompts is needed; 1 prompt is affected/);

  const parts = [...roundRobin(['A', 'B'], ['u', 'v']), ...roundRobin(['C', 'D'], ['u', 'v'])];
  const apart = await validate(parts);
  assert.match(of(apart, 'disconnected')[0].message, /2 parts: 2 \(“A”, “B”\); 2 \(“C”, “D”\)/);
  assert.ok(!has(apart, 'not-strongly-connected'));

  const whole = await validate(roundRobin(['A', 'B', 'C'], ['u', 'v']));
  assert.ok(!has(whole, 'disconnected') && !has(whole, 'not-strongly-connected'));
  assert.equal(verdictOf(whole, 'fit', 1).verdict, 'sufficient-generic');
});

test('features that no choice set varies are named', async () => {
  const rows = roundRobin(['A', 'B'], ['u', 'v']).map((row) => ({ ...row, features: [[1, 5], [2, 5]] })); // prettier-ignore
  const report = await validate(rows);
  const [finding] = of(report, 'rank-deficient-features');
  assert.match(finding.message, /1 of 2 directions/);
  assert.equal(verdictOf(report, 'linear-reward', 1).verdict, 'necessary-fails');
  const varied = rows.map((row, i) => ({ ...row, responses: [`${i} A`, `${i} B`], features: i % 2 ? [[0, 1], [2, 0]] : [[1, 5], [2, 5]] })); // prettier-ignore
  assert.ok(!has(await validate(varied), 'rank-deficient-features'));
});

test('every finding is a warning or milder and has a page; every verdict names its scope and never fails without a reason', async () => {
  const strangers = [{ prompt: 'p', responses: ['A', 'B'], ranking: [0, 1] }];
  for (const rows of [
    strangers,
    roundRobin(['A', 'B', 'C'], ['u', 'v']),
    roundRobin(['A', 'B', 'C', 'D'], ['u']),
  ]) {
    const { findings, verdicts } = await validate(rows);
    for (const { code, severity, scope, verdict } of findings) {
      assert.notEqual(severity, 'error');
      assert.ok(verdict && !['form', 'data'].includes(scope));
      assert.ok(existsSync(join('docs/findings', `${code}.md`)), `a page for ${code}`);
    }
    assert.equal(verdicts.length, 24);
    for (const { verdict, reasons, because, sources, assumptions, types } of verdicts) {
      assert.ok(because.length > 0);
      if (verdict === 'necessary-fails') assert.ok(reasons.length > 0);
      if (verdict === 'sufficient-generic' && types > 1)
        assert.ok(sources.length > 0 && assumptions.length > 0);
    }
  }
});

test('nothing is said about a file without records', async () => {
  const { table, findings } = await readText('', { name: 'empty.jsonl' });
  const report = validateTable(table, findings);
  assert.deepEqual([report.verdicts, report.findings], [[], findings]);
});

async function real(name: string): Promise<ValidationReport> {
  const { table, findings } = await readDataset(join(DATA, name));
  return validateTable(table, findings);
}

test('LLMFAO is strongly connected over its models and falls apart over its single responses', async (t) => {
  if (!existsSync(DATA)) {
    t.skip('../shared/data is absent');
    return;
  }
  const report = await real('llmfao-crowd-comparisons.csv');
  const scattered = of(report, 'not-strongly-connected');
  assert.equal(scattered.length, 1, 'the models themselves are connected');
  assert.match(scattered[0].message, /750 single responses.*195 parts/);
  assert.equal(verdictOf(report, 'fit', 1).verdict, 'sufficient-generic');
});

test('d_german is too small for three types, and large enough for two', async (t) => {
  if (!existsSync(DATA)) {
    t.skip('../shared/data is absent');
    return;
  }
  const report = await real('d_german.soc');
  assert.equal(of(report, 'few-alternatives')[0].types, 3);
  assert.equal(verdictOf(report, 'finite-mixture', 3).verdict, 'necessary-fails');
  assert.equal(verdictOf(report, 'finite-mixture', 2).verdict, 'sufficient-generic');
  assert.ok(!has(report, 'not-strongly-connected') && !has(report, 'no-annotators'));
});

test('hh-rlhf has neither annotators nor triples', async (t) => {
  if (!existsSync(DATA)) {
    t.skip('../shared/data is absent');
    return;
  }
  const report = await real('hh-rlhf-harmless-test.jsonl.gz');
  const { verdict, reasons } = verdictOf(report, 'nonparametric', 2);
  assert.equal(verdict, 'necessary-fails');
  assert.deepEqual([...reasons].sort(), ['identify/no-annotators', 'identify/single-pairs']);
});

test('GermanParties2009 is identified for two and three types by its fifteen pairs a person', async (t) => {
  if (!existsSync(DATA)) {
    t.skip('../shared/data is absent');
    return;
  }
  const report = await real('german_parties_2009.jsonl');
  for (const types of [2, 3]) {
    const found = verdictOf(report, 'finite-mixture', types);
    assert.equal(found.verdict, 'sufficient-generic');
    assert.ok(found.sources.some((source) => source.includes('Allman')));
  }
});
