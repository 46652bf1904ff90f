import type { Executor } from '../executor';
import { cpuExecutor } from './tfjs-cpu';

export interface EagerOptions {
  readonly backend: 'cpu';
}

/**
 * TensorFlow.js op by op, without a graph.
 *
 * `cpu` runs anywhere, slowly, and is the oracle of the tests.
 */
export function eagerExecutor({ backend }: EagerOptions): Promise<Executor> {
  return { cpu: cpuExecutor }[backend]();
}
