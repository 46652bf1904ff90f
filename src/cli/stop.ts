import path from 'node:path';
import type { Command } from 'commander';
import type { RunState } from '../protocol/run';
import { RunError } from '../run/run-error';
import { readState } from '../run/state';
import { stopRun } from '../run/stop-run';

const ENDED: Readonly<Record<Exclude<RunState, 'created'>, string>> = {
  running: 'is just ending',
  finished: 'has finished',
  failed: 'has failed; “emdpo resume” goes on with it',
  cancelled: 'was stopped; “emdpo resume” goes on with it',
  dead: 'is dead, as its process ended without a word; “emdpo resume” goes on with it',
};

export function addStop(program: Command): void {
  program
    .command('stop')
    .summary('stop a run that is going')
    .description(
      'Stop a run of this machine, wherever it was started. Its processes are asked to end, and are ended after two seconds; what was committed stays, and emdpo resume goes on with it.',
    )
    .argument('<dir>', 'run directory')
    .action(async (directory: string) => {
      const run = path.resolve(directory);
      const stopped = await stopRun(run);
      switch (stopped.kind) {
        case 'elsewhere':
          throw new RunError(
            `${directory} belongs to process ${stopped.lock.pid} on ${stopped.lock.host}. Stop it there.`,
          );
        case 'not running': {
          const state = await readState(run);
          throw new RunError(
            state === 'created'
              ? `${directory} is no run directory: it has no events.`
              : `${directory} is not running: it ${ENDED[state]}.`,
          );
        }
        case 'stopped':
          process.stdout.write(
            `stopped: no process of the run is left\ngo on with: emdpo resume ${directory}\n`,
          );
      }
    });
}
