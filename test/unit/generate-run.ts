import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LanguageModel } from '../../src/policy/transformer/language-model';
import { writeAdapter } from '../../src/policy/transformer/export/peft-adapter';
import { writeCheckpoint } from '../../src/policy/transformer/export/checkpoint';
import { initialAdapter } from '../../src/policy/transformer/lora';
import { scratchModel } from '../../src/policy/transformer/scratch';
import { random } from '../../src/random';
import { manifest } from './run-files';

export const RANK = 2;
export const ALPHA = 4;

export function tinyScratch(seed: number): LanguageModel {
  const model = scratchModel({ layers: 2, hidden: 16, heads: 2, intermediate: 24, positions: 96, seed });
  const weights = Object.fromEntries(
    Object.entries(model.weights).map(([name, tensor]) => [
      name,
      tensor.shape.length === 2 ? { ...tensor, data: Float32Array.from(tensor.data, (v) => 8 * v) } : tensor,
    ]),
  );
  return { ...model, weights };
}

export function tinyAdapter(model: LanguageModel, seed: number) {
  const source = random(seed, 5);
  return Object.fromEntries(
    Object.entries(initialAdapter(model.config, { rank: RANK, targets: 'all-linear', seed })).map(
      ([name, tensor]) => [
        name,
        name.includes('lora_B')
          ? { ...tensor, data: Float32Array.from(tensor.data, () => 0.2 * source.normal()) }
          : tensor,
      ],
    ),
  );
}

/** A run directory with the scratch model, two types and plain DPO, as training leaves it. */
export async function writeTinyRun(folder: string): Promise<LanguageModel> {
  const model = tinyScratch(1);
  const policies = path.join(folder, 'policies');
  await writeCheckpoint(path.join(policies, 'base'), { model });
  for (const [i, name] of ['type1', 'type2', 'plain-dpo'].entries()) {
    const tensors = tinyAdapter(model, i + 1);
    await writeAdapter(path.join(policies, name), { config: model.config, tensors, alpha: ALPHA });
  }
  mkdirSync(folder, { recursive: true });
  const policy = {
    kind: 'transformer',
    model: 'scratch',
    train: 'lora',
    lora: { rank: RANK, alpha: ALPHA, targets: 'all-linear' },
    scratch: { layers: 2, hidden: 16, heads: 2, epochs: 1 },
    promptTokens: 64,
    responseTokens: 20,
    rounds: 1,
    crossFit: true,
    optimizer: {
      learningRate: 1e-3,
      batch: 8,
      accumulate: 1,
      epochs: 1,
      warmup: 0,
      weightDecay: 0,
      clip: 1,
    },
    sampling: { prompts: 4, responses: 2, distillation: 8, temperature: 1, topP: 1 },
  };
  const experiment = { ...manifest.experiment, policy };
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...manifest, experiment }));
  return model;
}
