import type { Graph, Node } from '../ir';

/** Drops nodes that no output needs, such as gradients of frozen weights. */
export function withoutDeadCode(graph: Graph): Graph {
  const needed = new Set<Node>();
  const waiting = Object.values(graph.outputs);
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value.source.kind !== 'node' || needed.has(value.source.node)) continue;
    needed.add(value.source.node);
    waiting.push(...value.source.node.inputs);
  }
  return { ...graph, nodes: graph.nodes.filter((node) => needed.has(node)) };
}
