import type { Executable, Executor } from '../executor';
import { checkFeeds, describe } from '../feeds';
import { onBackend } from '../on-backend';
import type { HostTensor, HostTensors, Program, Tensors } from '../program';
import * as tf from '../tf';

export interface EagerBackend {
  /** As registered with TensorFlow.js, and initialised. */
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly threads: number;
  dispose?(): void;
}

/** Runs programs op by op on a TensorFlow.js backend: the slow road, and the one that others are checked against. */
export function eagerExecutorOn(backend: EagerBackend): Executor {
  return {
    id: backend.id,
    title: backend.title,
    threads: backend.threads,
    compile: (program) => Promise.resolve(load(program, backend.name)),
    dispose: () => {
      backend.dispose?.();
      return Promise.resolve();
    },
  };
}

function load(program: Program, backend: string): Executable {
  const constants = upload(program.constants, backend);
  return {
    program,
    async run(feeds) {
      checkFeeds(program, feeds);
      const inputs = upload(feeds, backend);
      try {
        const outputs = onBackend(backend, () =>
          withoutAliases(program.compute({ ...constants, ...inputs })),
        );
        return await download(program, outputs);
      } finally {
        tf.dispose(inputs);
      }
    },
    dispose() {
      tf.dispose(constants);
      return Promise.resolve();
    },
  };
}

/** An output may be an input as it came: freeing the one must not free the other. */
function withoutAliases(outputs: Tensors): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tf.clone(tensor)]));
}

function upload(tensors: HostTensors, backend: string): Record<string, tf.Tensor> {
  return onBackend(backend, () =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { data, shape, dtype }]) => [
        name,
        tf.keep(tf.tensor(data, [...shape], dtype)),
      ]),
    ),
  );
}

async function download(
  program: Program,
  tensors: Record<string, tf.Tensor>,
): Promise<Record<string, HostTensor>> {
  const outputs: Record<string, HostTensor> = {};
  try {
    for (const [name, tensor] of Object.entries(tensors)) {
      const { shape, dtype } = tensor;
      if (dtype !== 'float32' && dtype !== 'int32')
        throw new Error(
          `Program “${program.name}”: the output “${name}” is ${describe(tensor)}; outputs are float32 or int32.`,
        );
      // A backend may hand out its own memory.
      const data = (await tensor.data<'float32' | 'int32'>()).slice();
      outputs[name] = { shape, dtype, data };
    }
  } finally {
    tf.dispose(tensors);
  }
  return outputs;
}
