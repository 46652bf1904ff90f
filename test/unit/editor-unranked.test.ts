import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readText } from '../../src/dataset/read';
import { UNRANKED } from '../../src/dataset/table';
import { edited } from '../../src/editor/language/line-edit';
import { unrankedOut } from '../../src/editor/language/unranked';

/** A record with its values as they are written, and how its parts are set apart. */
interface Written {
  readonly keys: readonly string[];
  readonly comma: string;
  readonly pad: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly groups: readonly (readonly number[])[];
  /** Whether a group of one is written as a number or as a tie of one. */
  readonly bare: boolean;
}

const PARALLEL = ['responses', 'items', 'features', 'reference'];

const records: fc.Arbitrary<Written> = fc.integer({ min: 2, max: 7 }).chain((m) =>
  fc
    .record({
      keys: fc
        .subarray(['items', 'features', 'reference', 'id', 'a "responses": [1, 2]'])
        .chain((some) =>
          fc.shuffledSubarray([...some, 'prompt', 'responses', 'ranking'], { minLength: some.length + 3 }),
        ),
      comma: fc.constantFrom(',', ', ', ' ,\t'),
      pad: fc.constantFrom('', ' '),
      rows: fc.array(
        fc.record({
          responses: fc.string({ unit: 'grapheme' }),
          items: fc.constantFrom('"x"', '"[,]"', '"\\u00e4"'),
          features: fc.constantFrom('[0.10,2]', '[ 1e0, -3 ]'),
          reference: fc.constantFrom('1.50', '2e-1'),
        }),
        { minLength: m, maxLength: m },
      ),
      order: fc.shuffledSubarray([...Array(m).keys()], { minLength: 1 }),
      // where a group ends
      ends: fc.array(fc.boolean(), { minLength: m, maxLength: m }),
      bare: fc.boolean(),
    })
    .map(({ order, ends, rows, ...rest }) => {
      const groups: number[][] = [];
      order.forEach((index, i) => {
        if (i === 0 || ends[i]) groups.push([index]);
        else groups[groups.length - 1].push(index);
      });
      const named = rows.map((row, i) => ({ ...row, responses: JSON.stringify(`${i} ${row.responses}`) }));
      return { ...rest, rows: named, groups };
    }),
);

function write({ keys, comma, pad, rows, groups, bare }: Written): string {
  const list = (values: readonly string[]) => `[${pad}${values.join(comma)}${pad}]`;
  const ranking = groups.map((group) =>
    bare && group.length === 1 ? String(group[0]) : list(group.map(String)),
  );
  const fields = keys.map((key) => {
    const value = PARALLEL.includes(key)
      ? list(rows.map((row) => row[key]))
      : key === 'ranking'
        ? list(ranking)
        : '"what, [else]"';
    return `${JSON.stringify(key)}${pad}:${value}`;
  });
  return `{${fields.join(comma)}${pad}}`;
}

/** The same record without its unranked responses, made from its parts. */
function shortened(record: Written): Written {
  const kept = [...record.rows.keys()].filter((i) => record.groups.flat().includes(i));
  return {
    ...record,
    rows: kept.map((i) => record.rows[i]),
    groups: record.groups.map((group) => group.map((i) => kept.indexOf(i))),
  };
}

/** The ranked options of a line, best first, with what is known of each; and how many are not ranked. */
async function rankedIn(line: string): Promise<{ ranked: unknown[]; unranked: number }> {
  const { table, findings } = await readText(line, {
    name: 'a.jsonl',
    form: 'canonical',
    unranked: 'offered',
  });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.equal(table.records, 1);
  const d = table.featureNames?.length ?? 0;
  const options = [...table.option].map((option, i) => ({
    level: table.level[i],
    text: table.responses.text(option),
    item: table.responseItem && table.items?.text(table.responseItem[option]),
    features: table.features && [...table.features.slice(option * d, (option + 1) * d)],
  }));
  const ranked = options.filter(({ level }) => level !== UNRANKED);
  return { ranked, unranked: options.length - ranked.length };
}

test('a record without its unranked responses reads as the same ranking, and nothing else of the line changes', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (record) => {
      const line = write(record);
      const before = await rankedIn(line);
      const { unranked, edits } = unrankedOut(line);
      assert.equal(unranked, before.unranked);
      if (unranked === 0 || before.ranked.length < 2) {
        assert.deepEqual(edits, []);
        return;
      }
      const rewritten = edited(line, edits);
      assert.deepEqual(await rankedIn(rewritten), { ranked: before.ranked, unranked: 0 });
      assert.equal(rewritten, write(shortened(record)));
      assert.deepEqual(unrankedOut(rewritten), { unranked: 0, edits: [] });
    }),
    { numRuns: 300 },
  );
});

test('ties stay ties, and what runs parallel to the responses keeps step', () => {
  const line =
    '{"x":[1,2,3,4],"items":["p","q","r","s"],"responses":["a","b","c","d"], "ranking":[[3, 1]],"reference":null}';
  const { unranked, edits } = unrankedOut(line);
  assert.equal(unranked, 2);
  assert.equal(
    edited(line, edits),
    '{"x":[1,2,3,4],"items":["q","s"],"responses":["b","d"], "ranking":[[1, 0]],"reference":null}',
  );
});

test('a lone ranked response is counted and left alone: fewer than two would remain', () => {
  assert.deepEqual(unrankedOut('{"responses":["a","b","c"],"ranking":[1]}'), { unranked: 2, edits: [] });
});

test('nothing is offered on a line that cannot be read as a record', () => {
  const responses = '"responses":["a","b","c"]';
  for (const line of [
    '',
    '[]',
    '{"responses":["a","b","c"],"ranking":[1,0]',
    `{${responses}}`,
    `{${responses},"ranking":[]}`,
    `{${responses},"ranking":[1,1]}`,
    `{${responses},"ranking":[1,3]}`,
    `{${responses},"ranking":[1,"0"]}`,
    `{${responses},"ranking":[1,0.5]}`,
    `{${responses},"ranking":[[[1]],0]}`,
    `{${responses},"ranking":[[],1,0]}`,
    '{"responses":["a","b",3],"ranking":[1,0]}',
    `{${responses},"ranking":[1,0],"items":["p","q"]}`,
    `{${responses},"ranking":[1,0],"features":{"length":[1,2,3]}}`,
    '['.repeat(1e5),
  ]) {
    assert.deepEqual(unrankedOut(line), { unranked: 0, edits: [] }, line.slice(0, 80));
  }
});
