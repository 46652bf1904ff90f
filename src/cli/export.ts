import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { exportRun, type Exported } from '../run/export/export-run';
import { holds, holdsLine, PSEUDONYMISE } from './holds';
import { wholeNumber } from './parse';
import { stopSignals } from './stop-signals';
import { UsageError } from './usage-error';

interface Flags {
  readonly out: string;
  readonly by: 'weight' | 'resample';
  readonly seed: number;
  readonly merged?: readonly string[] | true;
  readonly pseudonymise?: true;
  readonly json?: true;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .summary('write what other programs train on')
    .description(
      'Write shares and fair weights of a run as JSON, and for each type the preference pairs that its policy is trained on, as TRL takes them. Of a run with language models also these: adapters as PEFT loads them, or whole checkpoints. The files hold the texts of the dataset and, unless they are pseudonymised, the names of its annotators.',
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
    .option(
      '--merged [policy...]',
      'with language models: write these as whole models too, each adapter merged with its base (all of them)',
    )
    .option('--pseudonymise', PSEUDONYMISE)
    .option('--json', 'print what was written as JSON')
    .action(async (directory: string, { out, json, ...options }: Flags) => {
      const stop = stopSignals();
      try {
        const request = { ...options, signal: stop.signal };
        const exported = await exportRun(path.resolve(directory), path.resolve(out), request);
        process.stdout.write(
          json
            ? JSON.stringify({ ...exported, holds: holds(options.pseudonymise) }, null, 2) + '\n'
            : `${inWords(exported)}${holdsLine('The files hold', options.pseudonymise)}\n`,
        );
      } catch (error) {
        // a policy that is not there is the person's to mend
        if (error instanceof RangeError) throw new UsageError(error.message);
        if (!stop.signal.aborted) throw error;
        process.stderr.write(`emdpo: Stopped. ${out} holds what was written so far.\n`);
        process.exitCode = stop.exitCode();
      } finally {
        stop.dispose();
      }
    });
}

const KINDS = {
  base: 'the base model of the adapters',
  adapter: 'LoRA adapter',
  checkpoint: 'whole model',
  merged: 'whole model, the adapter merged with its base',
};

function inWords({ folder, weights, datasets, policies }: Exported): string {
  const lines = datasets.map(({ file, pairs, rankings, tied, withoutPosterior, notDrawn }) => {
    const left = [
      tied > 0 ? `${tied} rankings only tie` : '',
      withoutPosterior > 0 ? `${withoutPosterior} were not used by the run` : '',
      notDrawn > 0 ? `${notDrawn} were not drawn` : '',
    ].filter((part) => part !== '');
    return `${file}: ${pairs} pairs of ${rankings} rankings${left.length > 0 ? ` (${left.join(', ')})` : ''}`;
  });
  const models = policies.map((each) => `${each.folder}/: ${KINDS[each.kind]}, ${megabytes(each.bytes)}`);
  const all = [`${weights}: shares and fair weights`, ...lines, ...models];
  return [folder, ...all.map((line) => `  ${line}`), ''].join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
