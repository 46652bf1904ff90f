import { isMainThread } from 'node:worker_threads';
import { Command } from 'commander';
import { addAssign } from './assign';
import { say, tell } from './boundary';
import { addCompare } from './compare';
import { addConvert } from './convert';
import { addDevices } from './devices';
import { addExport } from './export';
import { addGenerate } from './generate';
import { addName } from './name';
import { addQueue } from './queue';
import { addPin } from './pin';
import { addRename } from './rename';
import { addReport } from './report';
import { addReproduce } from './reproduce';
import { addResume } from './resume';
import { addRuns } from './runs';
import { addSimulate } from './simulate';
import { addStop } from './stop';
import { addTrain } from './train';
import { trainInProcess, trainInThread } from './train-apart';
import { TRAIN_APART } from './training-host';
import { addValidate } from './validate';
import { version } from './version';

const program = new Command('emdpo')
  .description(
    'Find latent annotator types in ranking data, and build the policy that the worst-off type regrets least.',
  )
  .version(version)
  .exitOverride()
  .showHelpAfterError('(emdpo --help lists the commands and their options)')
  .configureHelp({ showGlobalOptions: true });

// subcommands take over what was set above when they are added
addValidate(program);
addTrain(program);
addResume(program);
addRuns(program);
addStop(program);
addQueue(program);
addReport(program);
addName(program);
addGenerate(program);
addCompare(program);
addPin(program);
addRename(program);
addReproduce(program);
addAssign(program);
addExport(program);
addConvert(program);
addSimulate(program);
addDevices(program);

// the reader of a pipe may go away before we are done, as `head` does
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

if (!isMainThread) {
  void trainInThread();
} else if (process.argv[2] === TRAIN_APART && process.connected) {
  void trainInProcess();
} else {
  program.parseAsync().catch((error: unknown) => {
    process.exitCode = say(tell(error));
  });
}
