import path from 'node:path';
import type { Command } from 'commander';
import { writePseudonymousReport } from '../run/pseudonyms/report';
import { runFile } from '../run/run-files';
import { writeReport } from '../run/write-report';
import { readAssets } from './assets';

interface Flags {
  readonly out?: string;
  readonly pseudonymise?: true;
  readonly json?: true;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .summary('write the report of a run')
    .description('Write the self-contained HTML report of a run directory. Any browser opens it.')
    .argument('<dir>', 'run directory')
    .option('--out <file>', 'where to write it; report.html of the run directory by default')
    .option('--pseudonymise', 'put pseudonyms in place of the names of annotators')
    .option('--json', 'print the path as JSON')
    .action(async (directory: string, flags: Flags) => {
      const run = path.resolve(directory);
      const out = flags.out === undefined ? runFile(run, 'report') : path.resolve(flags.out);
      if (flags.pseudonymise) await writePseudonymousReport(run, await readAssets(), out);
      else await writeReport(run, await readAssets(), { out });
      const annotators = flags.pseudonymise ? 'pseudonyms' : 'names';
      process.stdout.write(
        flags.json
          ? JSON.stringify({ report: out, holds: { texts: true, annotators } }) + '\n'
          : `report: ${out}\n${HOLDS[annotators]}\n`,
      );
    });
}

/** What to know before it is passed on. */
const HOLDS = {
  names:
    'It holds prompts and responses of the dataset and the names of annotators (--pseudonymise replaces these).',
  pseudonyms:
    'It holds prompts and responses of the dataset, which may name people; annotators have pseudonyms.',
};
