import { interruptRuns } from '../run/queue/stop-queue';
import { QueueBusyError, workThrough } from '../run/queue/work-through';
import type { EndedExperiment } from '../run/queue/work-through';
import { EXIT } from './exit-code';
import { forgetWords, launchQueued } from './queue-launch';
import { queueTeller } from './queue-teller';
import { stopSignals } from './stop-signals';

/**
 * Works through a queue in this process, which survives its terminal: closing that is no reason to stop, Ctrl-C is.
 *
 * @returns the exit code
 */
export async function runQueue(project: string, json: boolean, quiet: boolean): Promise<number> {
  const stop = stopSignals(['SIGINT', 'SIGTERM']);
  const tell = queueTeller(quiet);
  try {
    const ended = await workThrough(project, {
      signal: stop.signal,
      launch: (entry, directory, resume) => launchQueued(project, entry, directory, resume),
      onStart: tell.started,
      onEvents: tell.events,
      onEnd: (each) => {
        tell.ended(each);
        void forgetWords(project, each.entry);
      },
    });
    const code = stop.exitCode();
    if (code === undefined) {
      tell.done(json ? asJson(project, ended) : inWords(project, ended));
      return ended.some(({ state }) => state === 'failed' || state === 'dead') ? EXIT.failed : EXIT.fine;
    }
    // Ctrl-C; whoever ends this process alone wants the run to go on
    const stopped = code === 130 ? await interruptRuns(project) : [];
    tell.say(
      stopped.length > 0
        ? 'Stopped, and the run with it. What was written so far is kept; emdpo queue run goes on.'
        : 'Stopped. A run that is going goes on by itself; emdpo queue run goes on with the next.',
    );
    return code;
  } catch (error) {
    if (!(error instanceof QueueBusyError)) throw error;
    tell.done(
      json
        ? JSON.stringify({ project, started: false, pid: error.pid }, null, 2) + '\n'
        : error.message + '\n',
    );
    return EXIT.fine;
  } finally {
    tell.end();
    stop.dispose();
  }
}

function asJson(project: string, ended: readonly EndedExperiment[]): string {
  const experiments = ended.map(({ entry, state, message, directory }) => ({
    id: entry.id,
    name: entry.request.name,
    state,
    message: message ?? null,
    runDirectory: directory ?? null,
  }));
  return JSON.stringify({ project, started: true, experiments }, null, 2) + '\n';
}

function inWords(project: string, ended: readonly EndedExperiment[]): string {
  if (ended.length === 0) return `nothing waits in the queue of ${project}\n`;
  const count = (state: EndedExperiment['state'], word: string) => {
    const number = ended.filter((each) => each.state === state).length;
    return number === 0 ? [] : [`${number} ${word}`];
  };
  const counts = [
    ...count('finished', 'finished'),
    ...count('failed', 'failed'),
    ...count('cancelled', 'stopped'),
    ...count('dead', 'died'),
  ];
  return `queue of ${project}: ${counts.join(', ')}\n`;
}
