import { Worker } from 'node:worker_threads';
import type { ScanMachine } from './machine';

/** What a helper runs. It is a text, so that it needs no file beside the program. */
const SERVE = `
  const { module, memory } = require('node:worker_threads').workerData;
  new WebAssembly.Instance(module, { env: { memory } }).exports.serve();
`;

/**
 * Starts a thread that scans what is laid out for it until there will be no more. It never keeps the process alive.
 *
 * @returns whether it could be started
 */
export function startHelper({ module, memory }: ScanMachine): boolean {
  try {
    const helper = new Worker(SERVE, { eval: true, workerData: { module, memory }, execArgv: [] });
    helper.on('error', () => undefined); // what it leaves undone is done by the thread that reads
    helper.unref();
    return true;
  } catch {
    return false;
  }
}
