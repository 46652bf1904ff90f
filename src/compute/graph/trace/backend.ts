import type { Builder } from '../builder';
import type { ConstantData, Value } from '../ir';
import { lowerings } from '../kernels/all';
import type { Lower } from '../kernels/lower';
import { valueType } from '../kernels/elementwise';
import * as tf from '../tf';
import { where } from './where';

export const TRACE = 'emdpo-trace';

/**
 * A backend that computes nothing: a tensor stands for a value of the graph, and a kernel adds nodes. TensorFlow.js
 * itself takes the gradients, so that the graph has them too.
 */
class TraceBackend extends tf.KernelBackend {
  /** Set while a program is traced. */
  builder: Builder | undefined;
  private readonly values = new Map<object, { readonly value: Value; references: number }>();

  get recording(): Builder {
    if (this.builder === undefined) throw new Error('No program is being traced.');
    return this.builder;
  }

  hold(value: Value): tf.TensorInfo {
    const dataId = {};
    this.values.set(dataId, { value, references: 1 });
    // There is no int64 in TensorFlow.js; values of it stay inside a kernel.
    return { dataId, shape: [...value.shape], dtype: value.dtype as tf.DataType };
  }

  standsFor({ dataId }: tf.TensorInfo): Value {
    const held = this.values.get(dataId);
    if (held === undefined)
      throw new Error(
        `A tensor that was made outside of the program is used ${where()}. Pass it as an input or a constant.`,
      );
    return held.value;
  }

  /** A number written in the program, such as `tf.scalar(2)`. */
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.hold(this.recording.constant(constantData(values, dtype), { shape, dtype: valueType(dtype) }))
      .dataId;
  }

  override incRef(dataId: object): void {
    const held = this.values.get(dataId);
    if (held !== undefined) held.references++;
  }

  override refCount(dataId: object): number {
    return this.values.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: object, force = false): boolean {
    const held = this.values.get(dataId);
    if (held === undefined) return true;
    held.references--;
    if (!force && held.references > 0) return false;
    this.values.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.values.size;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override dispose(): void {
    this.values.clear();
  }
}

/** Registered once, with every kernel that TensorFlow.js knows: those that cannot be traced say so. */
let registered: TraceBackend | undefined;

export async function traceBackend(): Promise<TraceBackend> {
  if (registered === undefined) {
    const backend = new TraceBackend();
    registered = backend;
    tf.registerBackend(TRACE, () => backend, 0);
    for (const kernelName of new Set([...Object.values(tf.kernelNames), ...Object.keys(lowerings)]))
      register(kernelName, backend);
    const before = tf.engine().backendName as string | undefined;
    await tf.setBackend(TRACE);
    if (before !== undefined) await tf.setBackend(before);
  }
  return registered;
}

function register(kernelName: string, backend: TraceBackend): void {
  const lower = lowerings[kernelName] as Lower | undefined;
  tf.registerKernel({
    kernelName,
    backendName: TRACE,
    kernelFunc: ({ inputs, attrs }) => {
      if (lower === undefined)
        throw new Error(`The operation ${kernelName}, called ${where()}, cannot be traced into a graph.`);
      const values: Record<string, Value> = {};
      for (const [name, tensor] of Object.entries(inputs))
        if (tensor !== undefined && (tensor as tf.TensorInfo | null) !== null)
          values[name] = backend.standsFor(tensor);
      try {
        const made = lower(backend.recording, values, attrs as never);
        return isList(made) ? made.map((value) => backend.hold(value)) : backend.hold(made);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        throw new Error(`The operation ${kernelName}, called ${where()}: ${error.message}`, { cause: error });
      }
    },
  });
}

function isList(made: Value | readonly Value[]): made is readonly Value[] {
  return Array.isArray(made);
}

function constantData(values: tf.BackendValues, dtype: tf.DataType): ConstantData {
  const numbers = values as ArrayLike<number>;
  switch (dtype) {
    case 'float32':
      return Float32Array.from(numbers);
    case 'bool':
      return Uint8Array.from(numbers);
    default:
      return Int32Array.from(numbers);
  }
}
