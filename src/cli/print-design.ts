import type { AdvicePlan, DesignInformation } from '../protocol/validation';
import { textTable, wrap } from './terminal';

/** Open directions of one row that are printed; --json has more. */
const MOST_DIRECTIONS = 3;

/**
 * The Fisher test of the design: a table, a row a number of types and point, and below it what is open or least known.
 *
 * @param width columns of the terminal
 */
export function designLines(design: readonly DesignInformation[], width = 110): string[] {
  if (design.length === 0) return [];
  const header = ['types', 'at', 'rank', 'smallest eigenvalue × N', 'shares known to'];
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
  ]);
  return [
    [
      `Information in the design (Fisher), ${design[0].policy} policy`,
      textTable([header, ...rows], [0, 3, 4]),
      ...directionLines(design, width),
    ].join('\n'),
  ];
}

/** What is open or least known, each sentence once, with the rows of the table that it is about. */
function directionLines(design: readonly DesignInformation[], width: number): string[] {
  const about = new Map<string, string[]>();
  for (const d of design) {
    for (const direction of d.directions.slice(0, MOST_DIRECTIONS)) {
      const sentence = `${d.rank < d.parameters ? 'open' : 'least known'}: ${direction}`;
      about.set(sentence, [...(about.get(sentence) ?? []), `K=${d.types} ${d.at}`]);
    }
  }
  return [...about].map(([sentence, rows]) => `  ${wrap(`${rows.join(', ')}: ${sentence}.`, width, '    ')}`);
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
  const lists = plan.options.some(({ annotators, prompts, pairs }) => annotators ?? prompts ?? pairs);
  const note = lists ? '\n--json lists every annotator, prompt and pair that is meant.' : '';
  return `${head}\n${textTable([header, ...rows], [0, 1, 2])}${note}`;
}

function error(share: number | null): string {
  return share === null ? 'unbounded' : `±${(100 * share).toFixed(1)} %`;
}
