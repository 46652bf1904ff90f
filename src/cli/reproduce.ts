import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { firstDifference } from '../run/reproduce/differences';
import { reproduction } from '../run/reproduce/request';
import { readAssets } from './assets';
import { say } from './boundary';
import { EXIT } from './exit-code';
import { progressBar, progressLines } from './progress-bar';
import { stopSignals } from './stop-signals';
import { superviseTraining } from './supervise';
import { oneLine } from './terminal';
import { version } from './version';

export function addReproduce(program: Command): void {
  program
    .command('reproduce')
    .summary('run a run again and see whether it is the same')
    .description(
      'Run the experiment of run.json again, in a temporary folder and on the same device, and report the first difference in result.json, posterior.csv, iterations.json and policies. The exit code is 0 only if every bit is the same, times and paths aside.',
    )
    .argument('<dir>', 'run directory')
    .option('--json', 'print what was found as JSON')
    .action(async (directory: string, { json }: { json?: true }) => {
      process.exitCode = await reproduce(path.resolve(directory), json === true);
    });
}

async function reproduce(directory: string, json: boolean): Promise<number> {
  const { request, changes } = await reproduction(directory, version);
  const folder = await mkdtemp(path.join(tmpdir(), 'emdpo-reproduce-'));
  const again = path.join(folder, 'run');
  const progress = process.stderr.isTTY ? progressBar(process.stderr) : progressLines(process.stderr);
  const stop = stopSignals();
  try {
    const order = {
      request,
      runDirectory: again,
      version,
      assets: await readAssets(),
      program: process.argv[1],
    };
    const outcome = await superviseTraining(order, stop.signal, (event) => {
      progress.show(event);
    });
    progress.end();
    if (outcome.kind === 'failed') return say(outcome.told);
    if (outcome.kind === 'stopped') {
      return say({ lines: ['Stopped. Nothing was kept.'], exitCode: stop.exitCode() ?? EXIT.failed });
    }
    const difference = await firstDifference(directory, again);
    const same = difference === undefined;
    const words = same
      ? ['The second run is the same, bit for bit: result.json, posterior.csv, iterations.json and policies.']
      : [
          `The second run differs, first in ${difference.file}${difference.place === undefined ? '' : ` at ${difference.place}`}:`,
          `  then ${oneLine(difference.before, 200)}`,
          `  now  ${oneLine(difference.after, 200)}`,
        ];
    const since = changes.map((change) => `Since the run, ${change}.`);
    process.stdout.write(
      json
        ? JSON.stringify({ same, difference, changes }, null, 2) + '\n'
        : [...words, ...since, ''].join('\n'),
    );
    return same ? EXIT.fine : EXIT.failed;
  } finally {
    stop.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
