import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../../src/editor/diagnostics/worker-protocol';

/** A validation worker of the extension under test, which lives in the same process. */
export interface Watched {
  readonly sent: ToWorker[];
  readonly received: FromWorker[];
  alive: boolean;
}

/** Every thread that is asked to validate from now on, with what it is told and what it says. */
export function watchWorkers(): readonly Watched[] {
  const all: Watched[] = [];
  const known = new WeakMap<Worker, Watched>();
  const post = Reflect.get(Worker.prototype, 'postMessage') as (this: Worker, message: ToWorker) => void;
  const watch = (worker: Worker): Watched => {
    const watched: Watched = { sent: [], received: [], alive: true };
    worker.on('message', (message: FromWorker) => watched.received.push(message));
    worker.once('exit', () => {
      watched.alive = false;
    });
    known.set(worker, watched);
    all.push(watched);
    return watched;
  };
  Worker.prototype.postMessage = function (this: Worker, message: ToWorker) {
    const watched = known.get(this) ?? (message.kind === 'validate' ? watch(this) : undefined);
    watched?.sent.push(message);
    post.call(this, message);
  };
  return all;
}
