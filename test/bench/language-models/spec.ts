import type { OptimizerOptions } from '../../../src/training/language/passes';

/** Sizes of the scratch model, by its number of parameters. */
export const MODELS = {
  '0.9 M': { layers: 4, hidden: 128, heads: 4 },
  '6 M': { layers: 7, hidden: 256, heads: 8 },
} as const;

export type ModelSize = keyof typeof MODELS;

/** What one process measures. Handed over as JSON. */
export interface Spec {
  readonly model: ModelSize;
  readonly train: 'lora' | 'full';
  /** Such as `onnxruntime/cpu`. */
  readonly device: string;
  readonly threads: number;
  /** Policies that train side by side, each on batches of its own. */
  readonly policies: number;
  /** Rankings in a step. */
  readonly batch: number;
  /** Steps that there will be at most. */
  readonly steps: number;
}

export const LORA = { rank: 8, alpha: 16, targets: 'all-linear' } as const;
export const BETA = 0.1;

/** Every feature of a training step is on, so that both sides have to do it. */
export function optimizer({ train, batch }: Pick<Spec, 'train' | 'batch'>): OptimizerOptions {
  return {
    learningRate: train === 'lora' ? 1e-3 : 1e-4,
    batch,
    accumulate: 1,
    warmup: 0,
    weightDecay: 0.01,
    clip: 1,
  };
}

/** What a process answers to a request of some steps. */
export interface Measured {
  readonly seconds: readonly number[];
  /** Seconds of processor time of all threads, by step. */
  readonly processor: readonly number[];
  /** Weighted mean of −ℓ in each step's batch, before the step. */
  readonly losses: readonly number[];
  /** Most memory that the process has held so far. */
  readonly kilobytes: number;
}
