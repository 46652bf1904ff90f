import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cpuExecutor } from '../../../src/compute/graph/executors/tfjs-cpu';
import type { Executable } from '../../../src/compute/graph/executor';
import type { HostTensor, HostTensors, TensorSpec } from '../../../src/compute/graph/program';
import { writeSafetensors } from '../../../src/policy/transformer/safetensors/write';
import { gradientOf } from '../../../src/training/language/loss';
import { BETA, LORA, optimizer, type Spec } from './spec';
import { trainingSteps } from './steps';
import { model, workbench } from './workload';

/**
 * Writes what the peer needs to take the same steps: the model, the adapter's start and every batch as training feeds
 * it to its program. The reference's log-probabilities are left for the peer to compute.
 */
export async function recordSteps(spec: Spec, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { config, weights } = model(spec);
  const bench = await workbench(spec, await cpuExecutor());
  const initial = bench.policy.initial(bench.seed);
  await writeSafetensors(path.join(folder, 'model.safetensors'), { ...weights, ...initial });
  const batches: HostTensors[] = [];
  const recorder = {
    ...bench,
    programs: {
      ...bench.programs,
      step: (shape: { slots: number }, { rankings }: { rankings: number }) =>
        Promise.resolve({
          run: (feeds: HostTensors) => {
            batches.push(Object.fromEntries(Object.entries(feeds).filter(([name]) => !(name in initial))));
            return Promise.resolve({
              logProbabilities: zeros({ shape: [shape.slots], dtype: 'float32' }),
              likelihoods: zeros({ shape: [rankings], dtype: 'float32' }),
              ...Object.fromEntries(
                Object.entries(bench.policy.parameters).map(([name, type]) => [
                  gradientOf(name),
                  zeros(type),
                ]),
              ),
            });
          },
        } as unknown as Executable),
    },
  };
  const nothing = new Float64Array(bench.texts.response.length);
  const step = trainingSteps(recorder, { ...spec, policies: 1 }, initial, nothing, 0);
  for (let i = 0; i < spec.steps; i++) {
    await step();
    await writeSafetensors(path.join(folder, `${i}.safetensors`), batches[i]);
  }
  const { keyValueHeads, headSize, normEpsilon, rotary } = config;
  const sizes = { ...config, keyValueHeads, headSize, normEpsilon, theta: rotary!.theta };
  const settings = { ...optimizer(spec), beta: BETA, scaling: LORA.alpha / LORA.rank, rank: LORA.rank };
  await writeFile(path.join(folder, 'spec.json'), JSON.stringify({ ...spec, config: sizes, ...settings }));
}

function zeros({ shape, dtype }: TensorSpec): HostTensor {
  return { shape, dtype, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
}
