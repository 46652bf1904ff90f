import type { Executor } from '../executor';
import { cpuExecutor } from './tfjs-cpu';

export type EagerOptions = { readonly backend: 'cpu' };

/**
 * TensorFlow.js op by op, without a graph.
 *
 * `cpu` runs anywhere, slowly, and is the oracle of the tests.
 */
export async function eagerExecutor(options: EagerOptions): Promise<Executor> {
  switch (options.backend) {
    case 'cpu':
      return cpuExecutor();
  }
}
