import path from 'node:path';
import type { Command } from 'commander';
import type { Experiment } from '../protocol/experiment';
import { readManifest } from '../run/manifest';
import { RunError } from '../run/run-error';
import { readState } from '../run/state';
import { superviseOrder } from './train';

export function addResume(program: Command): void {
  program
    .command('resume')
    .summary('go on with a run that was stopped or died')
    .description(
      'Go on with a run from its last checkpoint. The result is that of a run which was never stopped; what has no checkpoint is computed again.',
    )
    .argument('<dir>', 'run directory')
    .option('--json', 'print the result as JSON')
    .action(async (directory: string, { json }: { json?: true }) => {
      const runDirectory = path.resolve(directory);
      const experiment = await resumableExperiment(runDirectory);
      process.exitCode = await superviseOrder(
        { request: experiment, runDirectory, resume: true },
        experiment.dataset.path,
        json === true,
      );
    });
}

/**
 * The experiment of a run that is to go on, as its run.json has it.
 *
 * @throws RunError where there is none
 */
export async function resumableExperiment(directory: string): Promise<Experiment> {
  const manifest = await readManifest(directory);
  if (manifest !== undefined) return manifest.experiment;
  throw new RunError(
    (await readState(directory)) === 'created'
      ? `${directory} is no run directory: it has neither run.json nor events.`
      : `${directory} holds no run that can go on: it ended before its dataset was read. Delete it and start the run again.`,
  );
}
