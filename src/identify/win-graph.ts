import { UNRANKED, type Pool, type RankingTable } from '../dataset/table';
import { doubled } from '../dataset/numbers';
import { choiceSet } from './choice-set';
import { digraph, strongComponents, weakComponents, type Components, type Digraph } from './graph';

/** What rewards belong to: the responses of each prompt, or the items that stand behind them in every prompt. */
export type Unit = 'responses' | 'items';

/** Who was preferred to whom, and how the comparisons hang together. */
export interface Connectivity {
  readonly unit: Unit;
  readonly names: Pool;
  readonly graph: Digraph;
  readonly strong: Components;
  readonly weak: Components;
  /** Components that there must be: one in all for items, one a prompt for responses. */
  readonly needed: number;
  /** Group of each node within which rewards are compared: its prompt, or 0. */
  readonly groupOf: Int32Array;
}

/**
 * The win digraph: an edge from each option to every option that the same record puts lower. Tied options decide
 * nothing between them. Options not ranked lose to the ranked ones where they were offered and are left out where absent.
 * Only edges between neighbouring levels are kept, for paths through them reach the rest.
 */
export function winGraph(table: RankingTable, unit: Unit): Digraph {
  const nodeOf = unit === 'items' ? table.responseItem! : undefined;
  const node = (option: number) => (nodeOf ? nodeOf[table.option[option]] : table.option[option]);
  // a strict ranking of m has m − 1 edges; only wide ties have more than options
  let from = new Int32Array(table.option.length + 1);
  let to = new Int32Array(table.option.length + 1);
  let edges = 0;
  for (let r = 0; r < table.records; r++) {
    const set = choiceSet(table, r);
    let upper = set.from;
    let lower = nextLevel(table, upper, set.to);
    while (lower < set.to) {
      const end = nextLevel(table, lower, set.to);
      for (let i = upper; i < lower; i++) {
        if (table.level[i] === UNRANKED) continue;
        for (let j = lower; j < end; j++) {
          if (edges === from.length) [from, to] = [doubled(from), doubled(to)];
          from[edges] = node(i);
          to[edges++] = node(j);
        }
      }
      upper = lower;
      lower = end;
    }
  }
  return digraph(
    unit === 'items' ? table.items!.size : table.responses.size,
    from.subarray(0, edges),
    to.subarray(0, edges),
  );
}

export function connectivity(table: RankingTable, unit: Unit): Connectivity {
  const graph = winGraph(table, unit);
  return {
    unit,
    names: unit === 'items' ? table.items! : table.responses,
    graph,
    strong: strongComponents(graph),
    weak: weakComponents(graph),
    needed: unit === 'items' ? 1 : table.prompts.size,
    groupOf: unit === 'items' ? new Int32Array(graph.nodes) : table.responsePrompt,
  };
}

function nextLevel(table: RankingTable, i: number, end: number): number {
  const level = table.level[i];
  while (i < end && table.level[i] === level) i++;
  return i;
}
