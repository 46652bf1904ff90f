import * as tf from '../tf';
import { where } from './where';

/**
 * Runs `work` while no tensor's values may be read, on whichever backend they are: the trace would bake them in. A
 * backend of ours sees only its own tensors, so the engine's reading methods are put out of the way meanwhile.
 */
export function refuseReading<T>(work: () => T): T {
  const engine = tf.engine();
  const refuse = (): never => {
    throw new Error(
      `A tensor's values are read ${where()}. A program that is traced has none yet, and would keep these for every run.`,
    );
  };
  Object.assign(engine, { readSync: refuse, read: refuse, readToGPU: refuse });
  try {
    return work();
  } finally {
    // The methods of the class come back to light.
    for (const own of ['readSync', 'read', 'readToGPU']) Reflect.deleteProperty(engine, own);
  }
}
