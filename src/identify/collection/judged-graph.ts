import type { RankingTable } from '../../dataset/table';
import type { ComparisonGraph, GraphNode } from '../../protocol/validation';
import { members, unions } from '../graph';
import { recordsByAnnotator } from '../questions';
import { short } from '../words';
import { linkCounts } from './links';
import { shownThings } from './shown-things';

/** Pairs of prompts that are counted at most. */
const MOST_PAIRS = 1e7;

/** Prompts, joined where the same named annotator judged both: what links annotators where there are no items. */
export function judgedGraph(table: RankingTable): ComparisonGraph {
  const prompts = table.prompts.size;
  const byAnnotator = recordsByAnnotator(table);
  const records = new Uint32Array(prompts);
  const line = new Uint32Array(prompts);
  for (let r = 0; r < table.records; r++) {
    const x = table.prompt[r];
    records[x]++;
    if (line[x] === 0) line[x] = table.line[r];
  }
  const joined = unions(prompts);
  eachAnnotator(byAnnotator, 1, (own) => {
    for (let i = 1; i < own.length; i++) joined.join(table.prompt[own[0]], table.prompt[own[i]]);
  });
  const components = joined.components();
  const parts = members(components);
  const shown = shownThings(parts, prompts, records);
  let pairs = 0;
  eachAnnotator(byAnnotator, 1, (own) => (pairs += Math.min(own.length, shown.things.length) ** 2 / 2));
  const every = Math.max(1, Math.ceil(pairs / MOST_PAIRS));
  const counts = linkCounts(shown.things.length);
  eachAnnotator(byAnnotator, every, (own) => {
    const lines = new Map<number, number>(); // of the first record by node
    for (const r of own) {
      const node = shown.nodeOf[table.prompt[r]];
      if (node >= 0 && !lines.has(node)) lines.set(node, table.line[r]);
    }
    const nodes = [...lines];
    for (let i = 0; i < nodes.length; i++) {
      for (let j = i + 1; j < nodes.length; j++)
        counts.add(nodes[i][0], nodes[j][0], Math.min(nodes[i][1], nodes[j][1]));
    }
  });
  const number = new Map<number, number>(); // parts in the order in which they are shown
  return {
    kind: 'judged',
    things: 'prompts',
    nodes: prompts,
    parts: components.count,
    needed: 1,
    shown: shown.things.map((own): GraphNode => {
      const component = components.of[own[0]];
      if (!number.has(component)) number.set(component, number.size);
      return {
        label: own.length === 1 ? short(table.prompts.text(own[0])) : `${own.length} more prompts`,
        things: own.length,
        part: number.get(component)!,
        records: own.reduce((sum, x) => sum + records[x], 0),
        line: line[own[0]],
      };
    }),
    links: counts.links(false),
    every,
  };
}

function eachAnnotator(
  { start, record }: ReturnType<typeof recordsByAnnotator>,
  every: number,
  use: (records: Uint32Array) => void,
): void {
  for (let a = 0; a + 1 < start.length; a += every) {
    if (start[a + 1] > start[a]) use(record.subarray(start[a], start[a + 1]));
  }
}
