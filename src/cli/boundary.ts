import { CommanderError } from 'commander';
import { DatasetError } from '../dataset/dataset-error';
import { PopulationError } from '../dataset/simulate/read-population';
import { ExperimentError } from '../run/experiment';
import { RunError } from '../run/run-error';
import { UnfitDataError } from '../unfit-data-error';
import { EXIT } from './exit-code';
import { UsageError } from './usage-error';

/**
 * The one place where an error becomes words for the person.
 *
 * @returns the exit code
 */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage; // it has spoken already
  if (process.env.EMDPO_DEBUG === '1') console.error(error);
  if (error instanceof UsageError || error instanceof ExperimentError || error instanceof PopulationError) {
    say(error.message);
    return EXIT.usage;
  }
  if (error instanceof RunError || error instanceof DatasetError || error instanceof UnfitDataError) {
    say(error.message);
    return EXIT.failed;
  }
  say(`Something unexpected went wrong: ${error instanceof Error ? error.message : String(error)}`);
  say('This is a fault of emdpo, not yours. Run it again with EMDPO_DEBUG=1 to see where it happened.');
  return EXIT.failed;
}

function say(message: string): void {
  for (const line of message.split('\n')) process.stderr.write(`emdpo: ${line}\n`);
}
