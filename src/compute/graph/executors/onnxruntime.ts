import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { Executable, Executor } from '../executor';
import { checkFeeds } from '../feeds';
import type { ConstantData } from '../ir';
import { inputName, outputName, toOnnx } from '../onnx/to-onnx';
import type { HostTensor, HostTensors, Program } from '../program';
import { traceProgram } from '../trace/trace-program';

export type Provider = keyof typeof TITLES;

export interface OnnxruntimeOptions {
  readonly provider: Provider;
  /** Threads of one operator; the CPU only. */
  readonly threads?: number;
  /** Which of several graphics cards. */
  readonly deviceId?: number;
  /**
   * Where a program's constants go. `model`: each executable has its own, arranged for speed. `shared`: they are read
   * from the program's own memory in every run, so that programs of several shapes share them and compile at once; on
   * a graphics card they would be sent there in every run. `auto`: shared from 32 MB on, on the CPU.
   */
  readonly constants?: 'auto' | 'model' | 'shared';
  /** False for the plain trace, which is slower: for comparing. */
  readonly simplify?: boolean;
}

const TITLES = {
  cpu: 'CPU, onnxruntime',
  webgpu: 'GPU by WebGPU, onnxruntime',
  cuda: 'NVIDIA GPU by CUDA, onnxruntime',
  dml: 'GPU by DirectML, onnxruntime',
  coreml: 'Apple GPU or neural engine by Core ML, onnxruntime',
} as const;

const SHARED_BYTES = 32 * 1024 * 1024;

/** What an executable reads for as long as it lives; onnxruntime does not keep JavaScript's memory alive. */
const held = new WeakMap<Executable, ReadonlyMap<string, ConstantData>>();

/**
 * Runs programs as ONNX graphs on onnxruntime: the fast road.
 *
 * @throws Error if this machine's onnxruntime does not have the provider
 */
export function onnxruntimeExecutor(options: OnnxruntimeOptions): Promise<Executor> {
  const { provider, threads = 1 } = options;
  const available = listSupportedBackends().map(({ name }) => name);
  if (!available.includes(provider))
    return Promise.reject(
      new Error(
        `The onnxruntime of this machine has no provider “${provider}”. It has ${available.join(', ')}.`,
      ),
    );
  return Promise.resolve({
    id: `onnxruntime/${provider}`,
    title: TITLES[provider],
    threads: provider === 'cpu' ? threads : 1,
    compile: (program) => load(program, options),
    dispose: () => Promise.resolve(),
  });
}

async function load(program: Program, options: OnnxruntimeOptions): Promise<Executable> {
  const constantsAsInputs = sharesConstants(program, options);
  const graph = await traceProgram(program, { simplify: options.simplify, constantsAsInputs });
  const { bytes, external } = toOnnx(graph, { external: true });
  const session = await createSession(program, bytes, external, options);
  const constants = constantsAsInputs ? toTensors(program.constants) : {};
  const names = Object.keys(graph.outputs);
  const executable: Executable = {
    program,
    async run(feeds) {
      checkFeeds(program, feeds);
      const results = await named(program, options, () => session.run({ ...constants, ...toTensors(feeds) }));
      return Object.fromEntries(names.map((name) => [name, toHost(results[outputName(name)])]));
    },
    dispose: () => session.release(),
  };
  held.set(executable, external);
  return executable;
}

function sharesConstants({ constants }: Program, options: OnnxruntimeOptions): boolean {
  if (options.constants !== undefined && options.constants !== 'auto') return options.constants === 'shared';
  const bytes = Object.values(constants).reduce((sum, { data }) => sum + data.byteLength, 0);
  return options.provider === 'cpu' && bytes >= SHARED_BYTES;
}

function createSession(
  program: Program,
  bytes: Uint8Array,
  external: ReadonlyMap<string, ConstantData>,
  options: OnnxruntimeOptions,
): Promise<InferenceSession> {
  const { provider, threads = 1, deviceId } = options;
  return named(program, options, () =>
    InferenceSession.create(bytes, {
      executionProviders: [deviceId === undefined ? provider : { name: provider, deviceId }],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // a pattern lays out a run's memory anew in one piece, beside what the first run took: almost twice as much
      enableMemPattern: false,
      logSeverityLevel: 3, // errors; they are thrown too
      externalData: [...external].map(([path, data]) => ({
        path,
        data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
    }),
  );
}

/** @throws Error that names the program and the provider */
async function named<T>(
  program: Program,
  { provider }: OnnxruntimeOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Program “${program.name}” fails on onnxruntime's provider “${provider}”: ${reason}`, {
      cause: error,
    });
  }
}

function toTensors(tensors: HostTensors): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [inputName(name), toTensor(tensor)]),
  );
}

function toTensor({ data, shape }: HostTensor): Tensor {
  return data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape);
}

function toHost({ data, dims }: Tensor): HostTensor {
  if (data instanceof Float32Array) return { shape: dims, dtype: 'float32', data };
  if (data instanceof Int32Array) return { shape: dims, dtype: 'int32', data };
  throw new Error(`onnxruntime returned ${data.constructor.name}.`);
}
