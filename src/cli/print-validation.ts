import type { Finding, Severity } from '../protocol/finding';
import type { ScopeVerdict, ValidationReport } from '../protocol/validation';
import { painter, textTable, wrap } from './terminal';

const colour = { error: 'red', warning: 'yellow', information: 'cyan', hint: 'dim' } as const;
const verdictWords = {
  'necessary-fails': 'cannot',
  'sufficient-generic': 'can, generically',
  unknown: 'not known',
} as const;
const MOST = 100;

/** The report of `emdpo validate`, for a person at a terminal. */
export function printValidation(report: ValidationReport, file: string): string {
  const paint = painter(process.stdout);
  const { dataset } = report;
  const counts = [
    `${dataset.records} records`,
    `${dataset.annotators} annotators`,
    `${dataset.prompts} prompts`,
    `${dataset.responses} responses`,
    ...(dataset.items > 0 ? [`${dataset.items} items`] : []),
  ];
  const parts = [
    [
      paint('bold', file),
      `${dataset.form}: ${counts.join(', ')}`,
      ...Object.entries(dataset.unused).map(([why, count]) => `not used: ${count} (${why})`),
      ...dataset.assumptions.map((assumption) => wrap(assumption, width(), '')),
    ].join('\n'),
    ...findingLines(report.findings, file),
    ...verdictLines(report.verdicts),
    countLine(report.findings),
  ];
  return parts.join('\n\n') + '\n';
}

function findingLines(findings: readonly Finding[], file: string): string[] {
  if (findings.length === 0) return [];
  const shown = findings.slice(0, MOST).map((finding) => findingText(finding, file));
  const hidden = findings.length - shown.length;
  if (hidden > 0) shown.push(`… and ${hidden} more findings. --json prints them all.`);
  return [shown.join('\n')];
}

function findingText(finding: Finding, file: string): string {
  const paint = painter(process.stdout);
  const at = finding.positions.at(0);
  const place = at === undefined ? file : `${file}:${at.line}:${at.column}`;
  const head = `${place} ${paint(colour[finding.severity], finding.severity)} ${paint('dim', finding.code)}`;
  const others = (finding.occurrences ?? finding.positions.length) - 1;
  const text = [
    finding.message,
    others > 0 ? `(${others} more ${others === 1 ? 'place' : 'places'})` : '',
    finding.fix ?? '',
  ].filter((part) => part !== '');
  const source = finding.source === undefined ? '' : `\n    ${paint('dim', `source: ${finding.source}`)}`;
  return `${head}\n    ${wrap(text.join(' '), width(), '    ')}${source}`;
}

function verdictLines(verdicts: readonly ScopeVerdict[]): string[] {
  if (verdicts.length === 0) return [];
  const header = ['types', 'scope', 'can they be told apart?', 'because of'];
  const rows = verdicts.map((v) => [String(v.types), v.scope, verdictWords[v.verdict], v.reasons.join(', ')]);
  const explained = new Set(verdicts.flatMap((v) => v.because));
  const reasons = [...explained].map((because) => `  ${wrap(because, width(), '  ')}`);
  return [[textTable([header, ...rows], [0]), ...reasons].join('\n')];
}

function countLine(findings: readonly Finding[]): string {
  const paint = painter(process.stdout);
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  const words = `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  return paint(errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green', words);
}

function width(): number {
  return Math.min(process.stdout.columns || 110, 110);
}
