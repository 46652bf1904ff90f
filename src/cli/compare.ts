import path from 'node:path';
import type { Command } from 'commander';
import type { Alignment, ComparedRunName, Estimate, RunComparison } from '../protocol/comparison';
import { compareRuns } from '../run/compare/compare';
import { pinnedRun, projectOfRun } from '../run/pinned';
import { comparisonWithoutNames, hiddenOf } from '../run/pseudonyms/snapshot';
import { writeReport } from '../run/write-report';
import { readAssets } from './assets';
import { holdsLine, PSEUDONYMISE } from './holds';
import { oneLine, painter, percent, textTable, wrap } from './terminal';
import { UsageError } from './usage-error';

interface Flags {
  readonly baseline?: string;
  readonly report?: string;
  readonly pseudonymise?: true;
  readonly json?: true;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('put runs of one dataset side by side')
    .description(
      'Put runs of one dataset side by side: the settings that differ, measures with their intervals, which types correspond and who moved, and regrets.',
    )
    .argument('<dirs...>', 'run directories: two or more, or one to compare with the pinned run')
    .option(
      '--baseline <dir>',
      'the run that the others are aligned with; the pinned one by default, else the first',
    )
    .option('--report <file>', 'also write the report of the first run with the comparison in it')
    .option('--pseudonymise', `${PSEUDONYMISE}, in what is printed and in the report`)
    .option('--json', 'print everything as JSON')
    .action(async (directories: readonly string[], flags: Flags) => {
      const { baseline, report, pseudonymise, json } = flags;
      const named = directories.map((each) => path.resolve(each));
      const first = baseline === undefined ? await usualBaseline(named) : path.resolve(baseline);
      const all = [...new Set([first, ...named])];
      if (all.length < 2) {
        throw new UsageError(
          'Name at least two different runs to compare, or pin one with “emdpo pin RUN” to compare others with it.',
        );
      }
      const comparison = await compareRuns(all, 0);
      if (report !== undefined)
        await writeReport(named[0], await readAssets(), {
          out: path.resolve(report),
          comparison,
          pseudonymise,
        });
      const told = pseudonymise ? comparisonWithoutNames(comparison, await hiddenOf(named[0])) : comparison;
      process.stdout.write(json ? JSON.stringify(told, null, 2) + '\n' : inWords(told));
      if (report !== undefined && !json)
        process.stdout.write(`report: ${path.resolve(report)}\n${holdsLine('It holds', pseudonymise)}\n`);
    });
}

/** The pinned run, where it is one of those named or only one is named; else the first. */
async function usualBaseline(named: readonly string[]): Promise<string> {
  const pinned = await pinnedRun(await projectOfRun(named[0]));
  const suits = pinned !== undefined && (named.includes(pinned) || new Set(named).size === 1);
  return suits ? pinned : named[0];
}

function inWords(comparison: RunComparison): string {
  const bold = (text: string) => painter(process.stdout)('bold', text);
  const { runs, baseline, settings, metrics, cautions, alignments } = comparison;
  const names = runs.map((_, i) => letter(i));
  const settingRows = settings.map(({ key, values }) => [key, ...values.map(shown)]);
  const metricRows = metrics.map(({ name, values }) => [name, ...values.map(estimate)]);
  const numeric = names.map((_, i) => i + 1);
  return [
    ...runs.map((run, i) => `${letter(i)}  ${called(run)}${i === baseline ? '  (baseline)' : ''}`),
    '',
    bold('settings that differ'),
    settings.length === 0 ? 'none' : textTable([['', ...names], ...settingRows]),
    '',
    bold('measures, with intervals where the runs have them (95 % unless another level is given)'),
    textTable([['', ...names], ...metricRows], numeric),
    ...cautions.map((each) => wrap(each, 110, '')),
    ...alignments.flatMap((each, i) =>
      each === null
        ? []
        : [
            '',
            bold(`types of ${letter(baseline)} in ${letter(i)}`),
            ...alignmentLines(each, typesOf(runs[baseline]), typesOf(runs[i])),
          ],
    ),
    '',
    bold(`regrets, by type of ${letter(baseline)}`),
    regretTable(comparison),
    '',
  ].join('\n');
}

/** Its folder, and its name where the folder does not show it. */
function called({ label, name }: ComparedRunName): string {
  return label.includes(name) ? label : `${label}  “${oneLine(name, 60)}”`;
}

/** Names of its types, as far as a table has room. */
function typesOf({ types }: ComparedRunName): string[] {
  return types.map((name) => oneLine(name, 30));
}

/** Moves that are printed. */
const MOST_MOVES = 10;

/**
 * @param here names of the baseline's types
 * @param there names of the types of the run that is aligned with it
 */
function alignmentLines(
  { types, extra, annotators, adjustedRand, moved }: Alignment,
  here: readonly string[],
  there: readonly string[],
): string[] {
  const rows = types.map(({ baseline, type, baselineShare, share, kept, ...intervals }) => [
    here[baseline - 1],
    type === null ? 'none' : there[type - 1],
    `${withInterval(baselineShare, intervals.baselineShareInterval)} → ${withInterval(share, intervals.shareInterval)}`,
    percent(kept),
  ]);
  const more = moved.length - MOST_MOVES;
  return [
    textTable([['here', 'there', 'share', 'kept'], ...rows], [2, 3]),
    ...extra.map(({ type, share }) => `${there[type - 1]} there corresponds to none here: ${percent(share)}`),
    `${moved.length} of ${annotators} annotators moved to another type (adjusted Rand index ${adjustedRand.toFixed(3)})`,
    ...moved
      .slice(0, MOST_MOVES)
      .map(
        ({ annotator, from, to, distance }) =>
          `  ${oneLine(annotator, 40)}: ${here[from - 1]} → ${there[to - 1]} there, distance ${distance.toFixed(2)}`,
      ),
    ...(more > 0 ? [`  and ${more} more (--json lists them)`] : []),
  ];
}

function withInterval(share: number | null, interval: readonly [number, number] | undefined): string {
  if (share === null) return '–';
  return percent(share) + (interval ? ` ${between(interval)}` : '');
}

function regretTable({ runs, baseline, regrets }: RunComparison): string {
  const types = typesOf(runs[baseline]);
  const rows = regrets.flatMap(({ candidates }, i) =>
    candidates.map(({ name, regret, worst }) => [
      letter(i),
      oneLine(name, 30),
      ...regret.map((each) => (each === null ? '–' : number(each))),
      estimate(worst),
    ]),
  );
  const header = ['run', 'regret of', ...types, 'worst'];
  return textTable([header, ...rows], header.map((_, j) => j).slice(2));
}

function letter(run: number): string {
  return run < 26 ? String.fromCharCode(65 + run) : `#${run + 1}`;
}

function shown(value: unknown): string {
  if (value === undefined) return '–';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value), 40);
}

function estimate({ value, interval, level = 0.95 }: Estimate): string {
  if (value === null) return '–';
  return (
    number(value) + (interval ? ` ${between(interval)}${level === 0.95 ? '' : ` ${100 * level} %`}` : '')
  );
}

function between([lower, upper]: readonly [number, number]): string {
  return `[${number(lower)}, ${number(upper)}]`;
}

function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return (Math.abs(value) < 5e-5 ? 0 : value).toFixed(Math.abs(value) >= 100 ? 2 : 4);
}
