import type { Command } from 'commander';
import type { Finding } from '../protocol/finding';
import { readExperiment } from '../run/experiment';
import { runFile } from '../run/run-files';
import { readAssets } from './assets';
import { say } from './boundary';
import { EXIT } from './exit-code';
import { printResult } from './print-result';
import type { TrainOrder } from './train-apart';
import { progressBar, progressLines } from './progress-bar';
import { stopSignals } from './stop-signals';
import { superviseTraining } from './supervise';
import { addTrainOptions, experimentPart } from './train-options';
import type { TrainFlags } from './train-options';
import { version } from './version';

interface Flags extends TrainFlags {
  readonly runDir?: string;
  readonly json?: true;
}

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('find the types, train a policy for each, weigh them fairly')
    .description(
      'Find annotator types with EM-DPO, train one policy for each, and weigh them by min-max regret.',
    )
    .argument('<file>', 'ranking file or *.emdpo.json; flags win over the experiment file');
  addTrainOptions(command)
    .option('--run-dir <dir>', 'run directory to write; made under .emdpo/runs by default')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, flags: Flags) => {
      process.exitCode = await train(file, flags);
    });
}

async function train(file: string, flags: Flags): Promise<number> {
  const request = await readExperiment(file, experimentPart(flags));
  return superviseOrder({ request, runDirectory: flags.runDir }, file, flags.json === true);
}

/** Trains, telling progress, and prints the result. @returns the exit code */
export async function superviseOrder(
  what: Pick<TrainOrder, 'request' | 'runDirectory' | 'resume'>,
  file: string,
  json: boolean,
): Promise<number> {
  const order = { ...what, version, assets: await readAssets(), program: process.argv[1] };
  const progress = process.stderr.isTTY ? progressBar(process.stderr) : progressLines(process.stderr);
  const stop = stopSignals();
  const outcome = await superviseTraining(order, stop.signal, (event) => {
    progress.show(event);
  });
  progress.end();
  stop.dispose();
  switch (outcome.kind) {
    case 'failed':
      return say(outcome.told);
    case 'stopped':
      return say({
        lines: ['Stopped. What was written so far is kept.'],
        exitCode: stop.exitCode() ?? EXIT.failed,
      });
    case 'finished': {
      const { directory, result, findings } = outcome.run;
      process.stdout.write(
        json
          ? JSON.stringify({ ...result, runDirectory: directory }, null, 2) + '\n'
          : `${printResult(result)}\n${findingsLine(findings, file)}run directory: ${directory}\nreport: ${runFile(directory, 'report')}\n`,
      );
      return EXIT.fine;
    }
  }
}

/** The findings themselves are what `validate` is for. */
function findingsLine(findings: readonly Finding[], file: string): string {
  const serious = findings.filter(({ severity }) => severity === 'error' || severity === 'warning').length;
  if (serious === 0) return '';
  return `findings about the dataset: ${serious} (emdpo validate ${file} shows them)\n`;
}
