import type { HostTensor, HostTensors } from '../../compute/graph/program';

export interface AdamWOptions {
  /** Pulls every parameter towards 0 by learning rate × this, beside the gradient's step. */
  readonly weightDecay: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** Moments of every parameter and the number of steps taken. */
export interface AdamWState {
  steps: number;
  readonly first: HostTensors;
  readonly second: HostTensors;
}

export function adamwState(parameters: HostTensors): AdamWState {
  const zeros = (): HostTensors =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]): [string, HostTensor] => [
        name,
        { shape, dtype: 'float32', data: new Float32Array(data.length) },
      ]),
    );
  return { steps: 0, first: zeros(), second: zeros() };
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2), in place; arithmetic in f64, storage in f32:
 *
 *     θ ← θ − α λ θ;  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;
 *     θ ← θ − α (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *
 * @param scale each gradient is multiplied by it first: what clipping leaves, or 1/number of batches
 */
export function adamw(
  parameters: HostTensors,
  gradients: Readonly<Record<string, Float32Array | Float64Array>>,
  state: AdamWState,
  learningRate: number,
  { weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWOptions,
  scale = 1,
): void {
  state.steps++;
  const firstBias = 1 - beta1 ** state.steps;
  const secondBias = 1 - beta2 ** state.steps;
  const keep = 1 - learningRate * weightDecay;
  for (const [name, { data }] of Object.entries(parameters)) {
    const gradient = gradients[name];
    const first = state.first[name].data;
    const second = state.second[name].data;
    for (let i = 0; i < data.length; i++) {
      const g = gradient[i] * scale;
      const m = beta1 * first[i] + (1 - beta1) * g;
      const v = beta2 * second[i] + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      data[i] = data[i] * keep - (learningRate * (m / firstBias)) / (Math.sqrt(v / secondBias) + epsilon);
    }
  }
}

/** Euclidean norm of all gradients together. */
export function globalNorm(gradients: Readonly<Record<string, Float32Array | Float64Array>>): number {
  let sum = 0;
  for (const gradient of Object.values(gradients)) {
    for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i];
  }
  return Math.sqrt(sum);
}

/** The factor that brings a gradient of this norm down to `most`; 1 for a shorter one. 0 means no limit. */
export function clipFactor(norm: number, most: number): number {
  return most > 0 && norm > most ? most / (norm + 1e-6) : 1;
}
