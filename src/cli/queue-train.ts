import { foldQueue } from '../run/queue/fold';
import { readQueueLog } from '../run/queue/queue-log';
import { RunError } from '../run/run-error';
import { resumableExperiment } from './resume';
import { readAssets } from './assets';
import { say } from './boundary';
import { EXIT } from './exit-code';
import { stopSignals } from './stop-signals';
import { superviseTraining } from './supervise';
import { version } from './version';

/**
 * The life of a process that trains one experiment of a queue, or goes on with its run. What there is to tell is in
 * the run directory; it says only what keeps it from being written there.
 *
 * @returns the exit code
 */
export async function trainQueued(
  project: string,
  id: string,
  runDirectory: string,
  resume: boolean,
): Promise<number> {
  const { started } = foldQueue((await readQueueLog(project)).events);
  const entry = started.find((each) => each.id === id);
  if (!entry) throw new RunError(`It is not the turn of ${id} in the queue of ${project}.`);
  const request = resume ? await resumableExperiment(runDirectory) : entry.request;
  const stop = stopSignals();
  const order = {
    request,
    runDirectory,
    resume,
    version,
    assets: await readAssets(),
    program: process.argv[1],
  };
  const outcome = await superviseTraining(order, stop.signal, () => undefined);
  stop.dispose();
  if (outcome.kind === 'failed') return say(outcome.told);
  return outcome.kind === 'finished' ? EXIT.fine : (stop.exitCode() ?? EXIT.failed);
}
