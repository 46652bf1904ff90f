/**
 * TensorFlow.js as everything here uses it. Its ES modules only: the CommonJS entry of the package registers no
 * gradients, and a second copy of the engine would know neither our tensors nor our kernels.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
export * from '@tensorflow/tfjs-core';
export * as kernelNames from '@tensorflow/tfjs-core/dist/kernel_names';
