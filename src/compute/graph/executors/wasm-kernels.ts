import * as tf from '../tf';

/** What a kernel of our own needs of TensorFlow.js's WebAssembly backend. */
interface Heap {
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  /** Allocating may move the heap: take views after the last allocation. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
}

type Inputs = Readonly<Record<string, tf.TensorInfo>>;
type Kernel = (inputs: Inputs, attributes: never, heap: Heap, stock: () => tf.TensorInfo) => tf.TensorInfo;

/** Kernels of TensorFlow.js in WebAssembly that are missing or answer wrongly, as 4.22 has them. */
const KERNELS: Readonly<Record<string, Kernel>> = {
  /** Wrong with batchDims. */
  GatherV2: (_, { batchDims }: { batchDims: number }, __, stock) => {
    if (batchDims === 0) return stock();
    throw new Error('gather with batchDims is computed wrongly by TensorFlow.js in WebAssembly.');
  },

  /** Wrong where the slopes broadcast. */
  Prelu: ({ x, alpha }, _, __, stock) => {
    if (tf.util.arraysEqual(x.shape, alpha.shape)) return stock();
    throw new Error('prelu with slopes that broadcast is computed wrongly by TensorFlow.js in WebAssembly.');
  },

  /** Numbers cut off to integers, rather than compared with 0, when they become booleans. */
  Cast: ({ x }, { dtype }: { dtype: tf.DataType }, heap, stock) => {
    if (dtype !== 'bool' || x.dtype === 'bool') return stock();
    const out = heap.makeOutput(x.shape, 'bool');
    const truth = heap.typedArrayFromHeap(out);
    heap.typedArrayFromHeap(x).forEach((value: number, i: number) => (truth[i] = value === 0 ? 0 : 1));
    return out;
  },

  /** Returns the type of its operands; every other backend returns integers. */
  FloorDiv: ({ a }, _, heap, stock) => {
    const quotient = stock();
    if (a.dtype !== 'float32') return quotient;
    const out = heap.makeOutput(quotient.shape, 'int32');
    heap.typedArrayFromHeap(out).set(heap.typedArrayFromHeap(quotient));
    tf.engine().backend.disposeData(quotient.dataId);
    return out;
  },

  /** Missing; the gradient of a gather needs it. Ids outside of 0 … segments − 1 are left out. */
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }: { numSegments: number }, heap) => {
    const out = heap.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], x.dtype);
    const [rows, ids, sums] = [x, segmentIds, out].map((tensor) => heap.typedArrayFromHeap(tensor));
    const width = sums.length / numSegments;
    sums.fill(0);
    for (let row = 0; row < ids.length; row++) {
      const segment = ids[row];
      if (segment < 0 || segment >= numSegments) continue;
      for (let i = 0; i < width; i++) sums[segment * width + i] += rows[row * width + i];
    }
    return out;
  },
};

let corrected = false;

/** Puts our kernels in the place of TensorFlow.js's own. Before the backend starts: starting sets kernels up. */
export function correctWasmKernels(): void {
  if (corrected) return;
  corrected = true;
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    const stock = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined;
    if (stock !== undefined) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      ...stock,
      kernelName,
      backendName: 'wasm',
      kernelFunc: (call) =>
        kernel(call.inputs as Inputs, call.attrs as never, call.backend as Heap, () => {
          if (stock === undefined) throw new Error(`TensorFlow.js in WebAssembly has no ${kernelName}.`);
          return stock.kernelFunc(call) as tf.TensorInfo;
        }),
    });
  }
}
