import type { HostTensors, Program, Tensors } from '../../graph/program';
import * as tf from '../../graph/tf';

/** A program with what it is fed. */
export interface Trial {
  readonly program: Program;
  readonly feeds: HostTensors;
}

/**
 * A trial that gives back a loss and its gradients with respect to all float inputs, each under the input's name.
 *
 * @param loss a scalar
 */
export function lossTrial(name: string, feeds: HostTensors, loss: (tensors: Tensors) => tf.Scalar): Trial {
  const trained = Object.keys(feeds).filter((key) => feeds[key].dtype === 'float32');
  return {
    feeds,
    program: {
      name,
      inputs: Object.fromEntries(
        Object.entries(feeds).map(([key, { shape, dtype }]) => [key, { shape, dtype }]),
      ),
      constants: {},
      compute(tensors) {
        const of = tf.valueAndGrads((...values: tf.Tensor[]) =>
          loss({ ...tensors, ...Object.fromEntries(trained.map((key, i) => [key, values[i]])) }),
        );
        const { value, grads } = of(trained.map((key) => tensors[key]));
        return { loss: value, ...Object.fromEntries(trained.map((key, i) => [key, grads[i]])) };
      },
    },
  };
}
