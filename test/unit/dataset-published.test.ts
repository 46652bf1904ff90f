import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeRecord } from '../../src/dataset/describe';
import { FORMS } from '../../src/dataset/forms/index';
import { readText } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import { checkFindings, checkTable } from './dataset-checks';
import { EXAMPLES, fileOf, type FormExample } from './form-examples';

const recordsOf = (table: RankingTable) =>
  Array.from({ length: table.records }, (_, r) => [
    table.annotator[r] < 0 ? undefined : table.annotators.text(table.annotator[r]),
    table.prompts.text(table.prompt[r]),
    describeRecord(table, r),
  ]);

test('every form but those with tests of their own has an example', () => {
  const elsewhere = ['canonical', 'hh-rlhf', 'preflib'];
  const shown = new Set([...elsewhere, ...EXAMPLES.map(({ form }) => form)]);
  assert.deepEqual([...shown].sort(), FORMS.map(({ name }) => name).sort());
});

const isJson = ({ rows }: FormExample) => typeof rows[0] !== 'string';

for (const example of EXAMPLES) {
  test(`${example.form}: the example is recognised, and read as it says`, async () => {
    const { table, findings } = await readText(fileOf(example), { name: 'data' });
    assert.deepEqual(findings, []);
    assert.equal(table.summary.form, example.form);
    assert.deepEqual(recordsOf(table), example.records);
    const items = Array.from({ length: table.items?.size ?? 0 }, (_, i) => table.items?.text(i));
    assert.deepEqual(items, example.items ?? []);
    assert.ok(table.summary.assumptions.length > 0, 'the reader says what it assumes');
    checkTable(table);
  });

  if (!isJson(example)) continue;
  test(`${example.form}: the same as one JSON array, indented`, async () => {
    const { table, findings } = await readText(JSON.stringify(example.rows, null, 2), { name: 'data.json' });
    assert.deepEqual(findings, []);
    assert.equal(table.summary.form, example.form);
    assert.deepEqual(recordsOf(table), example.records);
  });
}

/** A value with one part of it replaced or left out, wherever it is. */
function spoiled(value: unknown, steps: readonly number[], by: unknown): unknown {
  const [step, ...rest] = steps;
  if (steps.length === 0 || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  if (keys.length === 0) return by;
  const key = keys[step % keys.length];
  const inner: unknown = Reflect.get(value, key);
  const next = spoiled(inner, rest, by);
  if (Array.isArray(value)) return value.map((each: unknown, i) => (String(i) === key ? next : each));
  return { ...value, [key]: next };
}

test('examples with any part spoiled give a sound table, and say what was not used', async () => {
  const junk = fc.constantFrom<unknown>(undefined, null, '', 'x', '🙂\n', 0, -1, 1e300, true, [], {}, [[]], ['a', 'a'], { role: 'user' }); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...EXAMPLES.filter(isJson)),
      fc.array(fc.tuple(fc.array(fc.nat(7), { maxLength: 7 }), junk), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (example, changes, asArray) => {
        let rows: unknown = example.rows;
        for (const [steps, by] of changes) rows = spoiled(rows, [0, ...steps], by);
        const list = rows as readonly unknown[];
        const text = asArray
          ? JSON.stringify(
              list.map((row) => row ?? null),
              null,
              1,
            )
          : list.map((row) => JSON.stringify(row ?? null)).join('\n');
        const read = await readText(text, { name: 'data', form: example.form });
        checkTable(read.table);
        checkFindings(read, text);
      },
    ),
    { numRuns: 600 },
  );
});

test('cells spoiled in any way give a sound table', async () => {
  const cell = fc.constantFrom('', 'x', '1', '2', '-1', '1e999', 'NaN', '"', '"a\nb"', 'é');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...EXAMPLES.filter((example) => !isJson(example))),
      fc.array(fc.tuple(fc.nat(9), fc.nat(9), cell), { maxLength: 5 }),
      async (example, changes) => {
        const delimiter = String(example.rows[0]).includes(';') ? ';' : ',';
        const rows = example.rows.map((row) => String(row).split(delimiter));
        for (const [r, c, by] of changes) rows[r % rows.length][c % rows[0].length] = by;
        const text = rows.map((row) => row.join(delimiter)).join('\n');
        const read = await readText(text, { name: 'data', form: example.form });
        checkTable(read.table);
        checkFindings(read, text);
      },
    ),
    { numRuns: 300 },
  );
});

test('a fault in one of several records of a line costs that record, and is pointed at', async () => {
  const coval = EXAMPLES.find(({ form }) => form === 'coval')!;
  const text = fileOf(coval).replace('B>A=C>D', 'B>A=X>D');
  const { table, findings } = await readText(text, { name: 'data' });
  assert.deepEqual(recordsOf(table), coval.records.slice(1));
  const [{ code, positions }] = findings;
  assert.equal(code, 'form/bad-order');
  assert.equal(text.slice(positions[0].column - 1, (positions[0].endColumn ?? 0) - 1), '"B>A=X>D"');
  assert.deepEqual(table.summary.unused, { 'form/bad-order': 1 });
});

test('elements of an array are located by line and column, and what follows the array is reported', async () => {
  const text =
    '[\n  {"prompt": "é🙂", "responses": ["a", "b"], "ranking": [0]},\n  {"prompt": "q",\n "responses": ["a"], "ranking": [0]}] x';
  const { table, findings } = await readText(text, { name: 'data.json' });
  assert.equal(table.records, 1);
  assert.deepEqual(
    findings.map(({ code, positions: [{ line, column }] }) => [code, line, column]),
    [['form/single-response', 4, 15], ['form/bad-json', 4, 39]],
  ); // prettier-ignore
});

test('an array that is not closed keeps what came before its end', async () => {
  const { table, findings } = await readText('[{"prompt":"p","responses":["a","b"],"ranking":[0]},', {
    name: 'x',
  });
  assert.equal(table.records, 1);
  assert.deepEqual(findings.map(({ code }) => code), ['form/bad-json']); // prettier-ignore
});

test('long: columns are named by role; the same response twice in a ranking is a fault of that ranking', async () => {
  const text = 'who\tq\tsaid\tstars\nann\tp\ta\t5\nann\tp\tb\t1\nbob\tp\ta\t2\nbob\tp\ta\t3';
  const columns = { annotator: 'who', prompt: 'q', response: 'said', score: 'stars' };
  const { table, findings } = await readText(text, { name: 'x.tsv', columns });
  assert.equal(table.summary.form, 'long');
  assert.deepEqual(recordsOf(table), [['ann', 'p', '"a" ≻ "b"']]);
  assert.deepEqual(findings.map(({ code, positions }) => [code, positions[0].line]), [['form/duplicate-response', 4]]); // prettier-ignore
});

test('wide: a column for each item, named by the role "ranks"', async () => {
  const { table, findings } = await readText('who,apple,pear,plum\nann,2,1,\nbob,1,2,3', {
    name: 'x.csv',
    form: 'wide',
    columns: { annotator: 'who', ranks: 'apple, pear, plum' },
  });
  assert.deepEqual(findings, []);
  assert.deepEqual(recordsOf(table), [
    ['ann', 'any prompt', '"pear" ≻ "apple" | not ranked: "plum"'],
    ['bob', 'any prompt', '"apple" ≻ "pear" ≻ "plum"'],
  ]);
});

test('wmt: two ranks of one system in a ranking are a fault; without ranking ids each row is a ranking', async () => {
  const header = 'srcIndex,judgeID,system1Id,system1rank,system2Id,system2rank';
  const twice = await readText(`${header},rankingID\n1,j,s,1,t,2,9\n1,j,s,2,u,3,9`, { name: 'x.csv' });
  assert.deepEqual(twice.findings.map(({ code }) => code), ['form/changed-rank']); // prettier-ignore
  const alone = await readText(`${header}\n1,j,s,1,t,2\n1,j,s,2,t,1`, { name: 'x.csv' });
  assert.equal(alone.table.records, 2);
});

test('oasst: a chain of messages longer than any conversation is refused, not followed', async () => {
  let tree: unknown = { text: 'end', role: 'assistant', replies: [] };
  for (let depth = 0; depth < 600; depth++) tree = { text: 'x', role: 'prompter', replies: [tree] };
  const { table, findings } = await readText(JSON.stringify({ prompt: tree }), { name: 'x' });
  assert.equal(table.records, 0);
  assert.ok(findings.some(({ code }) => code === 'form/too-deep'));
});

test('arena: a part of a message that is no text is refused where it stands, and so is a vote for both', async () => {
  const conversation = (content: unknown) => [{ role: 'user', content }, { role: 'assistant', content: 'a' }]; // prettier-ignore
  const lines = [
    { winner: 'tie', conversation_a: conversation([{ type: 'text', text: 'p' }, { type: 'image', text: 'x.png' }]) },
    { winner_model_a: 1, winner_model_b: 1, winner_tie: 0 },
    { winner_model_a: 0, winner_model_b: 1, winner_tie: 0 },
  ].map((vote) => JSON.stringify({ model_a: 'x', model_b: 'y', ...vote })); // prettier-ignore
  const { table, findings } = await readText(lines.join('\n'), { name: 'x.jsonl' });
  assert.deepEqual(recordsOf(table), [[undefined, 'any prompt', '"y" ≻ "x"']]);
  const pointed = findings.map(({ code, positions: [{ line, column, endColumn = 0 }] }) => [
    code,
    lines[line - 1].slice(column - 1, endColumn - 1),
  ]);
  assert.deepEqual(pointed, [
    ['form/not-text', '{"type":"image","text":"x.png"}'],
    ['form/unknown-winner', '1'],
  ]);
});

test('two responses without annotators are no file of PandaLM', async () => {
  const line = { context: 'p', response1: 'a', response2: 'b', overall_preference: -1 };
  const { findings } = await readText(JSON.stringify(line), { name: 'x.jsonl' });
  assert.deepEqual(findings.map(({ code }) => code), ['form/unrecognised']); // prettier-ignore
});
