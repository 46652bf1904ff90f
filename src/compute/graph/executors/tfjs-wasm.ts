import '@tensorflow/tfjs-backend-wasm';
import type { Executor } from '../executor';
import * as tf from '../tf';
import { eagerExecutorOn } from './eager';
import { correctWasmKernels } from './wasm-kernels';

/**
 * TensorFlow.js in WebAssembly: the floor where onnxruntime has no binary. Its `.wasm` files lie beside the program.
 * One thread: TensorFlow.js has no threads under Node.
 *
 * @throws Error if WebAssembly cannot start here
 */
export async function wasmExecutor(): Promise<Executor> {
  tf.enableProdMode();
  correctWasmKernels();
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js in WebAssembly does not start here.');
  return eagerExecutorOn({
    name: 'wasm',
    id: 'tfjs/wasm',
    title: 'CPU, TensorFlow.js in WebAssembly',
    threads: 1,
  });
}
