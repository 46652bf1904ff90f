import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { exportRun, type Exported } from '../run/export/export-run';
import { wholeNumber } from './parse';
import { stopSignals } from './stop-signals';

interface Flags {
  readonly out: string;
  readonly by: 'weight' | 'resample';
  readonly seed: number;
  readonly json?: true;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .summary('write what other programs train on')
    .description(
      'Write shares and fair weights of a run as JSON, and for each type the preference pairs that its policy is trained on, as TRL takes them. The files hold the texts and annotators of the dataset.',
    )
    .argument('<dir>', 'run directory')
    .requiredOption('--out <folder>', 'new or empty folder')
    .addOption(
      new Option(
        '--by <way>',
        'give each pair its weight, or draw each ranking with its posterior probability',
      )
        .choices(['weight', 'resample'])
        .default('weight'),
    )
    .option('--seed <N>', 'of resampling', wholeNumber(0, 4294967295), 1)
    .option('--json', 'print what was written as JSON')
    .action(async (directory: string, { out, json, ...options }: Flags) => {
      const stop = stopSignals();
      const exported = await exportRun(path.resolve(directory), path.resolve(out), {
        ...options,
        signal: stop.signal,
      });
      stop.dispose();
      process.stdout.write(json ? JSON.stringify(exported, null, 2) + '\n' : inWords(exported));
    });
}

function inWords({ folder, weights, datasets }: Exported): string {
  const lines = datasets.map(({ file, pairs, rankings, tied, withoutPosterior, notDrawn }) => {
    const left = [
      tied > 0 ? `${tied} rankings only tie` : '',
      withoutPosterior > 0 ? `${withoutPosterior} were not used by the run` : '',
      notDrawn > 0 ? `${notDrawn} were not drawn` : '',
    ].filter((part) => part !== '');
    return `${file}: ${pairs} pairs of ${rankings} rankings${left.length > 0 ? ` (${left.join(', ')})` : ''}`;
  });
  return [folder, `  ${weights}: shares and fair weights`, ...lines.map((line) => `  ${line}`), ''].join(
    '\n',
  );
}
