import { Worker } from 'node:worker_threads';
import { DONE, LOST } from '../assembly/layout';

/**
 * What a helper runs. It is a text, so that it needs no file beside the program. A helper that fails in the middle of a
 * part says so where the thread that waits for the part looks, which would wait for ever otherwise.
 */
const SERVE = `
  const { module, memory } = require('node:worker_threads').workerData;
  try {
    new WebAssembly.Instance(module, { env: { memory } }).exports.serve();
  } catch {
    const done = new Int32Array(memory.buffer, ${DONE}, 1);
    Atomics.or(done, 0, ${LOST} | 0);
    Atomics.notify(done, 0);
  }
`;

/**
 * Threads that do nothing but take parts of jobs. Nobody waits for one that has not begun, so that a helper that the
 * machine has no time for, or cannot start, costs nothing. They end with the process and never keep it alive.
 */
export function helperThreads(module: WebAssembly.Module, memory: WebAssembly.Memory) {
  let started = 0;
  return {
    /** Starts helpers until there have been so many. */
    atLeast: (count: number): void => {
      for (; started < count; started++) {
        try {
          const helper = new Worker(SERVE, { eval: true, workerData: { module, memory }, execArgv: [] });
          helper.on('error', () => undefined); // it did not begin, or has said so itself
          helper.unref();
        } catch {
          // no thread may be started here: the one that computes does all parts
          started = Infinity;
        }
      }
    },
  };
}
