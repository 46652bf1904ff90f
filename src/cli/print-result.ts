import type { RunResult, TypeSummary } from '../protocol/result';
import type { Interval } from '../protocol/stability';
import { attributeLines, baselineLines } from './print-baselines';
import { oneLine, painter, percent, textTable, wrap } from './terminal';

/** The summary `emdpo train` ends with, for a person at a terminal. */
export function printResult(result: RunResult): string {
  const parts = [
    fitLines(result),
    selectionLines(result),
    typeLines(result.types),
    regretLines(result),
    knownLines(result),
    stabilityLines(result),
    attributeLines(result),
    baselineLines(result),
    alarmLines(result),
  ];
  return parts.filter((part) => part !== '').join('\n\n') + '\n';
}

function fitLines({ fit, posterior }: RunResult): string {
  const prior = fit.prior > 0 ? `, prior λ = ${fit.prior}` : ', maximum likelihood';
  const criteria = fit.bic === null ? '' : `BIC ${fit.bic.toFixed(3)}, ICL ${fit.icl?.toFixed(3) ?? '–'}\n`;
  return [
    `${fit.types} ${fit.types === 1 ? 'type' : 'types'}, ${fit.policy} policy: ${fit.annotators} annotators, ${fit.records} records`,
    `log-likelihood ${fit.logLikelihood.toFixed(3)} (${fit.parameters} parameters${prior}), ` +
      `${fit.converged ? 'converged' : 'not converged'} after ${fit.iterations} iterations`,
    `${criteria}${posterior.certain} of ${fit.annotators} annotators are assigned with at least 90 % certainty`,
  ].join('\n');
}

/** Only where numbers of types were compared. */
function selectionLines({ selection, recommendation }: RunResult): string {
  if (recommendation === undefined) return '';
  const rows = selection.map((row) => [
    String(row.types),
    row.logLikelihood.toFixed(2),
    row.bic?.toFixed(1) ?? '–',
    row.icl?.toFixed(1) ?? '–',
    row.heldOut === null ? '–' : `${row.heldOut.toFixed(2)} ± ${(row.heldOutStandardError ?? 0).toFixed(2)}`,
    `${(row.behindBest ?? 0).toFixed(2)} ± ${(row.behindBestStandardError ?? 0).toFixed(2)}`,
  ]);
  const header = ['types', 'log-likelihood', 'BIC', 'ICL', 'held-out', 'behind the best'];
  const by =
    recommendation.by === 'embeddings'
      ? [
          'Chosen by a log-linear model on the reference model’s embeddings of the responses; the table is of its fits.',
        ]
      : [];
  return [textTable([header, ...rows], [0, 1, 2, 3, 4, 5]), ...by, ...recommendation.reasons].join('\n');
}

export function typeLines(types: readonly TypeSummary[]): string {
  const header = ['type', 'share', 'annotators', 'likes most', 'likes least'];
  const rows = types.map((type) => [
    type.name,
    percent(type.share),
    String(type.annotators),
    oneLine(type.liked.at(0)?.response ?? '', 34),
    oneLine(type.disliked.at(0)?.response ?? '', 34),
  ]);
  return textTable([header, ...rows], [1, 2]);
}

function regretLines({ candidates, types, regret }: RunResult): string {
  const paint = painter(process.stdout);
  const header = ['regret of', ...types.map((type) => type.name), 'worst'];
  const rows = candidates.map((c) => [c.name, ...c.regret.map(number), number(c.worst)]);
  const least = Math.min(...candidates.map((c) => c.worst));
  const [head, ...lines] = textTable([header, ...rows], header.map((_, j) => j).slice(1)).split('\n');
  const fair = types.map((type, k) => `${percent(regret.weights[k])} ${type.name}`).join(', ');
  return [
    head,
    ...lines.map((line, i) => (candidates[i].worst === least ? paint('green', line) : line)),
    `fairest mixture: ${fair}; its worst regret is ${number(regret.value)}`,
  ].join('\n');
}

function knownLines({ known }: RunResult): string {
  if (known === undefined) return '';
  return `known types of the dataset: ${percent(known.accuracy)} of annotators match, adjusted Rand index ${known.adjustedRand.toFixed(3)}`;
}

/** Only where the experiment asked for it. */
function stabilityLines({ stability, types, fit }: RunResult): string {
  const { bootstrap, calibration } = stability ?? {};
  const lines: string[] = [];
  if (bootstrap) {
    const { replicates, level, shares, value, switching } = bootstrap;
    const ends = ([low, high]: Interval, show: (value: number) => string) => `${show(low)} to ${show(high)}`;
    const own = types.map(({ name }, k) => `${name} ${ends(shares[k], percent)}`).join(', ');
    lines.push(
      `${Math.round(100 * level)} % intervals from ${replicates} bootstrap replicates over annotators: shares ${own}; worst regret of the fairest mixture ${ends(value, number)}`,
      `${switching.count} of ${fit.annotators} annotators are of another type in ${Math.round(100 * switching.often)} % or more of the replicates`,
    );
  }
  if (calibration) {
    lines.push(
      `held-out choices: ${percent(calibration.observed)} as expected, where ${percent(calibration.stated)} were stated; calibration error ${(100 * calibration.expectedError).toFixed(1)} points (${(100 * calibration.errorByChance).toFixed(1)} by chance)`,
    );
  }
  return lines.join('\n');
}

function alarmLines({ alarms }: RunResult): string {
  const paint = painter(process.stdout);
  return alarms
    .map(
      (alarm) =>
        `${paint('yellow', 'alarm')} ${paint('dim', alarm.code)}\n    ${wrap(alarm.message, 110, '    ')}`,
    )
    .join('\n');
}

function number(value: number): string {
  return (Math.abs(value) < 5e-5 ? 0 : value).toFixed(4);
}
