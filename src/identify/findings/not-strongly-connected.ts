import type { RankingTable } from '../../dataset/table';
import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import type { Components } from '../graph';
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
  // there may be millions of parts: only those of one group are listed
  const groupOfPart = new Int32Array(parts.count);
  for (let node = 0; node < parts.of.length; node++) groupOfPart[parts.of[node]] = graph.groupOf[node];
  let groups = 0;
  for (const group of groupOfPart) groups = Math.max(groups, group + 1);
  const partsOf = new Int32Array(groups);
  for (const group of groupOfPart) partsOf[group]++;
  let [broken, worst, inhabited] = [0, 0, 0];
  for (let group = 0; group < groups; group++) {
    if (partsOf[group] > 0) inhabited++;
    if (partsOf[group] > 1) broken++;
    if (partsOf[group] > partsOf[worst]) worst = group;
  }
  const pieces = new Map<number, number[]>();
  for (let node = 0; node < parts.of.length; node++) {
    const part = parts.of[node];
    if (groupOfPart[part] !== worst) continue;
    const known = pieces.get(part);
    if (known) known.push(node);
    else pieces.set(part, [node]);
  }
  const bySize = [...pieces.values()].sort((a, b) => b.length - a.length);
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
  const where = `The ${graph.graph.nodes} single responses`;
  const spread =
    inhabited === 1
      ? `they fall into ${parts.count} parts: ${sizes}.`
      : `they fall into ${parts.count} parts, where one for each of the ${count(inhabited, 'prompt')} is needed; ` +
        `${count(broken, 'prompt')} ${broken === 1 ? 'is' : 'are'} affected, most of all “${short(table.prompts.text(worst))}” with ${pieces.size} parts: ${sizes}.`;
  return { where, spread, worst };
}
