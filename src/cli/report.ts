import path from 'node:path';
import type { Command } from 'commander';
import { runFile } from '../run/run-files';
import { writeReport } from '../run/write-report';
import { readAssets } from './assets';
import { holds, holdsLine, PSEUDONYMISE } from './holds';

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
    .option('--pseudonymise', PSEUDONYMISE)
    .option('--json', 'print the path as JSON')
    .action(async (directory: string, flags: Flags) => {
      const run = path.resolve(directory);
      const out = flags.out === undefined ? runFile(run, 'report') : path.resolve(flags.out);
      const { pseudonymise } = flags;
      await writeReport(run, await readAssets(), { out, pseudonymise });
      process.stdout.write(
        flags.json
          ? JSON.stringify({ report: out, holds: holds(pseudonymise) }) + '\n'
          : `report: ${out}\n${holdsLine('It holds', pseudonymise)}\n`,
      );
    });
}
