import type { AdvicePlan, DesignInformation } from '../protocol/validation';
import { textTable, wrap } from './terminal';

/** The Fisher test of the design as a table, a row a number of types and point. */
export function designLines(design: readonly DesignInformation[]): string[] {
  if (design.length === 0) return [];
  const header = ['types', 'at', 'rank', 'smallest eigenvalue × N', 'shares known to', 'least known'];
  const rows = design.map((d) => [
    String(d.types),
    d.at,
    `${d.rank}/${d.parameters}`,
    d.rank < d.parameters ? '0' : d.smallestEigenvalueOfAll.toPrecision(3),
    d.standardErrors === null
      ? 'unbounded'
      : d.standardErrors.shares.length === 0
        ? '–'
        : error(Math.max(...d.standardErrors.shares)),
    wrap(d.directions[0] ?? '', Infinity, '').slice(0, 70),
  ]);
  return [
    `Information in the design (Fisher), ${design[0].policy} policy\n${textTable([header, ...rows], [0, 3, 4])}`,
  ];
}

/** What to collect next, best first. */
export function adviceText(plan: AdvicePlan): string {
  const where =
    plan.at === 'generic' ? 'at random parameters' : 'in the worst case of two types that want the opposite';
  const head =
    plan.measure === 'share'
      ? `To know every share of ${plan.types} types to ${error(plan.target)} (now ${error(plan.shareError)}, ${where}):`
      : `To bring the smallest eigenvalue × N for ${plan.types} types to ${plan.target} ` +
        `(now ${plan.smallestEigenvalueOfAll.toPrecision(3)}, ${where}):`;
  if (plan.reached) return `${head}\n  nothing more is needed.`;
  const header = ['judgements', 'shares known to', 'smallest eigenvalue × N', 'enough', 'what to collect'];
  const rows = plan.options.map((o) => [
    String(o.judgements),
    error(o.shareError),
    o.smallestEigenvalueOfAll.toPrecision(3),
    o.reaches ? 'yes' : 'no',
    o.message,
  ]);
  return `${head}\n${textTable([header, ...rows], [0, 1, 2])}`;
}

function error(share: number | null): string {
  return share === null ? 'unbounded' : `±${(100 * share).toFixed(1)} %`;
}
