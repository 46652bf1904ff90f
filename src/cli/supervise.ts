import type { RunEvent } from '../protocol/event';
import { endRun } from '../run/end-run';
import { systemCode } from '../run/run-error';
import { tell } from './boundary';
import type { Told } from './boundary';
import { EXIT } from './exit-code';
import type { TrainOrder, TrainOutcome } from './train-apart';
import { inProcess, inThread } from './training-host';

/** A training that has not stopped by itself after this long is ended. */
const GRACE_MS = 400;

/**
 * Trains in a thread, or a language model in a process, so that this thread is always there to hear a signal, however
 * long one step of the computation takes. Whatever happens to the training, the run directory says how the run ended.
 *
 * @param signal asks for the end; the answer is an outcome of kind `stopped` within about half a second
 */
export async function superviseTraining(
  order: TrainOrder,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
): Promise<TrainOutcome> {
  const apart = order.request.policy.kind === 'transformer' ? inProcess : inThread;
  let directory: string | undefined;
  let outcome: TrainOutcome | undefined;
  let fault: unknown = new Error('The training ended without a word.');
  const { promise: ended, resolve: over } = deferred();
  const training = apart(order, {
    message: (message) => {
      if (message.kind === 'event') onEvent(message.event);
      else if (message.kind === 'directory') directory = message.directory;
      else outcome = message;
    },
    fault: (error) => {
      fault = error;
    },
    ended: over,
  });
  const stop = () => {
    training.stop();
    setTimeout(() => {
      training.end();
    }, GRACE_MS).unref();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  await ended;
  signal.removeEventListener('abort', stop);
  return outcome ?? (await concluded(directory, signal, fault));
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: (() => void) | undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve?.() };
}

/** Ends the run for a training that could not. */
async function concluded(
  directory: string | undefined,
  signal: AbortSignal,
  fault: unknown,
): Promise<TrainOutcome> {
  const told = faultInWords(fault);
  try {
    if (directory !== undefined) {
      await endRun(
        directory,
        signal.aborted ? { type: 'cancelled' } : { type: 'failed', message: told.lines[0] },
      );
    }
  } catch (error) {
    return { kind: 'failed', told: tell(error) };
  }
  return signal.aborted ? { kind: 'stopped' } : { kind: 'failed', told };
}

function faultInWords(fault: unknown): Told {
  if (systemCode(fault) !== 'ERR_WORKER_OUT_OF_MEMORY') return tell(fault);
  const line =
    'There is not enough memory for this dataset. Give Node.js more, such as NODE_OPTIONS=--max-old-space-size=8192, or use a part of it.';
  return { lines: [line], exitCode: EXIT.failed };
}
