import '@tensorflow/tfjs-backend-cpu';
import type { Executor } from '../executor';
import * as tf from '../tf';
import { eagerExecutorOn } from './eager';

/** TensorFlow.js in plain JavaScript: runs anywhere, slowly, and is the oracle of the tests. */
export async function cpuExecutor(): Promise<Executor> {
  tf.enableProdMode(); // or the backend prints a banner
  await tf.setBackend('cpu');
  return eagerExecutorOn({
    name: 'cpu',
    id: 'tfjs/cpu',
    title: 'CPU, TensorFlow.js in plain JavaScript',
    threads: 1,
  });
}
