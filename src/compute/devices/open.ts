import type { Executor } from '../graph/executor';
import type { EagerOptions } from '../graph/executors/eager-executor';
import type { OnnxruntimeOptions } from '../graph/executors/onnxruntime';
import { DeviceError } from './device-error';
import { findTensorFlow } from './tensorflow/place';

/**
 * Opens a device in this process. Everything native is loaded here and nowhere else.
 *
 * @param threads on the processor
 * @throws DeviceError where the device has not been set up; Error what a library said
 */
export async function openDevice(id: string, threads: number): Promise<Executor> {
  const [library, backend] = id.split('/');
  if (library === 'onnxruntime') {
    // so that products of 32-bit floats are 32-bit; the library reads it when it starts
    if (backend === 'cuda') process.env.NVIDIA_TF32_OVERRIDE ??= '0';
    const { onnxruntimeExecutor } = await import('../graph/executors/onnxruntime');
    return onnxruntimeExecutor({ provider: backend as OnnxruntimeOptions['provider'], threads });
  }
  if (backend === 'node') return openTensorFlow(threads);
  const { eagerExecutor } = await import('../graph/executors/eager-executor');
  return eagerExecutor({ backend, threads } as EagerOptions);
}

async function openTensorFlow(threads: number): Promise<Executor> {
  const build = findTensorFlow();
  if (build === undefined)
    throw new DeviceError(
      'TensorFlow is not set up. “emdpo devices --setup tensorflow” builds it, and so does EM-DPO: Set Up TensorFlow in the editor.',
    );
  process.env.NVIDIA_TF32_OVERRIDE ??= '0';
  // the library reads them when it starts
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  process.env.TF_NUM_INTEROP_THREADS ??= '1';
  const { loadTensorFlow } = await import('./tensorflow/load');
  const { eagerExecutorOn } = await import('../graph/executors/eager');
  const onGpu = await loadTensorFlow(build);
  const blind = build.name.endsWith('-gpu') ? 'CPU, as it sees no GPU' : 'CPU';
  return eagerExecutorOn({
    name: 'tensorflow',
    id: 'tfjs/node',
    title: `TensorFlow ${build.tensorflow}, ${onGpu ? 'NVIDIA GPU' : blind}`,
    threads: onGpu ? 1 : threads,
  });
}
