import path from 'node:path';
import type { Command } from 'commander';
import { projectOf } from '../run/directory';
import { pinnedRun, pinRun, projectOfRun, unpin } from '../run/pinned';
import { UsageError } from './usage-error';

interface Flags {
  readonly unpin?: true;
  readonly json?: true;
}

export function addPin(program: Command): void {
  program
    .command('pin')
    .summary('choose the run that others are compared with')
    .description(
      'Make a finished run the baseline of its project: emdpo compare RUN then compares with it, and the editor marks it. Without a run, tell which one is pinned in the project of the current folder.',
    )
    .argument('[dir]', 'run directory')
    .option('--unpin', 'leave the project without a baseline')
    .option('--json', 'print the run that is pinned as JSON')
    .action(async (directory: string | undefined, flags: Flags) => {
      if (flags.unpin && directory !== undefined) await unpinOnly(directory);
      else if (flags.unpin) await unpin(await projectHere());
      else if (directory !== undefined) await pinRun(directory);
      const project = directory === undefined ? await projectHere() : await projectOfRun(directory);
      const pinned = (await pinnedRun(project)) ?? null;
      process.stdout.write(
        flags.json
          ? JSON.stringify({ project, pinned }) + '\n'
          : pinned === null
            ? `no run is pinned in ${project}\n`
            : `pinned: ${pinned}\n`,
      );
    });
}

/** A run that is not the pinned one is left alone, and so is the pin. */
async function unpinOnly(directory: string): Promise<void> {
  const project = await projectOfRun(directory);
  const pinned = await pinnedRun(project);
  if (pinned !== undefined && pinned !== path.resolve(directory)) {
    throw new UsageError(`${directory} is not pinned: ${pinned} is. Name that, or leave the run out.`);
  }
  await unpin(project);
}

function projectHere(): Promise<string> {
  return projectOf(path.join(process.cwd(), 'run.json'));
}
