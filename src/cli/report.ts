import path from 'node:path';
import type { Command } from 'commander';
import { writeReport } from '../run/write-report';
import { readAssets } from './assets';

interface Flags {
  readonly out?: string;
  readonly json?: true;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .summary('write the report of a run')
    .description('Write the self-contained HTML report of a run directory. Any browser opens it.')
    .argument('<dir>', 'run directory')
    .option('--out <file>', 'where to write it; report.html of the run directory by default')
    .option('--json', 'print the path as JSON')
    .action(async (directory: string, flags: Flags) => {
      const out = flags.out === undefined ? undefined : path.resolve(flags.out);
      const report = await writeReport(path.resolve(directory), await readAssets(), undefined, out);
      process.stdout.write(flags.json ? JSON.stringify({ report }) + '\n' : `report: ${report}\n`);
    });
}
