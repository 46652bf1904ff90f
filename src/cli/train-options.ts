import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { AggregateChoice, TypesChoice } from '../protocol/experiment';
import type { ExperimentPart } from '../run/experiment';
import { addDatasetOptions, datasetPart } from './dataset-options';
import type { DatasetFlags } from './dataset-options';
import { nonNegative, nonNegativeList, positive, typesChoice, wholeNumber } from './parse';
import { UsageError } from './usage-error';

/** Flags that say how to train. They win over the experiment file. */
export interface TrainFlags extends DatasetFlags {
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
}

export function addTrainOptions(command: Command): Command {
  command
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
  return addDatasetOptions(command)
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
    .option('--attribute <csv>', 'compare the types with an attribute: CSV of annotator,attribute');
}

/** What the flags say of an experiment. @throws UsageError where they contradict each other */
export function experimentPart(flags: TrainFlags): ExperimentPart {
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

function policyPart({ policy, model }: TrainFlags): ExperimentPart['policy'] {
  if (model === undefined) return policy && { kind: policy };
  if (policy !== undefined && policy !== 'transformer') {
    throw new UsageError(
      `--model and --policy ${policy} contradict each other: only transformers have a model.`,
    );
  }
  return { kind: 'transformer', model: model === 'scratch' ? model : path.resolve(model) };
}
