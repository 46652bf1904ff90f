import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { KEPT_PER_CODE } from '../../src/dataset/finding-log';
import { readText } from '../../src/dataset/read';
import type { Finding, Position } from '../../src/protocol/finding';

/** The text a position covers. */
function textAt(text: string, position: Position): string {
  const lines = text.split(/\r?\n/);
  const { line, column, endLine = line, endColumn = column } = position;
  if (line === endLine) return lines[line - 1].slice(column - 1, endColumn - 1);
  const between = lines.slice(line, endLine - 1);
  return [lines[line - 1].slice(column - 1), ...between, lines[endLine - 1].slice(0, endColumn - 1)].join(
    '\n',
  );
}

const GOOD = '{"annotator":"a","prompt":"p","responses":["x","y","z"],"ranking":[0,1]}';

/** One broken canonical line, the code it must get, and the text the finding must point at. */
const BROKEN: readonly (readonly [string, string, string])[] = [
  ['{"prompt":"p" "responses":["x","y"],"ranking":[0]}', 'form/bad-json', '"responses"'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0]', 'form/bad-json', ']'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0]} x', 'form/bad-json', 'x'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"weight":NaN}', 'form/not-finite', 'NaN'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"weight":-Infinity}', 'form/not-finite', '-Infinity'],
  ['[1,2]', 'form/not-an-object', '[1,2]'],
  ['"text"', 'form/not-an-object', '"text"'],
  ['{"prompt":"p","ranking":[0]}', 'form/missing-field', '{"prompt":"p","ranking":[0]}'],
  ['{"prompt":"p","responses":["x","y"]}', 'form/missing-field', '{"prompt":"p","responses":["x","y"]}'],
  ['{"responses":["x","y"],"ranking":[0]}', 'form/missing-field', '{"responses":["x","y"],"ranking":[0]}'],
  ['{"prompt":[{"role":"user"}],"responses":["x","y"],"ranking":[0]}', 'form/missing-field', '{"role":"user"}'],
  ['{"prompt":5,"responses":["x","y"],"ranking":[0]}', 'form/wrong-type', '5'],
  ['{"prompt":["hi"],"responses":["x","y"],"ranking":[0]}', 'form/wrong-type', '"hi"'],
  ['{"prompt":"p","responses":"x","ranking":[0]}', 'form/wrong-type', '"x"'],
  ['{"prompt":"p","responses":["x",{"a":1}],"ranking":[0]}', 'form/wrong-type', '{"a":1}'],
  ['{"prompt":"p","responses":["x","y"],"ranking":"x>y"}', 'form/wrong-type', '"x>y"'],
  ['{"prompt":"p","responses":["x","y"],"ranking":["1"]}', 'form/wrong-type', '"1"'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0.5]}', 'form/wrong-type', '0.5'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"annotator":["a"]}', 'form/wrong-type', '["a"]'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"type":true}', 'form/wrong-type', 'true'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"weight":"2"}', 'form/wrong-type', '"2"'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"features":7}', 'form/wrong-type', '7'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"features":[[1],["b"]]}', 'form/wrong-type', '"b"'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0, 2]}', 'form/rank-out-of-range', '2'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[[1,-1]]}', 'form/rank-out-of-range', '-1'],
  ['{"prompt":"p","responses":["x","y","z"],"ranking":[2,[0, 2]]}', 'form/duplicate-index', '2'],
  ['{"prompt":"p","responses":["x","y","x"],"ranking":[0]}', 'form/duplicate-response', '"x"'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[]}', 'form/empty-ranking', '[]'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0,[]]}', 'form/empty-ranking', '[]'],
  ['{"prompt":"p","responses":["x"],"ranking":[0]}', 'form/single-response', '["x"]'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"weight":0}', 'form/bad-weight', '0'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"weight":1e999}', 'form/bad-weight', '1e999'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"features":[[1],[1e999]]}', 'form/not-finite', '1e999'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"features":[[1],[null]]}', 'form/not-finite', 'null'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"features":[[1]]}', 'form/length-mismatch', '[[1]]'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"features":[[1],[2,3]]}', 'form/feature-names', '[2,3]'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"features":[{"a":1},{"b":1}]}', 'form/feature-names', '{"b":1}'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"reference":[1,0]}', 'form/bad-reference', '0'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"items":["m"]}', 'form/length-mismatch', '["m"]'],
  ['{"prompt":"p","responses":["x","y"],"ranking":[0],"items":["m","n"]}', 'form/mixed-items', '["m","n"]'],
  [`{"prompt":"p","responses":${JSON.stringify('a b c d e f g h i j k l m n'.split(' '))},"ranking":[0,[1,2,3,4,5,6,7,8,9,10,11,12,13]]}`,
    'form/tie-too-large', '[1,2,3,4,5,6,7,8,9,10,11,12,13]'],
]; // prettier-ignore

for (const [line, code, at] of BROKEN) {
  test(`canonical ${code} at ${at.slice(0, 40)}, and the rest is read`, async () => {
    const text = `${GOOD}\n${line}\n${GOOD}`;
    const { table, findings } = await readText(text, { name: 'x.jsonl' });
    assert.deepEqual(
      findings.map((finding) => [finding.code, finding.severity]),
      [[code, 'error']],
    );
    assert.equal(findings[0].positions[0].line, 2);
    assert.equal(textAt(text, findings[0].positions[0]), at);
    assert.deepEqual(Array.from(table.line), [1, 3]);
    assert.deepEqual(table.summary.unused, { [code]: 1 });
  });
}

test('of equal keys the last counts, and the finding points at it', async () => {
  const text = `${GOOD}\n{"ranking":[0],"prompt":"p","responses":["x","y"],"ranking":[5]}`;
  const { findings } = await readText(text, { name: 'x.jsonl' });
  const { column } = findings[0].positions[0];
  assert.equal(column, text.split('\n')[1].indexOf('5') + 1);
});

test('columns are UTF-16 units', async () => {
  const text = '{"prompt":"🙂é","responses":["x","y"],"ranking":[9]}';
  const { findings } = await readText(text, { name: 'x.jsonl' });
  assert.equal(textAt(text, findings[0].positions[0]), '9');
});

/** Two lines of which both are used, with a warning. */
const DOUBTFUL: readonly (readonly [string, string, string])[] = [
  [',"features":[[1],[2]]', ',"features":[[1],[3]]', 'form/changed-features'],
  [',"reference":[1,2]', ',"reference":[1,3]', 'form/changed-reference'],
  [',"annotator":"a","type":"s"', ',"annotator":"a","type":"t"', 'form/changed-type'],
]; // prettier-ignore

for (const [first, second, code] of DOUBTFUL) {
  test(`canonical ${code} is a warning: the first is kept and the record used`, async () => {
    const line = (extra: string) => `{"prompt":"p","responses":["x","y"],"ranking":[0]${extra}}`;
    const { table, findings } = await readText(`${line(first)}\n${line(second)}`, { name: 'x.jsonl' });
    assert.deepEqual(findings.map((finding) => [finding.code, finding.severity, finding.positions[0].line]), [
      [code, 'warning', 2],
    ]); // prettier-ignore
    assert.equal(table.records, 2);
    assert.deepEqual(table.summary.unused, {});
    if (table.features) assert.deepEqual(Array.from(table.features), [1, 2]);
    if (table.reference) assert.deepEqual(Array.from(table.reference), [1 / 3, 2 / 3]);
    assert.equal(table.knownTypes.size, code === 'form/changed-type' ? 1 : 0);
  });
}

test('features and reference given for some responses only are warnings, and what is used is said', async () => {
  const lines = [
    '{"prompt":"p","responses":["x","y"],"ranking":[0],"features":[[1],[2]],"reference":[1,3]}',
    '{"prompt":"p","responses":["x","z"],"ranking":[0]}',
  ];
  const { table, findings } = await readText(lines.join('\n'), { name: 'x.jsonl' });
  assert.deepEqual(
    findings.map((finding) => finding.code),
    ['form/missing-features', 'form/missing-reference'],
  );
  assert.equal(table.features, undefined);
  assert.deepEqual(Array.from(table.reference ?? []), [1 / 3, 1 / 3, 1 / 3]);
});

test('a duplicate id: the first record stays', async () => {
  const line = (p: string) => `{"id":"r1","prompt":"${p}","responses":["x","y"],"ranking":[0]}`;
  const text = `${line('p')}\n${line('q')}`;
  const { table, findings } = await readText(text, { name: 'x.jsonl' });
  assert.deepEqual(
    findings.map((finding) => finding.code),
    ['form/duplicate-id'],
  );
  assert.equal(textAt(text, findings[0].positions[0]), '"r1"');
  assert.equal(table.records, 1);
  assert.equal(table.prompts.size, 1, 'nothing of a record that is not used is kept');
});

const VOTES =
  '# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n# ALTERNATIVE NAME 3: C\n2: 1,2\n';
const CSV = 'model_a,model_b,winner,judge\nx,y,model_a,ann\n';

/** Text before, broken line, code, text pointed at, records not used. */
const OTHER_FORMS: readonly (readonly [string, string, string, string, number])[] = [
  [VOTES, '4: 1,7', 'form/rank-out-of-range', '7', 4],
  [VOTES, '4: 1,0', 'form/rank-out-of-range', '0', 4],
  [VOTES, '4: 1,{2,1}', 'form/duplicate-index', '1', 4],
  [VOTES, '4: 1,,2', 'form/bad-order', ',', 4],
  [VOTES, '4: 1,{2,3', 'form/bad-order', '3', 4],
  [VOTES, '4: 1,x', 'form/bad-order', 'x', 4],
  [VOTES, '4:', 'form/empty-ranking', '4:', 4],
  [VOTES, 'hello', 'form/bad-order', 'hello', 1],
  [VOTES, '0: 1,2', 'form/bad-order', '0: 1,2', 1],
  [VOTES, '20000000: 1,2', 'form/too-many-voters', '20000000: 1,2', 20000000],
  [CSV, 'x,y,zebra,ann', 'form/unknown-winner', 'zebra', 1],
  [CSV, 'x,"y, or ""z""",,ann', 'form/unknown-winner', '', 1],
  [CSV, 'x,,model_a,ann', 'form/missing-field', '', 1],
  [CSV, 'x,x,model_a,ann', 'form/duplicate-response', 'x', 1],
  [CSV, 'x,y,model_a', 'form/column-count', 'x,y,model_a', 1],
  [CSV, 'x,"y\nz",what,ann', 'form/unknown-winner', 'what', 1],
  [CSV, 'x,"y,model_a,ann', 'form/bad-quote', 'x,"y,model_a,ann', 1],
];

for (const [before, line, code, at, unused] of OTHER_FORMS) {
  test(`${before === CSV ? 'arena CSV' : 'PrefLib'} ${code} for ${JSON.stringify(line)}`, async () => {
    const after = before.trimEnd().split('\n').at(-1);
    const text = `${before}${line}\n${after}\n`;
    const { table, findings } = await readText(text, { name: 'x' });
    assert.deepEqual(
      findings.map((finding) => [finding.code, finding.severity]),
      [[code, 'error']],
    );
    assert.equal(textAt(text, findings[0].positions[0]), at);
    assert.deepEqual(table.summary.unused, { [code]: unused });
    assert.equal(
      table.line[table.records - 1],
      text.trimEnd().split('\n').length,
      'the line after it is read',
    );
  });
}

test('PrefLib: a header that disagrees with the orders is a warning', async () => {
  const { table, findings } = await readText(`# NUMBER VOTERS: 5\n# ALTERNATIVE NAME 3: B\n${VOTES}`, {
    name: 'x.soi',
  });
  assert.deepEqual(findings.map((finding) => [finding.code, finding.positions[0].line]), [
    ['form/count-mismatch', 1],
    ['form/bad-header', 2],
    ['form/bad-header', 6],
  ]); // prettier-ignore
  assert.equal(table.records, 2);
  assert.equal(new Set([0, 1, 2].map((y) => table.responses.text(y))).size, 3, 'equal names are told apart');
});

test('PrefLib without alternatives cannot be read', async () => {
  const { table, findings } = await readText('# TITLE: none\n2: 1,2\n', { name: 'x.soc' });
  assert.deepEqual(
    findings.map((finding) => [finding.code, finding.positions[0].line]),
    [['form/bad-header', 2]],
  );
  assert.equal(table.records, 0);
});

test('arena CSV without a needed column, or with a named column that is not there', async () => {
  for (const [text, columns] of [
    ['model_a,model_b,judge\nx,y,ann\n', {}],
    ['model_a,model_b,winner\nx,y,a\n', { annotator: 'rater' }],
    ['model_a,model_b,winner,response_a\nx,y,a,t\n', {}],
  ] as const) {
    const { table, findings } = await readText(text, { name: 'x.csv', columns });
    assert.deepEqual(
      findings.map((finding) => finding.code),
      ['form/missing-column'],
    );
    assert.equal(textAt(text, findings[0].positions[0]), text.split('\n')[0]);
    assert.equal(table.records, 0);
  }
});

test('trl and hh-rlhf faults point at their fields', async () => {
  const good = '{"prompt":"p","chosen":"a","rejected":"b"}';
  for (const [line, code, at] of [
    ['{"prompt":"p","chosen":"a","rejected":"a"}', 'form/duplicate-response', '"a"'],
    ['{"prompt":"p","chosen":"a","rejected":3}', 'form/wrong-type', '3'],
    ['{"prompt":"p","chosen":"a"}', 'form/missing-field', '{"prompt":"p","chosen":"a"}'],
    [
      '{"chosen":"a","rejected":[{"role":"user","content":"x"}]}',
      'form/wrong-type',
      '[{"role":"user","content":"x"}]',
    ],
    ['{"prompt":"p","chosen":[{"role":"user","content":null}],"rejected":"a"}', 'form/wrong-type', 'null'],
  ] as const) {
    const text = `${good}\n${line}`;
    const { table, findings } = await readText(text, { name: 'x.jsonl' });
    assert.deepEqual(
      findings.map((finding) => finding.code),
      [code],
    );
    assert.equal(textAt(text, findings[0].positions[0]), at);
    assert.equal(table.records, 1);
  }
  const text = '{"chosen":"\\n\\nHuman: a\\n\\nAssistant: b","rejected":"\\n\\nHuman: c\\n\\nAssistant: d"}';
  const { findings } = await readText(text, { name: 'x.jsonl' });
  assert.deepEqual(
    findings.map((finding) => finding.code),
    ['form/no-shared-prompt'],
  );
});

test('findings are capped by code, and all are counted', async () => {
  const text = `${GOOD}\n${'{"prompt":"p","responses":["x"],"ranking":[0]}\n'.repeat(KEPT_PER_CODE + 5)}[]\n`;
  const { table, findings } = await readText(text, { name: 'x.jsonl' });
  const last = findings.at(-1);
  assert.equal(
    findings.filter((finding) => finding.code === 'form/single-response').length,
    KEPT_PER_CODE + 1,
  );
  assert.equal(last?.code, 'form/single-response');
  assert.equal(last.occurrences, KEPT_PER_CODE + 5);
  assert.deepEqual(table.summary.unused, {
    'form/single-response': KEPT_PER_CODE + 5,
    'form/not-an-object': 1,
  });
  const lines = findings.slice(0, -1).map((finding: Finding) => finding.positions[0].line);
  assert.deepEqual(
    lines,
    [...lines].sort((a, b) => a - b),
    'in file order',
  );
});

test('every code has its page, and every page its code', () => {
  const sources = readdirSync('src/dataset', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('simulate'))
    .map((file) => readFileSync(`src/dataset/${file}`, 'utf8'))
    .join('\n');
  const codes = Array.from(sources.matchAll(/'form\/([a-z0-9-]+)'/g), (match) => match[1]);
  const pages = readdirSync('docs/findings/form').map((file) => file.replace(/\.md$/, ''));
  assert.deepEqual(pages.sort(), [...new Set(codes)].sort());
  for (const page of pages) {
    assert.ok(readFileSync(`docs/findings/form/${page}.md`, 'utf8').startsWith(`# form/${page}\n`), page);
  }
});
