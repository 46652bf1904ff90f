import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readText } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import { bars } from '../../src/identify/collection/bars';
import { linkCounts, MOST_LINKS } from '../../src/identify/collection/links';
import { MOST_NODES, shownThings } from '../../src/identify/collection/shown-things';
import { unions } from '../../src/identify/graph';
import { validateTable } from '../../src/identify/verdicts';
import type { Collection, ComparisonGraph } from '../../src/protocol/validation';

interface Line {
  readonly annotator?: string;
  readonly prompt: string;
  readonly responses: readonly string[];
  readonly ranking: readonly number[];
}

async function tableOf(lines: readonly Line[]): Promise<RankingTable> {
  return (await readText(lines.map((line) => JSON.stringify(line)).join('\n'), { name: 'seen.jsonl' })).table;
}

async function collected(lines: readonly Line[]): Promise<Collection> {
  const table = await tableOf(lines);
  const { collection } = validateTable(table, [], { types: 2, collection: true });
  assert.ok(collection);
  return collection;
}

const graphOf = ({ graphs }: Collection, kind: ComparisonGraph['kind']) => {
  const graph = graphs.find((each) => each.kind === kind);
  assert.ok(graph);
  return graph;
};

test('a histogram keeps every count, in at most 24 bars that do not overlap', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 50 })), {
        selector: ([value]) => value,
        minLength: 1,
        maxLength: 200,
      }),
      (counts) => {
        const drawn = bars(counts);
        assert.ok(drawn.length <= 24);
        drawn.forEach(({ from, to, count }, i) => {
          const inside = counts.filter(([value]) => value >= from && value <= to);
          assert.equal(
            count,
            inside.reduce((sum, [, n]) => sum + n, 0),
          );
          assert.ok(i === 0 || from > drawn[i - 1].to);
        });
        assert.equal(
          drawn.reduce((sum, { count }) => sum + count, 0),
          counts.reduce((sum, [, n]) => sum + n, 0),
        );
      },
    ),
  );
});

test('a few values have a bar each, a long tail bars that double', () => {
  assert.deepEqual(
    bars([
      [3, 2],
      [1, 5],
    ]),
    [
      { from: 1, to: 1, count: 5 },
      { from: 3, to: 3, count: 2 },
    ],
  );
  assert.deepEqual(
    bars([
      [1, 90],
      [2, 9],
      [700, 1],
    ]).map(({ from, to }) => [from, to]),
    [
      [1, 2],
      [511, 700],
    ],
  );
  assert.deepEqual(bars([[1, 0]]), []);
});

test('the links kept hold together what all links do, and stay few', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 40 }).chain((nodes) =>
        fc.record({
          nodes: fc.constant(nodes),
          edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 900 }),
        }),
      ),
      ({ nodes, edges }) => {
        const counts = linkCounts(nodes);
        const all = unions(nodes);
        edges.forEach(([a, b], i) => {
          if (a === b) return;
          counts.add(a, b, i + 1);
          all.join(a, b);
        });
        const links = counts.links(true);
        assert.ok(links.length <= Math.max(MOST_LINKS, nodes));
        const kept = unions(nodes);
        for (const { from, to, count, wins, line } of links) {
          kept.join(from, to);
          const both = edges.filter(([a, b]) => (a === from && b === to) || (a === to && b === from));
          assert.equal(count, both.length);
          assert.equal(wins, both.filter(([a]) => a === from).length);
          assert.equal(line, 1 + edges.findIndex((edge) => both.includes(edge)));
        }
        assert.deepEqual(kept.components(), all.components());
      },
    ),
  );
});

test('of many things those with the most records are shown, and the rest of their part as one', () => {
  const records = Array.from({ length: 1000 }, (_, i) => 1 + (i % 700));
  const parts = [Array.from({ length: 900 }, (_, i) => i), Array.from({ length: 100 }, (_, i) => 900 + i)];
  const { nodeOf, things } = shownThings(parts, 1000, records);
  assert.ok(things.length <= MOST_NODES);
  assert.equal(things.flat().length, 1000);
  things.forEach((own, node) => {
    for (const thing of own) assert.equal(nodeOf[thing], node);
  });
  const alone = things.filter((own) => own.length === 1).map(([thing]) => records[thing]);
  const rest = things.find((own) => own.length > 1 && own[0] < 900)!;
  assert.equal(Math.max(...alone), 700);
  assert.ok(rest.every((thing) => records[thing] <= 700 - 50));
});

const pair = (annotator: string, prompt: string, first: string, second: string): Line => ({
  annotator,
  prompt,
  responses: [first, second],
  ranking: [0, 1],
});

test('prompts are joined by who judged both, responses by being compared', async () => {
  const seen = await collected([
    pair('anna', 'one', 'a', 'b'),
    pair('anna', 'two', 'c', 'd'),
    pair('bert', 'two', 'd', 'c'),
    pair('bert', 'two', 'e', 'f'),
    pair('carl', 'three', 'g', 'h'),
  ]);
  const judged = graphOf(seen, 'judged');
  assert.equal(judged.nodes, 3);
  assert.equal(judged.parts, 2);
  assert.deepEqual(
    judged.shown.map(({ label, part, records, line }) => [label, part, records, line]),
    [
      ['two', 0, 3, 2],
      ['one', 0, 1, 1],
      ['three', 1, 1, 5],
    ],
  );
  assert.deepEqual(judged.links, [{ from: 0, to: 1, count: 1, line: 1 }]);

  const compared = graphOf(seen, 'compared');
  assert.deepEqual([compared.parts, compared.needed, compared.strongParts], [4, 3, 7]);
  // the prompt in two parts comes first; c and d beat each other, e is above f only
  assert.deepEqual(
    compared.shown
      .slice(0, 4)
      .map(({ label, prompt, part, strongPart }) => [label, prompt, part, strongPart]),
    [
      ['c', 'two', 0, 0],
      ['d', 'two', 0, 0],
      ['e', 'two', 1, 1],
      ['f', 'two', 1, 2],
    ],
  );
  assert.deepEqual(compared.links[0], { from: 0, to: 1, count: 2, wins: 1, line: 2 });

  assert.deepEqual(seen.depths, { pair: 5, 'best-of': 0, top: 0, full: 0, tied: 0, uninformative: 0 });
  assert.deepEqual(seen.recordsPerAnnotator, [
    { from: 1, to: 1, count: 1 },
    { from: 2, to: 2, count: 2 },
  ]);
  assert.deepEqual(seen.annotatorsPerPrompt, [
    { from: 1, to: 1, count: 2 },
    { from: 2, to: 2, count: 1 },
  ]);
  assert.deepEqual(seen.recordsPerPrompt, [
    { from: 1, to: 1, count: 2 },
    { from: 3, to: 3, count: 1 },
  ]);
});

test('a large dataset is drawn no larger than a small one', async () => {
  const lines = Array.from({ length: 4000 }, (_, i) =>
    pair(`a${i % 1500}`, `prompt ${i % 2000}`, `${i % 2000} yes`, `${i % 2000} no`),
  );
  const seen = await collected(lines);
  for (const { shown, links } of seen.graphs) {
    assert.ok(shown.length <= MOST_NODES && links.length <= MOST_LINKS);
    assert.ok(links.every(({ from, to }) => from < shown.length && to < shown.length));
  }
  assert.ok(JSON.stringify(seen).length < 100_000);
  assert.equal(graphOf(seen, 'compared').nodes, 4000);
});
