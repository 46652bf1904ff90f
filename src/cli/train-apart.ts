import { parentPort, workerData } from 'node:worker_threads';
import type { RunEvent } from '../protocol/event';
import { trainRun } from '../run/train';
import type { TrainedRun, TrainOptions } from '../run/train';
import type { ExperimentRequest } from '../run/experiment';
import { tell } from './boundary';
import type { Told } from './boundary';

/** What is to be trained. */
export interface TrainOrder extends Pick<
  TrainOptions,
  'runDirectory' | 'resume' | 'version' | 'assets' | 'program'
> {
  readonly request: ExperimentRequest;
}

/** How a training ended. */
export type TrainOutcome =
  | { readonly kind: 'finished'; readonly run: TrainedRun }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly told: Told };

/** What a training says; the outcome is the last of it. */
export type FromTraining =
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'event'; readonly event: RunEvent }
  | TrainOutcome;

/** The worker thread's whole life: one training. Any message asks it to stop. */
export async function trainInThread(): Promise<void> {
  if (parentPort === null) throw new Error('This is no worker thread.');
  const port = parentPort;
  const stop = new AbortController();
  port.once('message', () => {
    stop.abort(new Error('Stopped.'));
  });
  // training-host.ts is the only one that starts this thread
  await train(workerData as TrainOrder, stop.signal, (message) => {
    port.postMessage(message);
  });
  port.close();
}

/** The same in a process: the first message is the order. Without the supervisor there is nobody to train for. */
export async function trainInProcess(): Promise<void> {
  const stop = new AbortController();
  const order = await new Promise<TrainOrder>((resolve) => {
    process.once('message', (first: { order: TrainOrder }) => {
      process.once('message', () => {
        stop.abort(new Error('Stopped.'));
      });
      resolve(first.order);
    });
  });
  process.on('disconnect', () => process.exit(1));
  // a signal to the process group is the supervisor's to answer
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
  await train(order, stop.signal, (message) => process.send?.(message), process.ppid);
  process.disconnect();
}

/** @param owner process that answers for the run directory, where it is not this one */
async function train(
  { request, ...options }: TrainOrder,
  signal: AbortSignal,
  post: (message: FromTraining) => void,
  owner?: number,
): Promise<void> {
  try {
    const run = await trainRun(request, {
      ...options,
      signal,
      owner,
      onDirectory: (directory) => {
        post({ kind: 'directory', directory });
      },
      onEvent: (event) => {
        post({ kind: 'event', event });
      },
    });
    post({ kind: 'finished', run });
  } catch (error) {
    post(signal.aborted ? { kind: 'stopped' } : { kind: 'failed', told: tell(error) });
  }
}
