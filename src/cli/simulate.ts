import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { ParametricOptions } from '../dataset/simulate/plan-parametric';
import type { RecordFormat } from '../dataset/simulate/population';
import { PopulationError, readPopulation } from '../dataset/simulate/read-population';
import { simulateToFile } from '../dataset/simulate/to-file';
import { nonNegative, share, wholeNumber } from './parse';
import { percent } from './terminal';
import { UsageError } from './usage-error';

interface Flags {
  readonly out: string;
  readonly seed: number;
  readonly types?: number;
  readonly annotators?: number;
  readonly prompts?: number | 'fresh';
  readonly responses?: number;
  readonly features?: number;
  readonly records?: number;
  readonly format?: readonly RecordFormat[];
  readonly scale?: number;
  readonly careless?: number;
  readonly ties?: number;
  readonly json?: true;
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .summary('make a dataset whose types are known')
    .description(
      'Make a dataset of annotators whose types are known, from a population file or from the options below.',
    )
    .argument('[population]', 'population file (schema/population.schema.json)')
    .requiredOption('--out <file>', 'dataset to write; its truth is written beside it')
    .option('--seed <N>', 'the same seed gives the same dataset', wholeNumber(0, 4294967295), 1)
    .option('--types <K>', 'types, of equal share (2)', wholeNumber(1, 64))
    .option('--annotators <N>', 'annotators (200)', wholeNumber(1))
    .option('--prompts <N|fresh>', 'prompts that all share, or a fresh one for each record (20)', promptCount)
    .option('--responses <m>', 'responses of a prompt (3)', wholeNumber(2))
    .option('--features <d>', 'features of a response (4)', wholeNumber(1))
    .option('--records <n>', 'records of an annotator (5)', wholeNumber(1))
    .option(
      '--format <name[:share]>',
      'ranking, pair, best-of-<m> or top-<l>-of-<m>; may be repeated (ranking)',
      format,
    )
    .option('--scale <s>', 'multiplies the utilities: the larger, the less noise (1)', nonNegative)
    .option('--careless <share>', 'share of annotators who rank at random (0)', share)
    .option('--ties <share>', 'share of records that hold a tie (0)', share)
    .option('--json', 'print what was made as JSON')
    .action(simulate);
}

async function simulate(population: string | undefined, flags: Flags): Promise<void> {
  const { out, seed } = flags;
  const made = await saying(async () =>
    simulateToFile(
      population === undefined
        ? { parametric: parametric(flags), seed, out }
        : { population: await readPopulation(refuseParametric(population, flags)), seed, out },
    ),
  );
  process.stdout.write(
    flags.json
      ? JSON.stringify({ dataset: out, ...made }) + '\n'
      : `${out}: ${made.records} records by ${made.annotators} annotators\n` +
          `truth: ${made.truthPath}\n` +
          `A classifier that knows the true rewards gets ${percent(made.idealAccuracy)} of the annotators right.\n`,
  );
}

const parametricFlags = [
  'types',
  'annotators',
  'prompts',
  'responses',
  'features',
  'records',
  'format',
  'scale',
  'careless',
  'ties',
] as const;

function refuseParametric(population: string, flags: Flags): string {
  const given = parametricFlags.find((flag) => flags[flag] !== undefined);
  if (given === undefined) return population;
  throw new UsageError(
    `--${given} and a population file contradict each other: ${population} says it already.`,
  );
}

function parametric(flags: Flags): ParametricOptions {
  const formats = flags.format ?? [{ format: 'ranking', share: 1 }];
  const total = formats.reduce((sum, { share }) => sum + share, 0);
  return {
    types: flags.types ?? 2,
    annotators: flags.annotators ?? 200,
    prompts: flags.prompts ?? 20,
    responses: flags.responses ?? 3,
    features: flags.features ?? 4,
    records: flags.records ?? 5,
    formats: formats.map((each) => ({ ...each, share: each.share / total })),
    scale: flags.scale,
    careless: flags.careless,
    ties: flags.ties,
  };
}

/** What the simulator refuses, it says in a sentence; anything but a plain error is a fault of the program. */
async function saying<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PopulationError || !(error instanceof Error) || error.constructor !== Error)
      throw error;
    throw new UsageError(error.message);
  }
}

function promptCount(text: string): number | 'fresh' {
  return text === 'fresh' ? text : wholeNumber(1)(text);
}

/** `pair`, `ranking`, `best-of-3`, `top-2-of-4`, each with a share after a colon where there are several. */
function format(text: string, before: readonly RecordFormat[] = []): RecordFormat[] {
  const [name, ...weight] = text.split(':');
  return [...before, { ...formatOf(name), share: weight.length === 0 ? 1 : share(weight.join(':')) }];
}

function formatOf(name: string): RecordFormat {
  const best = /^best-of-(\d+)$/.exec(name);
  const top = /^top-(\d+)-of-(\d+)$/.exec(name);
  if (name === 'pair') return { format: 'pair', share: 1 };
  if (name === 'ranking') return { format: 'ranking', share: 1 };
  if (best) return { format: 'best-of', of: Number(best[1]), share: 1 };
  if (top) return { format: 'top', top: Number(top[1]), of: Number(top[2]), share: 1 };
  throw new InvalidArgumentError('It must be ranking, pair, best-of-<m> or top-<l>-of-<m>.');
}
