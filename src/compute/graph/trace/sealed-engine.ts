import * as tf from '../tf';
import { where } from './where';

/** Operations that draw numbers on the host: a trace would draw once, and every run would see the same numbers. */
const RANDOM = new Set([
  'dropout',
  'rand',
  'randomGamma',
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'truncatedNormal',
]);

/**
 * Runs `work`, synchronous, while TensorFlow.js neither reads the values of a tensor, on whichever backend it is, nor
 * draws random numbers: the trace would bake either in. Also frees what gradients kept when `work` failed.
 *
 * A backend of ours sees only its own tensors and never learns who made a constant, so the methods of the engine are
 * covered by stricter ones meanwhile.
 */
export function withSealedEngine<T>(work: () => T): T {
  const engine = tf.engine();
  const startScope = engine.startScope.bind(engine);
  const keep = engine.keep.bind(engine);
  const kept: tf.Tensor[] = [];
  let unheard: Error | undefined;
  const cover = {
    startScope(name?: string): void {
      const operation = name?.replace(/__op$/, '');
      if (operation !== undefined && RANDOM.has(operation)) throw randomness(operation);
      startScope(name);
    },
    keep(tensor: tf.Tensor): tf.Tensor {
      kept.push(tensor);
      return keep(tensor);
    },
    readSync(): never {
      throw reading();
    },
    readToGPU(): never {
      throw reading();
    },
    /** Nobody may be waiting for this promise, so it stays open and the error is thrown at the end. */
    read(): Promise<never> {
      unheard ??= reading();
      return new Promise<never>(() => undefined);
    },
  };
  Object.assign(engine, cover);
  try {
    const result = work();
    if (unheard !== undefined) throw unheard;
    return result;
  } finally {
    for (const name of Object.keys(cover)) Reflect.deleteProperty(engine, name);
    for (const tensor of kept) tensor.dispose();
  }
}

function reading(): Error {
  return new Error(
    `A tensor's values are read (data, dataSync, array or arraySync) ${where()}. While a program is traced it has none, and the graph would keep them for every run.`,
  );
}

function randomness(operation: string): Error {
  return new Error(
    `The operation ${operation}, called ${where()}, draws random numbers, which a graph would repeat in every run. Pass them as an input.`,
  );
}
