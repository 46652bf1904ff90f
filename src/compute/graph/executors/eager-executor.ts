import type { Executor } from '../executor';

export interface EagerOptions {
  readonly backend: keyof typeof START;
}

/** Loaded when asked for: each brings a backend of TensorFlow.js along. */
const START = {
  cpu: async (): Promise<Executor> => (await import('./tfjs-cpu')).cpuExecutor(),
  wasm: async (): Promise<Executor> => (await import('./tfjs-wasm')).wasmExecutor(),
} as const;

/**
 * TensorFlow.js op by op, without a graph.
 *
 * `cpu` runs anywhere, slowly, and is the oracle of the tests. `wasm` is the floor where onnxruntime has no binary.
 *
 * @throws Error if the backend cannot start here
 */
export function eagerExecutor({ backend }: EagerOptions): Promise<Executor> {
  return START[backend]();
}
