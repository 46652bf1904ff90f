import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Executable, Executor } from '../executor';
import { checkFeeds } from '../feeds';
import { inputName, outputName, toOnnx } from '../onnx/to-onnx';
import type { HostTensor, Program } from '../program';
import { traceProgram } from '../trace/trace-program';

export interface OnnxruntimeOptions {
  readonly provider: 'cpu';
  /** Threads of one operator; the CPU only. */
  readonly threads?: number;
  /** False for the plain trace, which is slower: for comparing. */
  readonly simplify?: boolean;
}

/** Runs programs as ONNX graphs on onnxruntime: the fast road. */
export function onnxruntimeExecutor(options: OnnxruntimeOptions): Promise<Executor> {
  const { provider, threads = 1, simplify = true } = options;
  return Promise.resolve({
    id: `onnxruntime/${provider}`,
    title: 'CPU, onnxruntime',
    threads,
    compile: (program) => load(program, provider, threads, simplify),
    dispose: () => Promise.resolve(),
  });
}

async function load(
  program: Program,
  provider: string,
  threads: number,
  simplify: boolean,
): Promise<Executable> {
  const graph = await traceProgram(program, { simplify });
  const { bytes, external } = toOnnx(graph, { external: true });
  const session = await InferenceSession.create(bytes, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    externalData: [...external].map(([path, data]) => ({
      path,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    })),
  });
  const names = Object.keys(graph.outputs);
  return {
    program,
    async run(feeds) {
      checkFeeds(program, feeds);
      const results = await session.run(
        Object.fromEntries(
          Object.keys(program.inputs).map((name) => [inputName(name), toTensor(feeds[name])]),
        ),
      );
      return Object.fromEntries(names.map((name) => [name, toHost(results[outputName(name)])]));
    },
    dispose: () => session.release(),
  };
}

function toTensor({ data, shape }: HostTensor): Tensor {
  return data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape);
}

function toHost({ data, dims }: Tensor): HostTensor {
  if (data instanceof Float32Array) return { shape: dims, dtype: 'float32', data };
  if (data instanceof Int32Array) return { shape: dims, dtype: 'int32', data };
  throw new Error(`onnxruntime returned ${data.constructor.name}.`);
}
