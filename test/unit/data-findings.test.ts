import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readDataset, readText } from '../../src/dataset/read';
import { TRUNCATED_AT } from '../../src/identify/data/equal-beginnings';
import { MOST_PLACES } from '../../src/identify/data/places';
import { dataFindings } from '../../src/identify/data/rules';
import { findingsOf, prefers, votes } from './data-findings-records';

const lines = (finding: { positions: readonly { line: number }[] }) =>
  finding.positions.map(({ line }) => line);

test('a duplicate points at the copy and relates the first, however ties and the order shown are written', async () => {
  const found = await findingsOf([
    { annotator: 'a', prompt: 'p', responses: ['x', 'y', 'z'], ranking: [[0, 1], 2] },
    { annotator: 'b', prompt: 'p', responses: ['x', 'y', 'z'], ranking: [[0, 1], 2] },
    { annotator: 'a', prompt: 'p', responses: ['z', 'y', 'x'], ranking: [[1, 2], 0] },
    { annotator: 'a', prompt: 'p', responses: ['x', 'y', 'z'], ranking: [[0, 1]] },
    { annotator: 'a', prompt: 'q', responses: ['x', 'y', 'z'], ranking: [[0, 1], 2] },
  ]);
  assert.deepEqual(
    found.map(({ code, severity }) => [code, severity]),
    [['data/duplicate-record', 'warning']],
  );
  assert.deepEqual(lines(found[0]), [3]);
  assert.deepEqual(
    found[0].related?.map(({ position }) => position),
    [{ line: 1, column: 1 }],
  );
  assert.match(found[0].message, /“a”.*line 1\./);
});

test('records without an annotator are neither duplicates nor contradictions', async () => {
  const said = { prompt: 'p', responses: ['x', 'y'] };
  assert.deepEqual(
    await findingsOf([
      { ...said, ranking: [0] },
      { ...said, ranking: [0] },
      { ...said, ranking: [1] },
    ]),
    [],
  );
});

test('a contradiction relates its other half; a tie and another prompt contradict nothing', async () => {
  const found = await findingsOf([
    prefers('a', 'x', 'y'),
    prefers('a', 'x', 'y', { prompt: 'q', shownSecond: true }),
    { annotator: 'a', prompt: 'p', responses: ['x', 'y'], ranking: [[0, 1]] },
    prefers('a', 'y', 'x'),
    prefers('b', 'y', 'x'),
  ]);
  assert.equal(found.length, 1);
  const [{ code, severity, related, message }] = found;
  assert.deepEqual([code, severity, lines(found[0])], ['data/contradiction', 'warning', [4]]);
  assert.deepEqual(
    related?.map(({ position }) => position.line),
    [1],
  );
  assert.match(message, /“a” prefers “y” to “x” here, and “x” to “y” in line 1/);
});

test('rankings that contradict each other in several pairs are one finding that counts them', async () => {
  const said = { annotator: 'a', prompt: 'p', responses: ['x', 'y', 'z'] };
  const found = await findingsOf([
    { ...said, ranking: [0, 1, 2] },
    { ...said, ranking: [2, 1, 0] },
  ]);
  assert.equal(found.length, 1);
  assert.match(found[0].message, /2 more pairs/);
});

test('items preferred differently on different prompts are an information, not a fault of a record', async () => {
  const items = (first: string, second: string) => ({ items: [first, second] });
  const found = await findingsOf([
    prefers('a', 'x1', 'y1', { prompt: '1', ...items('X', 'Y') }),
    prefers('a', 'y2', 'x2', { prompt: '2', ...items('Y', 'X') }),
    prefers('b', 'y2', 'x2', { prompt: '2', ...items('Y', 'X') }),
  ]);
  assert.equal(found.length, 1);
  assert.deepEqual([found[0].severity, found[0].occurrences, lines(found[0])], ['information', 1, [2]]);
  assert.match(found[0].message, /1 annotator of 2 .* “a” prefers “Y” to “X” here/);
});

test('the shortest cycle is shown, with the records that make it', async () => {
  const found = await findingsOf(
    [
      prefers('a', 'v', 'w'),
      prefers('a', 'w', 'x'),
      prefers('a', 'x', 'y'),
      prefers('a', 'y', 'v'),
      prefers('a', 'y', 'w'),
      prefers('b', 'y', 'x'),
    ],
    'cycle',
  );
  assert.equal(found.length, 1);
  assert.match(found[0].message, /“w” ≻ “x” ≻ “y” ≻ “w”\. .*shorter than these 3/);
  assert.deepEqual(lines(found[0]), [5]);
  assert.deepEqual(
    found[0].related?.map(({ position }) => position.line),
    [2, 3],
  );
});

test('two that contradict each other are no cycle', async () => {
  const records = [
    prefers('a', 'x', 'y'),
    prefers('a', 'y', 'z'),
    prefers('a', 'z', 'x'),
    prefers('a', 'x', 'z'),
  ];
  assert.deepEqual(await findingsOf(records, 'cycle'), []);
});

test('a cycle over items through several prompts is counted once', async () => {
  const over = (x: number, a: string, b: string) =>
    prefers('a', `${a}${x}`, `${b}${x}`, { prompt: `${x}`, items: [a, b] });
  const found = await findingsOf([over(1, 'A', 'B'), over(2, 'B', 'C'), over(3, 'C', 'A')], 'cycle');
  assert.equal(found.length, 1);
  assert.match(found[0].message, /1 annotator of 1 .*“A” ≻ “B” ≻ “C” ≻ “A”/);
});

test('one annotator with a favourite place is named, with numbers', async () => {
  const records = votes({ annotators: 12, records: 40, seed: 1, lazy: (h) => (h === 5 ? 0.8 : 0) });
  const found = await findingsOf(records);
  assert.deepEqual(
    found.map(({ code, severity }) => [code, severity]),
    [['data/position-bias', 'warning']],
  );
  assert.deepEqual(lines(found[0]), [201]);
  assert.match(
    found[0].message,
    /“annotator 5” chose the response shown first in 3\d of 40 records: \d+ %, .* 50 %/,
  );
  assert.match(found[0].message, /fewer than 1 % .* 12 annotators/);
  assert.match(found[0].source ?? '', /binomial/);
});

test('a slight bias of all is found over all records, also in choice sets of three', async () => {
  for (const options of [2, 3]) {
    const records = votes({ annotators: 60, records: 40, seed: 2, options, lazy: () => 0.15 });
    const found = await findingsOf(records, 'position-bias');
    assert.match(found[0].message, /^Over all annotators, the best response was the response shown first in/);
    assert.deepEqual(found[0].positions, []);
  }
});

test('an order that is drawn once for each choice set is tested by choice set', async () => {
  const clean = votes({ annotators: 50, records: 30, prompts: 40, seed: 3, order: 'choice-set' });
  assert.deepEqual(await findingsOf(clean), []);
  const one = votes({
    annotators: 50,
    records: 30,
    prompts: 40,
    seed: 3,
    order: 'choice-set',
    lazy: (h) => (h === 7 ? 1 : 0),
  });
  assert.deepEqual(
    (await findingsOf(one)).map(({ code, message }) => [code, /“annotator 7”/.test(message)]),
    [['data/constant-choice', true]],
  );
});

test('nobody is named where all see the better response first', async () => {
  assert.deepEqual(await findingsOf(votes({ annotators: 50, records: 30, seed: 4, order: 'fixed' })), []);
});

test('where items are always listed in one order, place cannot be told from quality and nothing is said', async () => {
  const parties = ['A', 'B', 'C', 'D', 'E', 'F'];
  const pairs = parties.flatMap((a, i) => parties.slice(i + 1).map((b) => [a, b]));
  // the later in the alphabet wins but for some close calls
  const records = Array.from({ length: 60 }, (_, h) =>
    pairs.map(([a, b], i) =>
      prefers(`a${h}`, (h + i) % 9 === 0 ? a : b, (h + i) % 9 === 0 ? b : a, {
        shownSecond: (h + i) % 9 !== 0,
      }),
    ),
  ).flat();
  assert.deepEqual(await findingsOf(records, 'position-bias'), []);
  assert.deepEqual(await findingsOf(records, 'constant-choice'), []);
});

test('a file that lists responses by rank cannot be tested, and that is said once', async () => {
  const records = Array.from({ length: 30 }, (_, i) =>
    prefers(`a${i % 3}`, `x${i}`, `y${i}`, { prompt: `${i}` }),
  );
  const found = await findingsOf(records);
  assert.deepEqual(
    found.map(({ code, severity }) => [code, severity]),
    [['data/position-bias', 'information']],
  );
  assert.match(found[0].message, /In all 30 records .* listed first/);
});

test('forms that do not keep the order shown are not tested', async () => {
  const text = Array.from(
    { length: 50 },
    (_, i) => `{"annotator":"a","prompt":"${i}","chosen":"x${i}","rejected":"y${i}"}`,
  );
  const { table } = await readText(text.join('\n'), { name: 'x.jsonl' });
  assert.equal(table.position, undefined);
  assert.deepEqual(dataFindings(table), []);
});

test('always the same place, and always a tie', async () => {
  const lazy = votes({ annotators: 20, records: 30, seed: 5, lazy: (h) => (h === 3 ? 1 : 0) });
  const [same, ...others] = await findingsOf(lazy);
  assert.deepEqual([same.code, lines(same), others], ['data/constant-choice', [91], []]);
  assert.match(same.message, /“annotator 3” always chose the same place: .* 30 of 30 records: 100 %/);

  const tied = votes({ annotators: 20, records: 30, seed: 6, tie: (h) => (h === 4 ? 1 : 0.05) });
  const found = await findingsOf(tied);
  assert.deepEqual(
    found.map(({ code }) => code),
    ['data/constant-choice'],
  );
  assert.match(found[0].message, /“annotator 4” tied everything in all of 30 records/);
});

test('an annotator who ties far more than the others', async () => {
  const found = await findingsOf(
    votes({ annotators: 20, records: 60, prompts: 60, seed: 7, tie: (h) => (h === 9 ? 0.5 : 0.1) }),
  );
  assert.deepEqual(
    found.map(({ code, severity }) => [code, severity]),
    [['data/tie-heavy', 'information']],
  );
  assert.match(
    found[0].message,
    /“annotator 9” tied responses in \d+ of 60 records \(\d+ %\); the others did so in \d+ %/,
  );
});

test('responses that differ in case, spaces and punctuation, or in one word of many', async () => {
  const long = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
  const found = await findingsOf(
    [
      prefers('a', 'You are welcome!', 'you are  welcome.'),
      prefers('b', `${long} yes`, `${long} no`, { prompt: 'q' }),
      prefers('a', 'x is 3', 'x is -3', { prompt: 'r' }),
      prefers('a', 'a < b', 'a > b', { prompt: 's' }),
      prefers('a', '👍', '👎', { prompt: 't' }),
      prefers('a', 'Straße', 'STRASSE und', { prompt: 'u' }),
      prefers('a', '…', '?!', { prompt: 'v' }),
    ],
    'near-identical-responses',
  );
  assert.deepEqual(found.map(lines), [[1], [2]]);
  assert.match(
    found[0].message,
    /nothing but case, spaces or punctuation: “You are welcome!” and “you are welcome\.”/,
  );
  assert.match(found[1].message, /96 % of their words/);
});

test('near-identical responses that no record compares are linked to where the first stands', async () => {
  const found = await findingsOf(
    [prefers('a', 'Yes.', 'Maybe'), prefers('a', 'No', 'Yes')],
    'near-identical-responses',
  );
  assert.deepEqual(lines(found[0]), [2]);
  assert.deepEqual(
    found[0].related?.map(({ position }) => position.line),
    [1],
  );
});

test('responses that are equal as far as a training program reads', async () => {
  const text = (seed: number, length: number) =>
    Array.from({ length }, (_, i) => String.fromCharCode(97 + ((i * 7 + seed * (i >> 4)) % 26))).join('');
  const begin = text(1, TRUNCATED_AT);
  const found = await findingsOf(
    [
      prefers('a', `${begin}, yes`, `${begin}, no, never`),
      prefers('a', `${begin.slice(1)}yes`, `${begin.slice(1)}no`, { prompt: 'q' }),
      prefers('a', begin, text(2, 3000), { prompt: 'r' }),
    ],
    'equal-after-truncation',
  );
  assert.deepEqual(found.map(lines), [[1]]);
  assert.match(
    found[0].message,
    /equal in their first 2002 characters.*2005 and 2011 characters long.*Cut to 2000/s,
  );
});

test('an annotator who belongs to another known type, and types that are shuffled', async () => {
  // two types that want the opposite, with noise
  const typed = (typeOf: (h: number) => number) =>
    votes({ annotators: 40, records: 100, prompts: 100, seed: 8 }).map((record) => {
      const h = Number(record.annotator?.split(' ')[1]);
      const turned = h % 2 === 1 ? [1 - (record.ranking[0] as number)] : record.ranking;
      return { ...record, ranking: turned, type: `type ${typeOf(h)}` };
    });
  assert.deepEqual(await findingsOf(typed((h) => h % 2)), []);
  const one = await findingsOf(typed((h) => (h === 6 ? 1 : h % 2)));
  assert.deepEqual(
    one.map(({ code, positions }) => [code, positions[0].line]),
    [['data/known-types-contradicted', 601]],
  );
  assert.match(
    one[0].message,
    /“annotator 6” is said to be of type “type 1”, but sides with the other types in \d+ of the \d+/,
  );
  const shuffled = await findingsOf(typed((h) => (h >> 1) % 2));
  assert.match(
    shuffled[0].message,
    /^Annotators side with their own known type in \d+ of the \d+ judgements/,
  );
  assert.deepEqual(shuffled[0].positions, []);
});

test('findings of one code are capped, and all are counted', async () => {
  const records = Array.from({ length: MOST_PLACES + 6 }, () => prefers('a', 'x', 'y'));
  const found = await findingsOf(records, 'duplicate-record');
  assert.equal(found.length, MOST_PLACES + 1);
  assert.deepEqual(found.at(-1)?.positions, []);
  assert.equal(found.at(-1)?.occurrences, MOST_PLACES + 5);
});

test('LLMFAO: an annotator with a favourite side, and one who always takes it', async (t) => {
  const path = '../shared/data/llmfao-crowd-comparisons.csv';
  if (!existsSync(path)) {
    t.skip('../shared/data is absent');
    return;
  }
  const { table } = await readDataset(path);
  const found = dataFindings(table).filter(({ code }) => /position|constant/.test(code));
  assert.deepEqual(
    found.map(({ code, message }) => [
      code,
      /“(\w+)”/.exec(message)?.[1],
      /(\d+ of \d+) records/.exec(message)?.[1],
    ]),
    [
      ['data/position-bias', '20', '204 of 290'],
      ['data/position-bias', '37', '73 of 98'],
      ['data/constant-choice', '32', '21 of 21'],
    ],
  );
});

test('every data code has its page, and every page its code', () => {
  const sources = readdirSync('src/identify/data').map((file) =>
    readFileSync(`src/identify/data/${file}`, 'utf8'),
  );
  const codes = sources.flatMap((source) =>
    Array.from(source.matchAll(/code: '(data\/[a-z-]+)'/g), (match) => match[1]),
  );
  const pages = readdirSync('docs/findings/data').map((file) => `data/${file.replace(/\.md$/, '')}`);
  assert.deepEqual(pages.sort(), [...new Set(codes)].sort());
  for (const page of pages)
    assert.ok(readFileSync(`docs/findings/${page}.md`, 'utf8').startsWith(`# ${page}\n`));
});
