import { parentPort, workerData } from 'node:worker_threads';
import type { RunEvent } from '../protocol/event';
import { trainRun } from '../run/train';
import type { TrainedRun, TrainOptions } from '../run/train';
import type { ExperimentRequest } from '../run/experiment';
import { tell } from './boundary';
import type { Told } from './boundary';

/** What the worker is to train. */
export interface TrainOrder extends Pick<TrainOptions, 'runDirectory' | 'version' | 'assets'> {
  readonly request: ExperimentRequest;
}

/** How a training ended. */
export type TrainOutcome =
  | { readonly kind: 'finished'; readonly run: TrainedRun }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly told: Told };

/** What the worker says; the outcome is the last of it. Any message to the worker asks it to stop. */
export type FromWorker =
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'event'; readonly event: RunEvent }
  | TrainOutcome;

/** The worker thread's whole life: one training. */
export async function trainInWorker(): Promise<void> {
  if (parentPort === null) throw new Error('This is no worker thread.');
  const port = parentPort;
  const post = (message: FromWorker) => {
    port.postMessage(message);
  };
  // supervise.ts is the only one that starts this thread
  const { request, ...options } = workerData as TrainOrder;
  const stop = new AbortController();
  port.once('message', () => {
    stop.abort(new Error('Stopped.'));
  });
  try {
    const run = await trainRun(request, {
      ...options,
      signal: stop.signal,
      onDirectory: (directory) => {
        post({ kind: 'directory', directory });
      },
      onEvent: (event) => {
        post({ kind: 'event', event });
      },
    });
    post({ kind: 'finished', run });
  } catch (error) {
    post(stop.signal.aborted ? { kind: 'stopped' } : { kind: 'failed', told: tell(error) });
  }
  port.close();
}
