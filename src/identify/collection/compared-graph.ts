import { UNRANKED, type RankingTable } from '../../dataset/table';
import type { ComparisonGraph, GraphNode } from '../../protocol/validation';
import { choiceSet } from '../choice-set';
import { members } from '../graph';
import type { Connectivity } from '../win-graph';
import { short } from '../words';
import { linkCounts } from './links';
import { shownPrompts, shownThings, type ShownThings } from './shown-things';

/** Pairs that are counted at most. */
const MOST_PAIRS = 1e7;

/** Responses or items, joined where a record puts one above the other. */
export function comparedGraph(table: RankingTable, found: Connectivity): ComparisonGraph {
  const { unit, names, weak, strong, graph, needed } = found;
  const thing = (i: number) => (unit === 'items' ? table.responseItem![table.option[i]] : table.option[i]);
  const records = new Uint32Array(graph.nodes);
  const line = new Uint32Array(graph.nodes);
  for (let r = 0; r < table.records; r++) {
    const { from, to } = choiceSet(table, r);
    for (let i = from; i < to; i++) {
      const t = thing(i);
      records[t]++;
      if (line[t] === 0) line[t] = table.line[r];
    }
  }
  const shown =
    unit === 'items'
      ? shownThings(members(weak), graph.nodes, records)
      : shownPrompts(table.responsePrompt, table.prompts.size, weak, strong, records);
  const { every, counts } = countPairs(table, thing, shown);
  const groupOf = (t: number) => found.groupOf[t];
  const part = numbering(groupOf, weak.of);
  const strongPart = numbering(groupOf, strong.of);
  return {
    kind: 'compared',
    things: unit,
    nodes: records.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0),
    parts: weak.count,
    needed,
    strongParts: strong.count,
    shown: shown.things.map((own): GraphNode => ({
      label: own.length === 1 ? short(names.text(own[0])) : `${own.length} more ${unit}`,
      ...(unit === 'responses' && { prompt: short(table.prompts.text(groupOf(own[0]))) }),
      things: own.length,
      part: part(own[0]),
      strongPart: strongPart(own[0]),
      records: own.reduce((sum, t) => sum + records[t], 0),
      line: line[own[0]],
    })),
    links: counts.links(true),
    every,
  };
}

function countPairs(table: RankingTable, thing: (i: number) => number, { nodeOf, things }: ShownThings) {
  let pairs = 0;
  for (let r = 0; r < table.records; r++) {
    const { from, to, ranked } = choiceSet(table, r);
    pairs += ranked * (to - from);
  }
  const every = Math.max(1, Math.ceil(pairs / MOST_PAIRS));
  const counts = linkCounts(things.length);
  for (let r = 0; r < table.records; r += every) {
    const { from, to, ranked } = choiceSet(table, r);
    for (let i = from; i < from + ranked; i++) {
      const a = nodeOf[thing(i)];
      if (a < 0 || table.level[i] === UNRANKED) continue;
      for (let j = i + 1; j < to; j++) {
        const b = nodeOf[thing(j)];
        if (b >= 0 && b !== a && table.level[j] !== table.level[i]) counts.add(a, b, table.line[r]);
      }
    }
  }
  return { every, counts };
}

/** Numbers the components within each group from 0, in the order in which they are met. */
function numbering(groupOf: (thing: number) => number, componentOf: Int32Array): (thing: number) => number {
  const known = new Map<number, Map<number, number>>();
  return (thing) => {
    const group = groupOf(thing);
    const own = known.get(group) ?? new Map<number, number>();
    known.set(group, own);
    const component = componentOf[thing];
    const number = own.get(component) ?? own.size;
    own.set(component, number);
    return number;
  };
}
