import type { Executable, Executor } from '../../../compute/graph/executor';
import type { HostTensors, TensorSpec } from '../../../compute/graph/program';
import type { TransformerConfig, Weights } from '../language-model';
import { noTexts, type RunDecoder } from './continuation';
import { promptProgram, stepProgram, type DecoderShape, type HostAdapter } from './decoder-programs';
import type { NextToken } from './next-token';

/** A base model on a device, ready to continue texts with any adapter over it. */
export interface Network {
  /** The base with this adapter; the base alone without one. */
  policy(adapter?: HostAdapter): NextToken;
  /** Frees what the device holds. */
  dispose(): Promise<void>;
}

/** Programs kept on the device. Each holds the weights, so that large models keep few. */
const KEPT_BYTES = 2e9;

/** @param base weights that every policy shares */
export function openNetwork(
  executor: Executor,
  { config, weights }: { readonly config: TransformerConfig; readonly weights: Weights },
): Network {
  const compiled = new Map<string, Promise<Executable>>();
  const bytes = Object.values(weights).reduce((sum, { data }) => sum + data.byteLength, 0);
  const most = Math.max(2, Math.floor(KEPT_BYTES / bytes));

  const executable = async (
    shape: DecoderShape,
    key: string,
    kind: 'prompt' | 'step',
    rows: number,
    length: number,
  ): Promise<Executable> => {
    const name = [kind, rows, length, key].join(' ');
    let found = compiled.get(name);
    compiled.delete(name);
    found ??= executor.compile((kind === 'prompt' ? promptProgram : stepProgram)(shape, rows, length));
    compiled.set(name, found); // the last in the map is the one used last
    for (const [oldest, program] of compiled) {
      if (compiled.size <= most) break;
      compiled.delete(oldest);
      await (await program).dispose();
    }
    return found;
  };

  return {
    policy(adapter) {
      const specs = adapter && specsOf(adapter.tensors);
      const shape: DecoderShape = {
        config,
        weights,
        adapter: adapter && specs && { specs, scaling: adapter.scaling },
      };
      const key = adapter ? JSON.stringify([adapter.scaling, specs]) : '';
      const run: RunDecoder = async (kind, rows, length, feeds) =>
        (await executable(shape, key, kind, rows, length)).run({ ...feeds, ...adapter?.tensors });
      return {
        vocabulary: config.vocabulary,
        positions: config.positions,
        // keys and values of every layer, in 32-bit floats
        bytesPerToken: 8 * config.layers * config.keyValueHeads * config.headSize,
        begin: async (prompts) => {
          const texts = noTexts(config, run);
          await texts.join(prompts);
          return texts;
        },
      };
    },
    async dispose() {
      const programs = [...compiled.values()];
      compiled.clear();
      for (const program of programs) await (await program).dispose();
    },
  };
}

function specsOf(tensors: HostTensors): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
}
