import type { Tensor } from './tf';

export type Dtype = 'float32' | 'int32';

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** A tensor in ordinary memory, row-major. */
export interface HostTensor extends TensorSpec {
  readonly data: Float32Array | Int32Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;
export type HostTensors = Readonly<Record<string, HostTensor>>;

/**
 * A pure function of named tensors, written once in TensorFlow.js ops. A device runs it op by op, or traces it into a
 * graph and runs that; both give the same numbers up to rounding.
 *
 * Shapes are fixed: programs for other shapes are other programs. `compute` must not read a tensor's values
 * (`dataSync`, `arraySync`) and must draw no randomness: a trace would bake either in.
 */
export interface Program {
  /** For messages and profiles. */
  readonly name: string;
  /** What changes from run to run: batches, adapters. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** What stays: frozen weights. Shared by reference, never copied into messages. */
  readonly constants: HostTensors;
  /** Gradients are taken inside, with `tf.grads` or `tf.variableGrads`. */
  compute(tensors: Tensors): Tensors;
}
