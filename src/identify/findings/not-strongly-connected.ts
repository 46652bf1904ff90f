import type { RankingTable } from '../../dataset/table';
import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import type { Components } from '../graph';
import { members } from '../graph';
import { SOURCES } from '../sources';
import type { Connectivity } from '../win-graph';
import { count, firstPlace, list, short } from '../words';

/** Whether one Plackett-Luce model has a unique finite maximum-likelihood fit on this graph. */
export function fits({ strong, needed }: Connectivity): boolean {
  return strong.count === needed;
}

/** One-way comparisons: the losers' rewards run to −∞ without a prior. One finding a unit. */
export function notStronglyConnected({ table, connectivity }: Context): Finding[] {
  return connectivity.flatMap((graph) => {
    // What falls apart altogether is said by identify/disconnected; this rule speaks when directions matter too.
    if (fits(graph) || graph.strong.count === graph.weak.count) return [];
    const { where, spread, worst } = describe(table, graph, graph.strong);
    return [
      {
        code: 'identify/not-strongly-connected',
        severity: 'warning',
        scope: 'fit',
        verdict: 'necessary-fails',
        message:
          `${where}: ${spread} Between two parts the wins go one way only or not at all, so without a prior some ` +
          `rewards have no finite best value.`,
        positions: firstPlace(table, (r) => graph.unit === 'items' || table.prompt[r] === worst),
        source: SOURCES.ford1957,
        fix: 'Keep the prior above 0 (em.prior), collect comparisons between the parts, or give the log-linear policy features.',
      },
    ];
  });
}

/** How the nodes fall apart: where, into what, and in which group most of all. */
export function describe(
  table: RankingTable,
  graph: Connectivity,
  parts: Components,
): { where: string; spread: string; worst: number } {
  const lists = members(parts);
  const partsOf = new Map<number, number[][]>();
  for (const nodes of lists) {
    const group = graph.groupOf[nodes[0]];
    const known = partsOf.get(group);
    if (known) known.push(nodes);
    else partsOf.set(group, [nodes]);
  }
  const broken = [...partsOf].filter(([, pieces]) => pieces.length > 1);
  const [worst, pieces] = broken.reduce((most, entry) => (entry[1].length > most[1].length ? entry : most));
  const bySize = [...pieces].sort((a, b) => b.length - a.length);
  const shown = bySize.slice(0, 3).map(
    (nodes) =>
      `${nodes.length} (${list(
        nodes.map((node) => graph.names.text(node)),
        nodes.length > 3 ? 2 : 3,
      )})`,
  );
  const rest = bySize.length - shown.length;
  const sizes = shown.join('; ') + (rest > 0 ? `; and ${count(rest, 'smaller part')}` : '');
  if (graph.unit === 'items') {
    return {
      where: `The ${graph.graph.nodes} items`,
      spread: `they fall into ${parts.count} parts: ${sizes}.`,
      worst,
    };
  }
  const single = partsOf.size === 1;
  const where = `The ${graph.graph.nodes} single responses`;
  const spread = single
    ? `they fall into ${parts.count} parts: ${sizes}.`
    : `they fall into ${parts.count} parts, where one for each of the ${count(partsOf.size, 'prompt')} is needed; ` +
      `${count(broken.length, 'prompt')} ${broken.length === 1 ? 'is' : 'are'} affected, most of all “${short(table.prompts.text(worst))}” with ${pieces.length} parts: ${sizes}.`;
  return { where, spread, worst };
}
