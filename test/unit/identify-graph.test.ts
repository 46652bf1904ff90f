import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readText } from '../../src/dataset/read';
import { digraph, members, strongComponents, weakComponents } from '../../src/identify/graph';
import { connectivity, winGraph } from '../../src/identify/win-graph';

const graphs = fc.integer({ min: 1, max: 14 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 40 }),
  }),
);

/** reach[i][j]: whether a path leads from i to j (Warshall). */
function reachability(nodes: number, edges: readonly (readonly [number, number])[]): boolean[][] {
  const reach = Array.from({ length: nodes }, (_, i) => Array.from({ length: nodes }, (_, j) => i === j));
  for (const [a, b] of edges) reach[a][b] = true;
  for (let k = 0; k < nodes; k++) {
    for (let i = 0; i < nodes; i++)
      for (let j = 0; j < nodes; j++) reach[i][j] ||= reach[i][k] && reach[k][j];
  }
  return reach;
}

const build = (nodes: number, edges: readonly (readonly [number, number])[]) =>
  digraph(
    nodes,
    edges.map(([a]) => a),
    edges.map(([, b]) => b),
  );

test('strong components are the classes of mutual reachability', () => {
  fc.assert(
    fc.property(graphs, ({ nodes, edges }) => {
      const reach = reachability(nodes, edges);
      const { of, count } = strongComponents(build(nodes, edges));
      for (let i = 0; i < nodes; i++) {
        for (let j = 0; j < nodes; j++) assert.equal(of[i] === of[j], reach[i][j] && reach[j][i]);
      }
      assert.equal(new Set(of).size, count);
    }),
    { numRuns: 1000 },
  );
});

test('weak components are strong components once every edge goes both ways', () => {
  fc.assert(
    fc.property(graphs, ({ nodes, edges }) => {
      const both = [...edges, ...edges.map(([a, b]): [number, number] => [b, a])];
      assert.deepEqual(weakComponents(build(nodes, edges)), strongComponents(build(nodes, both)));
    }),
  );
});

test('members lists every node once, under its component', () => {
  const components = weakComponents(build(5, [[0, 3], [4, 1]])); // prettier-ignore
  assert.deepEqual(members(components), [[0, 3], [1, 4], [2]]);
});

test('a path of 200,000 nodes does not overflow the stack', () => {
  const nodes = 200_000;
  const from = Int32Array.from({ length: nodes }, (_, v) => v);
  const to = from.map((v) => (v + 1) % nodes);
  assert.equal(strongComponents(digraph(nodes, from, to)).count, 1);
  assert.equal(strongComponents(digraph(nodes, from.subarray(1), to.subarray(1))).count, nodes);
});

/** The win digraph's edges in words, "winner>loser". */
async function wins(
  records: readonly object[],
  unranked: 'offered' | 'absent' = 'offered',
): Promise<string[]> {
  const text = records.map((record) => JSON.stringify(record)).join('\n');
  const { table } = await readText(text, { name: 'wins.jsonl', unranked });
  const { start, to, nodes } = winGraph(table, 'responses');
  const edges: string[] = [];
  for (let v = 0; v < nodes; v++) {
    for (let e = start[v]; e < start[v + 1]; e++)
      edges.push(`${table.responses.text(v)}>${table.responses.text(to[e])}`);
  }
  return edges.sort();
}

const record = (ranking: unknown[]) => ({
  annotator: 'a',
  prompt: 'p',
  responses: ['A', 'B', 'C', 'D'],
  ranking,
});

test('options that were offered and not ranked lose; absent ones were never there', async () => {
  assert.deepEqual(await wins([record([1, 0])]), ['A>C', 'A>D', 'B>A']);
  assert.deepEqual(await wins([record([1, 0])], 'absent'), ['B>A']);
  assert.deepEqual(await wins([record([2])]), ['C>A', 'C>B', 'C>D']);
  assert.deepEqual(await wins([record([2])], 'absent'), []);
});

test('a tie decides nothing between the tied and everything below them', async () => {
  assert.deepEqual(await wins([record([[0, 1], 2, 3])]), ['A>C', 'B>C', 'C>D']);
  assert.deepEqual(
    await wins([{ annotator: 'a', prompt: 'p', responses: ['A', 'B'], ranking: [[0, 1]] }]),
    [],
  );
});

test('responses hang together within their prompts only, and items across prompts', async () => {
  const pair = (prompt: string, x: string, y: string) => ({
    annotator: 'a',
    prompt,
    responses: [`${x} on ${prompt}`, `${y} on ${prompt}`],
    items: [x, y],
    ranking: [0, 1],
  });
  const text = [pair('p', 'm1', 'm2'), pair('q', 'm2', 'm3'), pair('r', 'm3', 'm1')]
    .map((r) => JSON.stringify(r))
    .join('\n');
  const { table } = await readText(text, { name: 'items.jsonl' });
  const items = connectivity(table, 'items');
  assert.deepEqual([items.strong.count, items.needed], [1, 1]);
  const responses = connectivity(table, 'responses');
  assert.deepEqual([responses.strong.count, responses.weak.count, responses.needed], [6, 3, 3]);
});
