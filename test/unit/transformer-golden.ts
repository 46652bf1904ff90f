import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Executor } from '../../src/compute/graph/executor';
import { eagerExecutor } from '../../src/compute/graph/executors/eager-executor';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';

export const GOLDEN = path.join(import.meta.dirname, '..', 'golden', 'language-models');

/** One checkpoint of each family, as scripts/golden/language_models.py describes them. */
export const MODELS = ['gpt2', 'llama', 'smollm', 'qwen2', 'mistral'] as const;

/** What torch, transformers and peft computed. */
export interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly sequence: readonly number[];
  readonly logits: readonly number[];
  readonly beta: number;
  readonly scaling: number;
  readonly records: readonly {
    readonly prompt: readonly number[];
    readonly responses: readonly (readonly number[])[];
    readonly reference: readonly number[];
    readonly policy: readonly number[];
  }[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

export interface GoldenTexts {
  readonly texts: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly decoded: string;
    readonly prompt: readonly number[];
  }[];
}

export function golden(model: string): Golden {
  return JSON.parse(readFileSync(path.join(GOLDEN, model, 'golden.json'), 'utf8')) as Golden;
}

export function goldenTexts(model: string): GoldenTexts {
  return JSON.parse(readFileSync(path.join(GOLDEN, model, 'tokens.json'), 'utf8')) as GoldenTexts;
}

/** Every device that the forward pass is compared on. */
export const EXECUTORS: Readonly<Record<string, () => Promise<Executor>>> = {
  'tfjs/cpu': () => eagerExecutor({ backend: 'cpu' }),
  'tfjs/wasm': () => eagerExecutor({ backend: 'wasm' }),
  'onnxruntime/cpu': () => onnxruntimeExecutor({ provider: 'cpu' }),
};

/** Largest difference, relative to the largest expected number. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const d = Math.abs(actual[i] - expected[i]);
    difference = Number.isNaN(d) ? Infinity : Math.max(difference, d);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return difference / largest;
}
