import { madeBy } from '../builder';
import type { Graph, Node, Value } from '../ir';

/**
 * Adds biases, residuals and other gradients within the product of matrices that they are added to: Gemm has a third
 * operand for it. Runs last: the values keep their old nodes as their source.
 */
export function withSumsInGemm(graph: Graph): Graph {
  const uses = countUses(graph);
  const gone = new Set<Node>();
  const nodes = graph.nodes.map((node) => {
    if (node.operator !== 'Add') return node;
    const [x, y] = node.inputs;
    // The later product, so that the other operand is there by then.
    for (const [product, term] of y.id > x.id
      ? [
          [y, x],
          [x, y],
        ]
      : [
          [x, y],
          [y, x],
        ]) {
      const gemm = madeBy(product, 'Gemm');
      if (gemm === undefined || gone.has(gemm) || uses.get(product) !== 1 || !fits(term, product)) continue;
      gone.add(gemm);
      return { ...gemm, inputs: [...gemm.inputs, term], outputs: node.outputs };
    }
    return node;
  });
  return { ...graph, nodes: nodes.filter((node) => !gone.has(node)) };
}

/** Gemm broadcasts its third operand to the product, never the other way round. */
function fits(term: Value, product: Value): boolean {
  if (term.source.kind === 'splat' || term.shape.length === 0 || term.shape.length > 2) return false;
  return [...term.shape].reverse().every((length, i) => length === product.shape[1 - i] || length === 1);
}

function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>();
  const count = (value: Value): unknown => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const { inputs } of graph.nodes) inputs.forEach(count);
  Object.values(graph.outputs).forEach(count);
  return uses;
}
