import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Ajv from 'ajv-draft-04';
import type { Log } from 'sarif';
import fc from 'fast-check';
import { sarifLog, type SarifOptions } from '../../src/cli/sarif';
import { readText } from '../../src/dataset/read';
import { validateTable } from '../../src/identify/verdicts';
import type { Finding } from '../../src/protocol/finding';
import type { ValidationReport } from '../../src/protocol/validation';
import { assertCivil, run, twoTypes } from './cli-run';

const schemaPath = createRequire(path.resolve('package.json')).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);
// formats need a plug-in, and one pattern of the schema is none for regular expressions in Unicode mode
const fits = new Ajv({
  allErrors: true,
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
}).compile<Log>(JSON.parse(readFileSync(schemaPath, 'utf8')) as object);

function checked(log: unknown): Log {
  const copy: unknown = JSON.parse(JSON.stringify(log));
  assert.ok(fits(copy), JSON.stringify(fits.errors, null, 1));
  return copy;
}

const page = (code: string) => readFileSync(`docs/findings/${code}.md`, 'utf8');
const OPTIONS: SarifOptions = {
  file: 'data set/x#1.jsonl',
  folder: path.resolve('.'),
  version: '1.2.3',
  page,
};

async function reportOf(text: string): Promise<ValidationReport> {
  const { table, findings } = await readText(text, { name: 'x.jsonl' });
  return validateTable(table, findings, { types: 2 });
}

const CONTRADICTION = [
  '{"annotator":"a","prompt":"p","responses":["x","y"],"ranking":[0]}',
  '{"annotator":"a","prompt":"p","responses":["x","y"],"ranking":[1]}',
  '{"annotator":"a","prompt":"p","responses":["x","y"],"ranking":[7]}',
].join('\n');

test('the schema refuses what is no log', () => {
  assert.ok(!fits({ version: '2.1.0' }));
  assert.ok(!fits({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{}] }] }));
});

test('a report becomes a log: rules with help, levels, places and their other halves', async () => {
  const log = checked(sarifLog(await reportOf(CONTRADICTION), OPTIONS));
  const [{ tool, results = [], artifacts, columnKind }] = log.runs;
  assert.equal(columnKind, 'utf16CodeUnits');
  assert.equal(artifacts?.[0].location?.uri, 'data%20set/x%231.jsonl');
  const rules = tool.driver.rules ?? [];
  for (const result of results) {
    assert.equal(rules[result.ruleIndex!].id, result.ruleId);
    assert.equal(result.locations?.[0].physicalLocation?.artifactLocation?.uri, 'data%20set/x%231.jsonl');
  }
  const broken = results.find(({ ruleId }) => ruleId === 'form/rank-out-of-range')!;
  assert.equal(broken.level, 'error');
  assert.deepEqual(broken.locations?.[0].physicalLocation?.region, {
    startLine: 3,
    startColumn: 64,
    endLine: 3,
    endColumn: 65,
  });
  const contradiction = results.find(({ ruleId }) => ruleId === 'data/contradiction')!;
  assert.equal(contradiction.level, 'warning');
  assert.deepEqual(contradiction.locations?.[0].physicalLocation?.region, { startLine: 2, startColumn: 1 });
  assert.deepEqual(
    contradiction.relatedLocations?.map(({ physicalLocation }) => physicalLocation?.region?.startLine),
    [1],
  );
  const rule = rules.find(({ id }) => id === 'data/contradiction')!;
  assert.equal(rule.help?.markdown, page('data/contradiction'));
  assert.equal(
    rule.shortDescription?.text,
    'One annotator prefers A to B in one record, and B to A in another.',
  );
  assert.equal(rule.defaultConfiguration?.level, 'warning');
});

test('every page gives a rule a sentence and help without marks', () => {
  const codes = ['form', 'data', 'identify'].flatMap((family) =>
    readdirSync(`docs/findings/${family}`).map((file) => `${family}/${file.replace(/\.md$/, '')}`),
  );
  const findings = codes.map((code): Finding => ({
    code,
    severity: 'hint',
    scope: 'data',
    message: 'It is.',
    positions: [],
  }));
  const log = checked(sarifLog({ dataset: EMPTY, findings, verdicts: [], design: [] }, OPTIONS));
  const rules = log.runs[0].tool.driver.rules ?? [];
  assert.equal(rules.length, codes.length);
  for (const { id, shortDescription, help } of rules) {
    assert.match(shortDescription?.text ?? '', /^[^\s#*][^\n]{10,}[.!?:]$/, id);
    assert.doesNotMatch(help?.text ?? '', /^#|\*\*|```/m, id);
  }
});

const EMPTY = {
  form: 'canonical',
  records: 0,
  annotators: 0,
  prompts: 0,
  responses: 0,
  items: 0,
  unused: {},
  assumptions: [],
};

test('any findings fit the schema, all of them, in their order', () => {
  const position = fc.oneof(
    fc.record({ line: fc.integer({ min: 1, max: 1e9 }), column: fc.integer({ min: 1, max: 1e6 }) }),
    fc.record({
      line: fc.integer({ min: 1, max: 99 }),
      column: fc.integer({ min: 1, max: 99 }),
      endLine: fc.integer({ min: 99, max: 120 }),
      endColumn: fc.integer({ min: 99, max: 120 }),
    }),
  );
  const finding: fc.Arbitrary<Finding> = fc.record(
    {
      code: fc.constantFrom('form/bad-json', 'data/cycle', 'identify/no-annotators', 'data/unheard-of'),
      severity: fc.constantFrom('error', 'warning', 'information', 'hint'),
      scope: fc.constantFrom('form', 'data', 'fit'),
      message: fc.string({ minLength: 1 }),
      positions: fc.array(position, { maxLength: 150 }),
      related: fc.array(fc.record({ message: fc.string({ minLength: 1 }), position }), { maxLength: 3 }),
      occurrences: fc.integer({ min: 1, max: 1e6 }),
      fix: fc.string({ minLength: 1 }),
      source: fc.string(),
      types: fc.integer({ min: 1, max: 9 }),
      verdict: fc.constantFrom('necessary-fails', 'unknown'),
    },
    { requiredKeys: ['code', 'severity', 'scope', 'message', 'positions'] },
  );
  const options = {
    ...OPTIONS,
    page: (code: string) => (code === 'data/unheard-of' ? undefined : page(code)),
  };
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 8 }), (findings) => {
      const log = checked(sarifLog({ dataset: EMPTY, findings, verdicts: [], design: [] }, options));
      const results = log.runs[0].results ?? [];
      assert.deepEqual(
        results.map(({ ruleId, occurrenceCount }) => [ruleId, occurrenceCount]),
        findings.map(({ code, occurrences }) => [code, occurrences]),
      );
    }),
    { numRuns: 100 },
  );
});

test('a file outside the folder has a file URL', async () => {
  const file = path.join(tmpdir(), 'x.jsonl');
  const log = checked(sarifLog(await reportOf(CONTRADICTION), { ...OPTIONS, file }));
  assert.match(log.runs[0].artifacts?.[0].location?.uri ?? '', /^file:\/\/\/.*\/x\.jsonl$/);
});

test('emdpo validate --sarif prints a log and keeps the exit codes', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-sarif-'));
  try {
    writeFileSync(path.join(folder, 'bad.jsonl'), CONTRADICTION);
    const bad = await run(['validate', 'bad.jsonl', '--sarif'], { cwd: folder });
    assertCivil(bad);
    assert.equal(bad.code, 1);
    const [{ artifacts, tool }] = checked(JSON.parse(bad.stdout)).runs;
    assert.equal(artifacts?.[0].location?.uri, 'bad.jsonl');
    assert.ok(tool.driver.rules?.every(({ help }) => help !== undefined));

    writeFileSync(path.join(folder, 'good.jsonl'), twoTypes());
    const good = await run(['validate', 'good.jsonl', '--sarif'], { cwd: folder });
    assert.equal(good.code, 0);
    checked(JSON.parse(good.stdout));

    const both = await run(['validate', 'good.jsonl', '--sarif', '--json'], { cwd: folder });
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--sarif.*--json/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
