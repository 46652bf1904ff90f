import { MEMORY_BYTES } from './assembly/layout';
import { COMPILED_SCANNER } from './compiled';

/** What the compiled scanner exports (assembly/jobs.ts). */
interface Exports {
  scan(slot: number): void;
  take(slot: number): number;
}

/** The compiled scanner and the memory in which it reads. */
export interface ScanMachine extends Exports {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  /** The same memory in numbers of four bytes. */
  readonly words: Int32Array;
}

const PAGE = 1 << 16;

let module: WebAssembly.Module | 'none' | undefined;
const spare: ScanMachine[] = [];

/** A machine that nobody uses; undefined where WebAssembly has no SIMD or no shared memory here. */
export function borrowMachine(): ScanMachine | undefined {
  return spare.pop() ?? build();
}

/** Takes a machine back that no helper works on. */
export function returnMachine(machine: ScanMachine): void {
  spare.push(machine);
}

function build(): ScanMachine | undefined {
  try {
    module ??= new WebAssembly.Module(Buffer.from(COMPILED_SCANNER, 'base64'));
  } catch {
    module = 'none';
  }
  if (module === 'none') return undefined;
  try {
    const pages = Math.ceil(MEMORY_BYTES / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
    return {
      module,
      memory,
      scan: (slot) => {
        exports.scan(slot);
      },
      take: (slot) => exports.take(slot),
      bytes: new Uint8Array(memory.buffer),
      words: new Int32Array(memory.buffer),
    };
  } catch {
    return undefined; // no address space left: lines are scanned without it
  }
}
