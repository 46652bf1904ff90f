import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import * as tf from '../../graph/tf';
import type { TensorFlowBuild } from './place';

/**
 * Loads TensorFlow into this process and registers it with TensorFlow.js as the backend `tensorflow`. Its package
 * brings a copy of TensorFlow.js of its own; the two share one engine, one registry of kernels and one of gradients.
 *
 * @returns whether it computes on a GPU, as TensorFlow itself says
 * @throws Error what the dynamic linker or TensorFlow said
 */
export async function loadTensorFlow(build: TensorFlowBuild): Promise<boolean> {
  // Node.js 23 took it away, and the package calls it
  if (!('isNullOrUndefined' in util))
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  // TensorFlow would tell on standard error about every instruction set and GPU
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  tf.enableProdMode();
  createRequire(path.join(build.package, 'package.json'))(build.package);
  await tf.setBackend('tensorflow');
  const backend: object = tf.backend();
  return 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true;
}
