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
    d.standardErrors === null ? 'unbounded' : errorOf(d.standardErrors.shares),
    wrap(d.directions[0] ?? '', Infinity, '').slice(0, 70),
  ]);
  return [
    `Information in the design (Fisher), ${design[0].policy} policy\n${textTable([header, ...rows], [0, 3, 4])}`,
  ];
}

function errorOf(shares: readonly number[]): string {
  return shares.length === 0 ? '–' : `±${(100 * Math.max(...shares)).toFixed(1)} %`;
}

/** What to collect next, best first. */
export function adviceText(plan: AdvicePlan): string {
  const target = `±${(100 * plan.target).toFixed(1)} %`;
  const now = plan.shareError === null ? 'not bounded' : `±${(100 * plan.shareError).toFixed(1)} %`;
  const where =
    plan.at === 'generic' ? 'at random parameters' : 'in the worst case of two types that want the opposite';
  const head = `To know every share of ${plan.types} types to ${target} (now ${now}, ${where}):`;
  if (plan.reached) return `${head}\n  nothing more is needed.`;
  const header = ['judgements', 'shares known to', 'what to collect'];
  const rows = plan.options.map((o) => [
    String(o.judgements),
    o.shareError === null
      ? 'unbounded'
      : `±${(100 * o.shareError).toFixed(1)} %${o.reaches ? '' : ' (not enough)'}`,
    o.message,
  ]);
  return `${head}\n${textTable([header, ...rows], [0])}`;
}
