import type { Graph } from '../ir';
import { withoutDeadCode } from './dead-code';
import { withSumsInGemm } from './gemm-sum';

/** What only the whole graph shows; what a node alone shows is simplified when it is made. */
export function simplifyGraph(graph: Graph): Graph {
  return withSumsInGemm(withoutDeadCode(graph));
}
