import type { Finding, Severity } from '../protocol/finding';
import type { ValidationReport } from '../protocol/validation';
import { adviceText, designLines } from './print-design';
import { printVerdicts } from './print-verdicts';
import { painter, wrap } from './terminal';

const colour = { error: 'red', warning: 'yellow', information: 'cyan', hint: 'dim' } as const;
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
    ...(report.verdicts.length > 0 ? [printVerdicts(report.verdicts, width())] : []),
    ...designLines(report.design, width()),
    ...(report.advice ? [adviceText(report.advice)] : []),
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
  const name = at?.file === undefined ? file : `${file.replace(/[\\/]$/, '')}/${at.file}`;
  const place = at === undefined ? file : `${name}:${at.line}:${at.column}`;
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
