import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { DeviceError } from '../compute/devices/device-error';
import { DatasetError } from '../dataset/dataset-error';
import { PopulationError } from '../dataset/simulate/read-population';
import { ModelError } from '../policy/transformer/model-error';
import { ExperimentError } from '../run/experiment';
import { RunError } from '../run/run-error';
import { TrainingError } from '../training/language/training-error';
import { UnfitDataError } from '../unfit-data-error';
import { EXIT } from './exit-code';
import { UsageError } from './usage-error';

/** What the person hears of an error, and the exit code. */
export interface Told {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** The one place where an error becomes words for the person. */
export function tell(error: unknown): Told {
  const told = inWords(error);
  if (process.env.EMDPO_DEBUG !== '1') return told;
  return { ...told, lines: [...told.lines, inspect(error)] };
}

/** Says what went wrong on standard error. @returns the exit code */
export function say({ lines, exitCode }: Told): number {
  for (const line of lines.flatMap((text) => text.split('\n'))) process.stderr.write(`emdpo: ${line}\n`);
  return exitCode;
}

/** Nothing is wrong with the command line, nor with this program. */
const outsideFaults = [RunError, DatasetError, UnfitDataError, DeviceError, ModelError, TrainingError];

function inWords(error: unknown): Told {
  if (error instanceof CommanderError) {
    return { lines: [], exitCode: error.exitCode === 0 ? EXIT.fine : EXIT.usage }; // it has spoken already
  }
  if (error instanceof UsageError || error instanceof ExperimentError || error instanceof PopulationError) {
    return { lines: [error.message], exitCode: EXIT.usage };
  }
  if (outsideFaults.some((fault) => error instanceof fault)) {
    return { lines: [(error as Error).message], exitCode: EXIT.failed };
  }
  const lines = [
    `Something unexpected went wrong: ${error instanceof Error ? error.message : String(error)}`,
    'This is a fault of emdpo, not yours. Run it again with EMDPO_DEBUG=1 to see where it happened.',
  ];
  return { lines, exitCode: EXIT.failed };
}
