import { HEADER } from '../assembly/layout';
import { allocator, type Allocator } from './allocator';
import { COMPILED_KERNELS } from './compiled';
import { helperThreads } from './helpers';

/** What the compiled kernels export (assembly/jobs.ts). */
interface Exports {
  firstFree(): number;
  performAlone(kind: number, parts: number): void;
  performTogether(kind: number, parts: number): number;
}

/** All that 32 bits can address: the memory grows to it as it is needed. */
const MOST_PAGES = 1 << 16;

/** The kernels, their memory, and the threads that work on it. There is one for the whole process. */
export interface Machine extends Allocator {
  readonly memory: WebAssembly.Memory;
  /**
   * Performs all parts of a job on the header at `header`; by several threads where `shared`. Results are the same,
   * however many threads there are.
   */
  perform(header: number, kind: number, parts: number, shared: boolean): void;
}

let machine: Machine | 'none' | undefined;

/** How many threads share a job, this one included. */
let threads = 1;

/** Chosen before the first job that is shared; 1 starts none. */
export function useThreads(count: number): void {
  threads = Math.max(1, count);
}

/** @returns undefined where WebAssembly has no SIMD or no shared memory here, or the machine no address space for it */
export function kernelMachine(): Machine | undefined {
  machine ??= build();
  return machine === 'none' ? undefined : machine;
}

function build(): Machine | 'none' {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
    return machineOn(memory, new WebAssembly.Module(Buffer.from(COMPILED_KERNELS, 'base64')));
  } catch {
    return 'none';
  }
}

function machineOn(memory: WebAssembly.Memory, module: WebAssembly.Module): Machine {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  const helpers = helperThreads(module, memory);
  const jobHeader = new Uint32Array(memory.buffer, HEADER, 1);
  return {
    memory,
    ...allocator(memory, kernels.firstFree()),
    perform: (header, kind, parts, shared) => {
      jobHeader[0] = header;
      if (!shared || threads === 1 || parts === 1) {
        kernels.performAlone(kind, parts);
        return;
      }
      helpers.atLeast(Math.min(threads, parts) - 1);
      if (!kernels.performTogether(kind, parts)) throw new Error('A thread of the kernels failed.');
    },
  };
}
