import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { readDataset } from '../dataset/read';
import type { ReadOptions } from '../dataset/read';
import { validateInSteps } from '../identify/verdicts';
import type { TypesChoice } from '../protocol/experiment';
import type { AdviceTarget } from '../protocol/validation';
import type { ValidationReport } from '../protocol/validation';
import type { RankingTable } from '../dataset/table';
import { everySoOften } from '../run/every-so-often';
import { EXPERIMENT_SUFFIX, readExperiment } from '../run/experiment';
import { projectPseudonyms } from '../run/pseudonyms/key';
import { withoutNames } from '../run/pseudonyms/without-names';
import { addDatasetOptions, datasetPart } from './dataset-options';
import type { DatasetFlags } from './dataset-options';
import { EXIT } from './exit-code';
import { withFilePlaces } from './file-places';
import { findingPage } from './finding-page';
import { PSEUDONYMISE } from './holds';
import { positive, share, wholeNumber } from './parse';
import { printValidation } from './print-validation';
import { progressBar } from './progress-bar';
import { sarifLog } from './sarif';
import { version } from './version';

/** How well every share is to be known where --advise says nothing else. */
const SHARE_ERROR = 0.05;

interface Flags extends DatasetFlags {
  readonly types?: number;
  readonly json?: true;
  readonly sarif?: true;
  readonly strict?: true;
  readonly advise?: number | true;
  readonly adviseEigenvalue?: number;
  readonly pseudonymise?: true;
}

export function addValidate(program: Command): void {
  const command = program
    .command('validate')
    .summary('check whether a dataset can tell annotator types apart')
    .description('Check a ranking file, and say whether it can tell annotator types apart.')
    .argument('<file>', 'ranking file, folder of such files, or *.emdpo.json')
    .option('--types <K>', 'number of types to ask about', wholeNumber(1, 64));
  addDatasetOptions(command)
    .option('--advise [±share]', 'plan what to collect so that every share is known to ± this (0.05)', share)
    .option(
      '--advise-eigenvalue <λ>',
      'plan what to collect so that the smallest eigenvalue × N is at least this',
      positive,
    )
    .option('--pseudonymise', PSEUDONYMISE)
    .option('--json', 'print the report as JSON')
    .addOption(
      new Option('--sarif', 'print the findings as a SARIF 2.1.0 log, for code review').conflicts('json'),
    )
    .option('--strict', 'exit with 1 on warnings too')
    .action(async (file: string, flags: Flags) => {
      process.exitCode = await validate(file, flags);
    });
}

function targetOf({ advise, adviseEigenvalue }: Flags): AdviceTarget | undefined {
  if (adviseEigenvalue !== undefined) return { measure: 'eigenvalue', value: adviseEigenvalue };
  if (advise === undefined) return undefined;
  return { measure: 'share', value: advise === true ? SHARE_ERROR : advise };
}

async function validate(file: string, flags: Flags): Promise<number> {
  const request = await readExperiment(file, { dataset: datasetPart(flags), types: flags.types });
  const { dataset } = request;
  // of a dataset alone nobody has said how many types there are
  const types = file.endsWith(EXPERIMENT_SUFFIX) ? fixedTypes(request.types) : flags.types;
  const { table, findings } = await watched('reading', (options) =>
    readDataset(dataset.path, { ...dataset, ...options }),
  );
  const report = withFilePlaces(
    await watched('validating', (options) =>
      validateInSteps(table, findings, {
        ...options,
        types,
        information: true,
        advise: targetOf(flags),
        collection: flags.json,
      }),
    ),
  );
  const told = flags.pseudonymise ? await hidden(report, table, dataset.path) : report;
  process.stdout.write(textOf(told, file, dataset.path, flags));
  const bad = report.findings.some(
    ({ severity }) => severity === 'error' || (flags.strict === true && severity === 'warning'),
  );
  return bad ? EXIT.failed : EXIT.fine;
}

function textOf(report: ValidationReport, file: string, datasetPath: string, flags: Flags): string {
  if (flags.json) return JSON.stringify(report, null, 2) + '\n';
  if (!flags.sarif) return printValidation(report, file);
  const options = { file: datasetPath, folder: process.cwd(), version, page: findingPage };
  return JSON.stringify(sarifLog(report, options), null, 2) + '\n';
}

/** With the pseudonyms that reports of the dataset's project have. */
async function hidden(
  report: ValidationReport,
  table: RankingTable,
  file: string,
): Promise<ValidationReport> {
  const names = table.annotators;
  const annotators = Array.from({ length: names.size }, (_, id) => names.text(id));
  const pseudonym = await projectPseudonyms(path.dirname(file));
  return withoutNames(report, { annotators, pseudonym });
}

/** A number of types to speak about; all of them where the experiment is to choose. */
function fixedTypes(types: TypesChoice): number | undefined {
  return typeof types === 'number' ? types : undefined;
}

/** Work with a bar on a terminal, and nothing on a pipe: a big file, or one of many prompts, takes a while. */
async function watched<T>(
  phase: 'reading' | 'validating',
  work: (options: Pick<ReadOptions, 'onProgress'>) => Promise<T>,
): Promise<T> {
  if (!process.stderr.isTTY) return work({});
  const bar = progressBar(process.stderr);
  const title = { reading: 'Reading', validating: 'Checking the records' }[phase];
  bar.show({ type: 'phase', phase, title, time: '' });
  try {
    return await work({
      onProgress: everySoOften((done, total, secondsLeft) => {
        bar.show({ type: 'progress', phase, done, total, secondsLeft, time: '' });
      }),
    });
  } finally {
    bar.end();
  }
}
