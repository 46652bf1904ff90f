import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { choiceSets } from '../../src/identify/choice-sets';
import { displayOrder } from '../../src/identify/data/display-order';
import { foldedWords, sameWords, wordLists } from '../../src/identify/data/folded-words';
import { shortestCycle } from '../../src/identify/data/shortest-cycle';
import { binomialTail, holm, hypergeometricTail } from '../../src/identify/data/significance';
import { voteTable } from '../../src/identify/data/vote-table';
import { findingsOf, tableOf } from './data-findings-records';

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
const close = (a: number, b: number) => {
  assert.ok(Math.abs(a - b) <= 1e-10 * Math.max(a, b) + 1e-300, `${a} is ${b}`);
};

test('binomial tails equal their sums', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.nat(60),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (n, k, p) => {
        let sum = 0;
        for (let x = n; x >= k; x--) sum += choose(n, x) * p ** x * (1 - p) ** (n - x);
        close(binomialTail(k, n, p), Math.min(1, sum));
      },
    ),
  );
  // by integer arithmetic
  close(binomialTail(204, 290, 0.5), 1.6126120716044063e-12);
});

test('hypergeometric tails equal their sums', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(30), (marked, others, drawn, k) => {
      const total = marked + others;
      const n = Math.min(drawn, total);
      let sum = 0;
      for (let x = Math.min(n, marked); x >= k; x--) {
        if (n - x <= others) sum += (choose(marked, x) * choose(others, n - x)) / choose(total, n);
      }
      close(hypergeometricTail(k, n, marked, total), sum);
    }),
  );
});

test('the binomial tail bounds that of a sum of different chances, from one above the mean on', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 12 }), (sizes) => {
      let chances = [1]; // of so many hits
      for (const m of sizes) {
        chances = [...chances, 0].map((each, k) => each * (1 - 1 / m) + (k > 0 ? chances[k - 1] / m : 0));
      }
      const mean = sizes.reduce((sum, m) => sum + 1 / m, 0);
      for (let k = Math.ceil(mean + 1); k <= sizes.length; k++) {
        const exact = chances.slice(k).reduce((sum, each) => sum + each, 0);
        assert.ok(binomialTail(k, sizes.length, mean / sizes.length) >= exact * (1 - 1e-12));
      }
    }),
  );
});

test('Holm rejects what Bonferroni does, nothing above the rate, and no larger p-value than one it keeps', () => {
  const pValues = fc.array(fc.double({ min: 0, max: 0.02, noNaN: true }), { maxLength: 12 });
  fc.assert(
    fc.property(pValues, (p) => {
      const rejected = new Set(holm(p, 0.01));
      p.forEach((value, i) => {
        if (value <= 0.01 / p.length) assert.ok(rejected.has(i));
        if (value > 0.01) assert.ok(!rejected.has(i));
        if (rejected.has(i))
          p.forEach((other, j) => {
            assert.ok(other >= value || rejected.has(j));
          });
      });
    }),
  );
});

test('the shortest cycle is a cycle, and none is shorter', () => {
  const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 25 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const first = new Map<number, number>();
      pairs.forEach(([a, b], r) => {
        if (a !== b && !first.has(a * 7 + b)) first.set(a * 7 + b, r);
      });
      const oneWay = (a: number, b: number) => first.has(a * 7 + b) && !first.has(b * 7 + a);
      const found = shortestCycle({ first, width: 7 });
      assert.equal(found?.nodes.length, shortestByWalks(oneWay));
      if (!found) return;
      assert.equal(new Set(found.nodes).size, found.nodes.length);
      found.nodes.forEach((a, i) => {
        const b = found.nodes[(i + 1) % found.nodes.length];
        assert.ok(oneWay(a, b));
        assert.equal(found.records[i], first.get(a * 7 + b));
      });
    }),
    { numRuns: 500 },
  );
});

/** The least number of steps from any node back to itself, by powers of the adjacency matrix. */
function shortestByWalks(edge: (a: number, b: number) => boolean): number | undefined {
  const nodes = [0, 1, 2, 3, 4, 5, 6];
  let reach = nodes.map((a) => nodes.map((b) => a === b));
  for (let steps = 1; steps <= 7; steps++) {
    reach = reach.map((row) => nodes.map((b) => nodes.some((via) => row[via] && edge(via, b))));
    if (nodes.some((a) => reach[a][a])) return steps;
  }
  return undefined;
}

test('words fold case, spaces and punctuation, and nothing else', () => {
  const word = fc.constantFrom('one', 'Zwei', 'TROIS', '4', '<', '-5', 'é', 'ß', '日本');
  const gap = fc.constantFrom(' ', ', ', '. ', '  ', '\n', ' — ', '; ');
  const phrase = fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(phrase, phrase, fc.boolean(), (a, b, upper) => {
      const text = a.map((part) => part.join('')).join('');
      const same = a.map(([each]) => (upper ? each.toLowerCase() : each)).join(' ');
      assert.ok(sameWords(foldedWords(text), foldedWords(same)), `${text} | ${same}`);
      const other = b.map(([each]) => each).join('!  ');
      const equal = a.map(([each]) => each).join() === b.map(([each]) => each).join();
      assert.equal(sameWords(foldedWords(text), foldedWords(other)), equal, `${text} | ${other}`);
    }),
  );
});

test('folding character by character gives the words of folding the whole text', () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0x9fff }),
    fc.integer({ min: 0, max: 0x17f }),
    fc.constantFrom(
      ...[' ', '-', '7', '²', 'Σ', 'é', '\u00a0', '\u2003', '\u0301', '\u1161', '…'].map((c) =>
        c.charCodeAt(0),
      ),
    ),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
      const text = String.fromCharCode(...units);
      // ﬁ becomes two letters, which takes the tables for the whole text
      const whole = foldedWords(`${text} ﬁ`);
      assert.deepEqual(foldedWords(text), whole.slice(0, -1), JSON.stringify(text));
    }),
    { numRuns: 20_000 },
  );
  for (let code = 0; code < 0xa000; code++) {
    const text = `x-${String.fromCharCode(code)}-3`;
    assert.deepEqual(foldedWords(text), foldedWords(`${text} ﬁ`).slice(0, -1), code.toString(16));
  }
});

test('the words of a text as it is kept are those of the text, or it has to be read as a string', () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0x24f }),
    fc.integer({ min: 0, max: 0xffff }),
    fc.constantFrom(
      ...['"', '\\', '/', '\n', '\t', ' ', '-', '7', 'é', '日', '…'].map((c) => c.charCodeAt(0)),
    ),
  );
  let folded = 0;
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), fc.boolean(), fc.boolean(), (units, escaped, all) => {
      const text = Buffer.from(String.fromCharCode(...units)).toString(); // without halves of pairs
      const written = all
        ? text.replace(/[^]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : JSON.stringify(text).slice(1, -1);
      const bytes = Buffer.from(escaped ? written : text);
      const lists = wordLists();
      lists.addText('something before it');
      const length = lists.addKept({ bytes, escaped });
      assert.equal(lists.size, length === undefined ? 1 : 2);
      if (length === undefined) return;
      folded++;
      assert.equal(length, text.length);
      assert.deepEqual(lists.words(1), foldedWords(text), JSON.stringify(text));
    }),
    { numRuns: 20_000 },
  );
  assert.ok(folded > 5000);
  for (const bad of [
    [0xc3],
    [0xe2, 0x80],
    [0xed, 0xa0, 0x80],
    [0xc0, 0xaf],
    [0xe0, 0x80, 0x80],
    [0xff],
    [0xf0, 0x9f, 0x91, 0x8d],
  ])
    assert.equal(wordLists().addKept({ bytes: Uint8Array.from([0x61, ...bad]), escaped: false }), undefined);
});

test('an order that contradicts itself nowhere is fixed; nothing shown twice, or either way round, is not', async () => {
  const pairs = Array.from({ length: 6 }, (_, i) => Array.from({ length: i }, (__, j) => [j, i])).flat();
  const shown = async (name: (i: number, pair: number) => string, turned: (pair: number) => boolean) => {
    const table = await tableOf(
      pairs.map(([a, b], pair): CanonicalRecord => {
        const responses = [name(a, pair), name(b, pair)];
        return { prompt: 'p', responses: turned(pair) ? responses.reverse() : responses, ranking: [0, 1] };
      }),
    );
    assert.ok(table.position);
    return displayOrder(table, table.position, choiceSets(table).of);
  };
  assert.equal(
    await shown(
      (i) => `answer ${i}`,
      () => false,
    ),
    'fixed',
  );
  assert.equal(
    await shown(
      (i) => `answer ${i}`,
      (pair) => pair % 2 === 0,
    ),
    'record',
  );
  assert.equal(
    await shown(
      (i, pair) => `answer ${i} of ${pair}`,
      () => false,
    ),
    'record',
  );
});

test('votes are numbered as by a map of keys', () => {
  const key = fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: -1, max: 2 }));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
      const table = voteTable(keys.length);
      const ids = new Map<string, number>();
      for (const each of keys) {
        const known = ids.get(each.join()) ?? ids.size;
        ids.set(each.join(), known);
        assert.equal(table.id(...each), known);
      }
    }),
  );
});

const records = fc.array(
  fc.record({
    annotator: fc.constantFrom(undefined, 'a', 'b'),
    prompt: fc.constantFrom('p', 'q'),
    responses: fc.shuffledSubarray(['v', 'w', 'x', 'X.', 'y'], { minLength: 3 }),
    ranking: fc.constantFrom([0], [1, 0], [2, 0, 1], [[0, 1], 2], [[0, 1, 2]]),
    items: fc.constant(undefined),
  }),
  { minLength: 1, maxLength: 25 },
);

test('duplicates and contradictions are those that comparing all pairs of records gives', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (some: CanonicalRecord[]) => {
      const level = (record: CanonicalRecord, text: string) => {
        const at = record.responses.indexOf(text);
        const place = record.ranking.findIndex((entry) =>
          typeof entry === 'number' ? entry === at : entry.includes(at),
        );
        return at < 0 ? NaN : place < 0 ? Infinity : place;
      };
      const texts = ['v', 'w', 'x', 'X.', 'y'];
      const together = (i: number, j: number) =>
        some[i].annotator !== undefined &&
        some[i].annotator === some[j].annotator &&
        some[i].prompt === some[j].prompt;
      const copies: number[] = [];
      const reversed: number[] = [];
      some.forEach((record, j) => {
        const before = some.map((_, i) => i).filter((i) => i < j && together(i, j));
        if (before.some((i) => texts.every((y) => Object.is(level(some[i], y), level(record, y)))))
          copies.push(j + 1);
        // a pair is reported where its second direction first stands
        const states = (i: number, y: string, z: string) => level(some[i], y) < level(some[i], z);
        const isNew = texts.some((y) =>
          texts.some(
            (z) =>
              states(j, y, z) && before.some((i) => states(i, z, y)) && !before.some((i) => states(i, y, z)),
          ),
        );
        if (isNew) reversed.push(j + 1);
      });
      const found = await findingsOf(some);
      const linesOf = (code: string) =>
        found.filter((finding) => finding.code === code).map(({ positions }) => positions[0].line);
      assert.deepEqual(linesOf('data/duplicate-record'), copies);
      assert.deepEqual(linesOf('data/contradiction'), reversed);
    }),
    { numRuns: 300 },
  );
});

test('the same records give the same findings', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (some: CanonicalRecord[]) => {
      assert.deepEqual(await findingsOf(some), await findingsOf(some));
    }),
    { numRuns: 30 },
  );
});
