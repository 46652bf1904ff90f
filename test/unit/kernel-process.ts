// Everything that the kernel of a problem computes, in a process of its own, from which something may be taken away. It
// ends when nothing is left to do: it must not have to be told to.
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';
import { kernelOf } from '../../src/compute/kernels/likelihood-kernel';
import { useThreads } from '../../src/compute/kernels/wasm/machine';
import { everything, observed, type Shape } from './kernel-checks';

export interface KernelTask {
  readonly shape: Shape;
  readonly threads: number;
  readonly without?: keyof typeof TAKE_AWAY;
}

const refuse = (what: string) =>
  function (): never {
    throw new Error(`no ${what} here`);
  };

const TAKE_AWAY = {
  WebAssembly: () => Reflect.deleteProperty(globalThis, 'WebAssembly'),
  'shared memory': () =>
    Reflect.set(Reflect.get(globalThis, 'WebAssembly') as object, 'Memory', refuse('shared memory')),
  SIMD: () => Reflect.set(Reflect.get(globalThis, 'WebAssembly') as object, 'Module', refuse('SIMD')),
  threads: () => {
    Reflect.set(workerThreads, 'Worker', refuse('threads'));
    syncBuiltinESMExports();
  },
};

const { shape, threads, without } = JSON.parse(process.argv[2]) as KernelTask;
if (without) TAKE_AWAY[without]();
useThreads(threads);
const problem = observed(shape);
const numbers = everything(kernelOf(problem), problem, 1, 2);
console.log(JSON.stringify(Object.entries(numbers).map(([name, values]) => [name, Array.from(values)])));
