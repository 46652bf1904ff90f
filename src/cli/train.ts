import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Finding } from '../protocol/finding';
import type { AggregateChoice, TypesChoice } from '../protocol/experiment';
import { readExperiment } from '../run/experiment';
import type { ExperimentPart } from '../run/experiment';
import { runFile } from '../run/run-files';
import { readAssets } from './assets';
import { say } from './boundary';
import { addDatasetOptions, datasetPart } from './dataset-options';
import type { DatasetFlags } from './dataset-options';
import { EXIT } from './exit-code';
import { nonNegative, nonNegativeList, positive, typesChoice, wholeNumber } from './parse';
import { printResult } from './print-result';
import type { TrainOrder } from './train-apart';
import { progressBar, progressLines } from './progress-bar';
import { stopSignals } from './stop-signals';
import { superviseTraining } from './supervise';
import { UsageError } from './usage-error';
import { version } from './version';

interface Flags extends DatasetFlags {
  readonly name?: string;
  readonly types?: TypesChoice;
  readonly policy?: 'auto' | 'tabular' | 'loglinear' | 'transformer';
  readonly model?: string;
  readonly device?: string;
  readonly threads?: number;
  readonly starts?: number;
  readonly iterations?: number;
  readonly prior?: number;
  readonly seed?: number;
  readonly bootstrap?: number;
  readonly calibration?: true;
  readonly beta?: number;
  readonly protect?: readonly number[];
  readonly single?: AggregateChoice['single'];
  readonly solver?: AggregateChoice['solver'];
  readonly baselines?: true;
  readonly attribute?: string;
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
    .argument('<file>', 'ranking file or *.emdpo.json; flags win over the experiment file')
    .option('--name <name>', 'name of the run')
    .option('--types <K>', 'number of types; several such as 1,2,3, or auto, to choose among', typesChoice)
    .addOption(
      new Option('--policy <kind>', 'family of policies').choices([
        'auto',
        'tabular',
        'loglinear',
        'transformer',
      ]),
    )
    .option('--model <folder>', 'with transformer: folder of a checkpoint, or scratch (scratch)')
    .option('--device <id>', 'with transformer: device that emdpo devices lists, or auto')
    .option('--threads <N>', 'with transformer: threads on the processor; 0 is all', wholeNumber(0, 1024))
    .option('--starts <N>', 'starting points to try', wholeNumber(1, 1000))
    .option('--iterations <N>', 'most iterations of one start', wholeNumber(1))
    .option('--prior <λ>', 'weight of the prior on rewards; 0 is maximum likelihood', nonNegative)
    .option('--seed <N>', 'the same seed gives the same result', wholeNumber(0, 4294967295))
    .option('--beta <β>', 'β of DPO', positive)
    .option(
      '--bootstrap <N>',
      'repeat the fit on resampled annotators, for intervals (0)',
      wholeNumber(0, 10000),
    )
    .option('--calibration', 'test whether stated certainties come true on rankings held out');
  addDatasetOptions(command)
    .addOption(
      new Option('--ties <treatment>', 'average over the orders a tie allows, or drop such records').choices([
        'average',
        'drop',
      ]),
    )
    .option('--protect <c1,c2…>', 'protection weights of the types, largest share first', nonNegativeList)
    .addOption(
      new Option('--single <policy>', 'the single policy to recommend').choices([
        'mixture',
        'loglinear',
        'distilled',
      ]),
    )
    .addOption(
      new Option('--solver <name>', 'how the fair weights are found').choices([
        'exact',
        'multiplicative-weights',
      ]),
    )
    .option('--baselines', 'compare with other methods on the same records')
    .option('--attribute <csv>', 'compare the types with an attribute: CSV of annotator,attribute')
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

function experimentPart(flags: Flags): ExperimentPart {
  return {
    name: flags.name,
    dataset: datasetPart(flags),
    policy: policyPart(flags),
    types: flags.types,
    beta: flags.beta,
    em: { starts: flags.starts, iterations: flags.iterations, prior: flags.prior },
    aggregate: { protection: flags.protect, single: flags.single, solver: flags.solver },
    evaluate: {
      bootstrap: flags.bootstrap,
      calibration: flags.calibration,
      baselines: flags.baselines,
      attribute: flags.attribute === undefined ? undefined : path.resolve(flags.attribute),
    },
    compute: { device: flags.device, threads: flags.threads },
    seed: flags.seed,
  };
}

function policyPart({ policy, model }: Flags): ExperimentPart['policy'] {
  if (model === undefined) return policy && { kind: policy };
  if (policy !== undefined && policy !== 'transformer') {
    throw new UsageError(
      `--model and --policy ${policy} contradict each other: only transformers have a model.`,
    );
  }
  return { kind: 'transformer', model: model === 'scratch' ? model : path.resolve(model) };
}
