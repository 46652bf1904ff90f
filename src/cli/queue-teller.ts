import type { RunEvent } from '../protocol/event';
import type { QueueEntry } from '../run/queue/fold';
import type { EndedExperiment } from '../run/queue/work-through';
import { progressBar, progressLines } from './progress-bar';

/** What a person, or a program, hears while a queue is worked through. */
export interface QueueTeller {
  readonly started: (entry: QueueEntry, directory: string, how: string) => void;
  readonly events: (events: readonly RunEvent[]) => void;
  readonly ended: (ended: EndedExperiment) => void;
  /** The result, on standard output. */
  done(text: string): void;
  /** A sentence, on standard error. */
  say(sentence: string): void;
  end(): void;
}

const VERBS: Readonly<Record<string, string>> = {
  start: 'started',
  resume: 'goes on',
  watch: 'is running already',
};

/**
 * Tells on standard error what happens: in words and with a bar on a terminal, as lines of JSON on a pipe. When the
 * terminal has gone it tells nobody, and the work goes on.
 */
export function queueTeller(quiet: boolean): QueueTeller {
  const { stderr, stdout } = process;
  let gone = false;
  const hangUp = () => {
    gone = true;
  };
  process.on('SIGHUP', hangUp);
  stderr.on('error', hangUp);
  const terminal = stderr.isTTY;
  const progress = terminal ? progressBar(stderr) : progressLines(stderr);
  const silent = () => gone || quiet;
  const line = (words: string, event: object) => {
    if (silent()) return;
    if (terminal) progress.end();
    stderr.write((terminal ? words : JSON.stringify({ time: new Date().toISOString(), ...event })) + '\n');
  };
  return {
    started({ id, request: { name } }, runDirectory, how) {
      line(`${name} (${id}) ${VERBS[how]}: ${runDirectory}`, {
        type: 'queue',
        id,
        name,
        state: 'running',
        runDirectory,
      });
    },
    events(events) {
      if (!silent()) for (const event of events) progress.show(event);
    },
    ended({ entry: { id, request }, state, message, directory }) {
      const { name } = request;
      const words = { finished: 'has finished', failed: 'failed', cancelled: 'was stopped', dead: 'died' }[
        state
      ];
      line(`${name} (${id}) ${words}${message ? `: ${message}` : '.'}`, {
        ...{ type: 'queue', id, name, state, message, runDirectory: directory },
      });
    },
    done(text) {
      if (gone) return;
      if (terminal) progress.end();
      stdout.write(text);
    },
    say(sentence) {
      if (gone) return;
      if (terminal) progress.end();
      stderr.write(`emdpo: ${sentence}\n`);
    },
    end() {
      if (terminal && !gone) progress.end();
      process.off('SIGHUP', hangUp);
      stderr.off('error', hangUp);
    },
  };
}
