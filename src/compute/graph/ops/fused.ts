import * as tf from '../tf';

/**
 * Runs a kernel of ours where the backend has it, and `composed` where it has not. Only a trace has such kernels: they
 * become one operator of ONNX instead of several.
 */
export function fused(
  kernel: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: tf.NamedAttrMap,
  composed: () => tf.Tensor[],
): tf.Tensor[] {
  const known = tf.getKernel(kernel, tf.getBackend()) as tf.KernelConfig | undefined;
  if (known === undefined) return composed();
  const made: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(kernel, inputs, attributes);
  return Array.isArray(made) ? made : [made];
}
