import type { HostTensors, Tensors, TensorSpec } from '../../compute/graph/program';
import type * as tf from '../../compute/graph/tf';
import type { BatchTensors } from '../../policy/transformer/forward';

/** A policy whose parameters train, as the losses see it. */
export interface TrainablePolicy {
  /** For the names of programs. */
  readonly name: string;
  /** What does not train: the frozen base of an adapter. */
  readonly constants: HostTensors;
  /** What trains, by name. */
  readonly parameters: Readonly<Record<string, TensorSpec>>;
  /** Width of the hidden states. */
  readonly hidden: number;
  readonly vocabulary: number;
  /** Values of the parameters at which the policy is the reference; a LoRA adapter's A is drawn from `seed`. */
  initial(seed: number): HostTensors;
  /**
   * log π(y|x) of every response of a packed batch, in nats.
   *
   * @param tensors constants and parameters
   * @returns [slots]
   */
  logProbabilities(tensors: Tensors, batch: BatchTensors, slots: number): tf.Tensor1D;
  /** What the head sees before every scored token. @returns [scored, hidden] */
  predictorStates(tensors: Tensors, batch: BatchTensors): tf.Tensor2D;
  /** The matrix from those to logits. @returns [vocabulary, hidden] */
  head(tensors: Tensors): tf.Tensor2D;
  /** The head does not train. */
  readonly frozenHead: boolean;
  /** Sum over a response's tokens of what the head sees before each. @returns [slots, hidden] */
  hiddenSums(tensors: Tensors, batch: BatchTensors, slots: number): tf.Tensor2D;
}

/** Copies of parameters, to be changed in place. */
export function copyParameters(parameters: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
  );
}
