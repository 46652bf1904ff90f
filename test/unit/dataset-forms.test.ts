import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describeRecord } from '../../src/dataset/describe';
import { readDataset, readText, type ReadOptions } from '../../src/dataset/read';
import { UNRANKED, type RankingTable } from '../../src/dataset/table';

const DATA = '../shared/data';

const read = (text: string, options: ReadOptions & { name?: string } = {}) =>
  readText(text, { name: 'data', ...options });

/** Reads a text in which nothing is wrong. */
async function table(text: string, options: ReadOptions & { name?: string } = {}): Promise<RankingTable> {
  const { table, findings } = await read(text, options);
  assert.deepEqual(findings, []);
  return table;
}

const counts = ({ summary: { form, records, annotators, prompts, responses, items } }: RankingTable) => ({
  form, records, annotators, prompts, responses, items,
}); // prettier-ignore

const levels = (t: RankingTable, r: number) => Array.from(t.level.subarray(t.start[r], t.start[r + 1]));

for (const [file, expected] of [
  ['d_german.soc', { form: 'preflib', records: 2262, annotators: 2262, prompts: 1, responses: 4, items: 0 }],
  ['d_carconf.soi', { form: 'preflib', records: 435, annotators: 435, prompts: 1, responses: 6, items: 0 }],
  ['d_rice.soi', { form: 'preflib', records: 300, annotators: 300, prompts: 1, responses: 5, items: 0 }],
  [
    'german_parties_2009.jsonl',
    { form: 'canonical', records: 2880, annotators: 192, prompts: 1, responses: 6, items: 0 },
  ],
  [
    'llmfao-crowd-comparisons.csv',
    { form: 'arena-csv', records: 8931, annotators: 124, prompts: 13, responses: 750, items: 59 },
  ],
  [
    'hh-rlhf-harmless-test.jsonl.gz',
    { form: 'hh-rlhf', records: 2312, annotators: 0, prompts: 2310, responses: 4624, items: 0 },
  ],
  [
    'squality.jsonl',
    { form: 'squality', records: 300, annotators: 4, prompts: 100, responses: 300, items: 3 },
  ],
  [
    'oasst-en-100-tree.jsonl',
    { form: 'oasst', records: 212, annotators: 0, prompts: 212, responses: 641, items: 0 },
  ],
] as const) {
  test(`reads ${file} with the counts of its documentation`, async (t) => {
    if (!existsSync(DATA)) {
      t.skip('../shared/data is absent');
      return;
    }
    const { table, findings } = await readDataset(`${DATA}/${file}`);
    assert.deepEqual(findings, []);
    assert.deepEqual(table.summary.unused, {});
    assert.deepEqual(counts(table), expected);
  });
}

for (const file of ['llmfao-prompts.jsonl', 'llmfao-results.jsonl', 'README.md']) {
  test(`says what it saw in ${file}, which has none of the forms`, async (t) => {
    if (!existsSync(DATA)) {
      t.skip('../shared/data is absent');
      return;
    }
    const { table, findings } = await readDataset(`${DATA}/${file}`);
    assert.equal(table.records, 0);
    assert.deepEqual(
      findings.map((finding) => [finding.code, finding.severity]),
      [['form/unrecognised', 'error']],
    );
    assert.match(findings[0].fix ?? '', /canonical.*trl.*oasst.*preflib.*long/);
  });
}

test('LLMFAO: ties are kept as ties, and "left" means the model that most prefer', async (t) => {
  if (!existsSync(DATA)) {
    t.skip('../shared/data is absent');
    return;
  }
  const { table } = await readDataset(`${DATA}/llmfao-crowd-comparisons.csv`);
  const items = table.items;
  const responseItem = table.responseItem;
  assert.ok(items && responseItem);
  let ties = 0;
  const wins = new Map<string, number>();
  for (let r = 0; r < table.records; r++) {
    const s = table.start[r];
    if (table.level[s] === table.level[s + 1]) ties++;
    else {
      for (const [i, gain] of [
        [s, 1],
        [s + 1, -1],
      ] as const) {
        const name = items.text(responseItem[table.option[i]]);
        wins.set(name, (wins.get(name) ?? 0) + gain);
      }
    }
  }
  assert.equal(ties, 3471);
  assert.ok((wins.get('GPT 4') ?? 0) > 0, 'GPT 4 wins more often than it loses');
  assert.ok((wins.get('Dolly v2 (3B)') ?? 0) < 0, 'Dolly v2 (3B) loses more often than it wins');
});

test('canonical: order, ties, not ranked, and every optional field', async () => {
  const line = JSON.stringify({
    id: 7,
    annotator: 12,
    type: 'terse',
    prompt: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why?' },
    ],
    responses: ['a', 'b', 'c', 'd'],
    ranking: [2, [0, 1]],
    weight: 0.5,
    items: ['m1', 'm2', 'm1', 'm3'],
    features: [{ length: 1, tone: -1 }, { tone: 2, length: 0 }, { length: 1, tone: 1 }, { length: 1, tone: 4 }],
    reference: [1, 1, 2, 4],
  }); // prettier-ignore
  const t = await table(`${line}\n`);
  assert.equal(t.annotators.text(0), '12');
  assert.equal(t.prompts.text(0), 'system: Be brief.\n\nuser: Why?');
  assert.deepEqual(
    Array.from(t.option, (y) => t.responses.text(y)),
    ['c', 'a', 'b', 'd'],
  );
  assert.deepEqual(levels(t, 0), [0, 1, 1, UNRANKED]);
  assert.deepEqual(Array.from(t.weight), [0.5]);
  assert.deepEqual([t.knownTypes.text(0), t.knownType[0]], ['terse', 0]);
  assert.deepEqual(Array.from(t.responseItem ?? []), [0, 1, 0, 2]);
  assert.deepEqual(t.featureNames, ['length', 'tone']);
  assert.deepEqual(Array.from(t.features ?? []), [1, -1, 0, 2, 1, 1, 1, 4]);
  assert.deepEqual(Array.from(t.reference ?? []), [0.125, 0.125, 0.25, 0.5]);
  assert.equal(describeRecord(t, 0), '"c" ≻ "a" ~ "b" | not ranked: "d"');
});

test('canonical: an annotator that is absent, null or empty is no annotator', async () => {
  const record = { prompt: 'p', responses: ['a', 'b'], ranking: [0] };
  const lines = [
    { ...record },
    { ...record, annotator: null },
    { ...record, annotator: '' },
    { ...record, annotator: 'x' },
  ];
  const t = await table(lines.map((each) => JSON.stringify(each)).join('\n'));
  assert.deepEqual(Array.from(t.annotator), [-1, -1, -1, 0]);
});

test('the same text is one response within a prompt, and another under another prompt or item', async () => {
  const lines = [
    { prompt: 'p', responses: ['a', 'b'], items: ['m', 'n'], ranking: [0] },
    { prompt: 'p', responses: ['a', 'a'], items: ['m', 'k'], ranking: [0] },
    { prompt: 'q', responses: ['a', 'b'], items: ['m', 'n'], ranking: [0] },
  ];
  const t = await table(lines.map((each) => JSON.stringify(each)).join('\n'));
  assert.equal(t.responses.size, 5);
  assert.deepEqual(Array.from(t.option), [0, 1, 0, 2, 3, 4]);
  assert.deepEqual(Array.from(t.responsePrompt), [0, 0, 0, 1, 1]);
});

test('unranked: offered unless said otherwise', async () => {
  const text = '{"prompt":"p","responses":["a","b","c"],"ranking":[0,1]}';
  assert.equal((await table(text)).unranked, 'offered');
  const absent = await table(text, { unranked: 'absent' });
  assert.equal(absent.unranked, 'absent');
  assert.match(describeRecord(absent, 0), /not offered: "c"$/);
});

test('trl: strings, messages, implicit prompts, named columns', async () => {
  const user = { role: 'user', content: 'Hi' };
  const yes = { role: 'assistant', content: 'Hello!' };
  const no = { role: 'assistant', content: 'What?' };
  const lines = [
    { prompt: 'Hi', chosen: 'Hello!', rejected: 'What?' },
    { prompt: [user], chosen: [yes], rejected: [no] },
    { chosen: [user, yes], rejected: [user, no] },
    { chosen: 'The sky is blue.', rejected: 'The sky is black.' },
  ];
  const { table: t, findings } = await read(lines.map((each) => JSON.stringify(each)).join('\n'));
  assert.deepEqual(findings, []);
  assert.deepEqual(counts(t), { form: 'trl', records: 4, annotators: 0, prompts: 2, responses: 4, items: 0 });
  assert.equal(describeRecord(t, 2), '"Hello!" ≻ "What?"');
  assert.deepEqual([t.prompts.text(1), t.responses.text(2)], ['The sky is', 'blue.']);

  const named = await table('{"q":"p","good":"a","bad":"b","by":"ann"}', {
    form: 'trl',
    columns: { prompt: 'q', chosen: 'good', rejected: 'bad', annotator: 'by' },
  });
  assert.deepEqual([named.annotators.text(0), describeRecord(named, 0)], ['ann', '"a" ≻ "b"']);
});

test('hh-rlhf: the prompt ends with the last common "Assistant:"', async () => {
  const start = '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant:';
  const t = await table(JSON.stringify({ chosen: `${start} Because.`, rejected: `${start} Be quiet.` }));
  assert.equal(t.summary.form, 'hh-rlhf');
  assert.equal(t.prompts.text(0), start);
  assert.equal(t.responses.text(0), ' Because.');
});

test('preflib: a count becomes voters, short orders leave the rest unranked, braces are ties', async () => {
  const text = [
    '# FILE NAME: x.toi', '# TITLE: Lunch', '# NUMBER ALTERNATIVES: 4', '# NUMBER VOTERS: 3',
    '# ALTERNATIVE NAME 1: Soup', '# ALTERNATIVE NAME 2: Salad', '# ALTERNATIVE NAME 4: Rice',
    '2: 4,{1,2}', '1: {3, 1}',
  ].join('\n'); // prettier-ignore
  const t = await table(text);
  assert.deepEqual(counts(t), {
    form: 'preflib',
    records: 3,
    annotators: 3,
    prompts: 1,
    responses: 4,
    items: 0,
  });
  assert.deepEqual([t.prompts.text(0), t.annotators.text(1)], ['Lunch', 'voter 2']);
  assert.deepEqual(Array.from(t.annotator), [0, 1, 2]);
  assert.deepEqual(Array.from(t.line), [8, 8, 9]);
  assert.equal(describeRecord(t, 1), '"Rice" ≻ "Soup" ~ "Salad" | not ranked: "alternative 3"');
  assert.equal(describeRecord(t, 2), '"alternative 3" ~ "Soup" | not ranked: "Salad", "Rice"');
});

test('arena CSV: usual columns in any case, outcomes, texts of responses, quoted line breaks', async () => {
  const text =
    'question_id,Model_A,Model_B,winner,judge\n' +
    '1,x,y,model_a,ann\n2,x,y,model_b,ann\n1,y,x,tie (bothbad),bob\n1,x,z,z,bob\n';
  const t = await table(text);
  assert.deepEqual(counts(t), {
    form: 'arena-csv',
    records: 4,
    annotators: 2,
    prompts: 2,
    responses: 5,
    items: 3,
  });
  assert.deepEqual(
    [0, 1, 2, 3].map((r) => describeRecord(t, r)),
    ['"x" ≻ "y"', '"y" ≻ "x"', '"y" ~ "x"', '"z" ≻ "x"'],
  );

  const long =
    'model_a;model_b;winner;prompt;response_a;response_b\nx;y;a;"Say ""hi""\nplease";"hi\n";"no; never"\nx;y;b;p;hi;ho\n';
  const texts = await table(long);
  assert.equal(texts.prompts.text(0), 'Say "hi"\nplease');
  assert.deepEqual([texts.responses.text(0), texts.responses.text(1)], ['hi\n', 'no; never']);
  assert.deepEqual(Array.from(texts.line), [2, 5]);
  assert.deepEqual(Array.from(texts.offset), [52, long.lastIndexOf('x;y')]);
});

test('arena CSV: every role can be named', async () => {
  const columns = {
    annotator: 'w',
    prompt: 'q',
    a: 'm1',
    b: 'm2',
    winner: 'v',
    response_a: 't1',
    response_b: 't2',
  };
  const t = await table('w,q,m1,m2,v,t1,t2\nann,why,x,y,right,because,no\n', { form: 'arena-csv', columns });
  assert.equal(describeRecord(t, 0), '"no" ≻ "because"');
  assert.deepEqual([t.annotators.text(0), t.prompts.text(0), t.items?.text(0)], ['ann', 'why', 'x']);
});

test('assumptions are sentences; unknown fields are named', async () => {
  const t = await table('{"prompt":"p","responses":["a","b"],"ranking":[0],"note":1}');
  assert.deepEqual(t.summary.assumptions, ['Fields that this form does not know are ignored: note.']);
});
