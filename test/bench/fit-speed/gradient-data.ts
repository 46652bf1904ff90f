import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Rankings of three responses that nobody else ranks, with features: the case that collapsing cannot help. */
export interface GradientSpec {
  readonly rankings: number;
  readonly dimensions: number;
  readonly threads: number;
}

export const RESPONSES = 3;

/** Numbers in −1 … 1 that follow from `seed` (mulberry32): hundred millions are needed soon. */
function fill(values: Float32Array | Float64Array, seed: number, scale: number): void {
  let state = seed;
  for (let i = 0; i < values.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    values[i] = scale * (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1);
  }
}

export function gradientData({ rankings, dimensions }: GradientSpec) {
  const features = new Float32Array(rankings * RESPONSES * dimensions);
  const theta = new Float64Array(dimensions);
  const weight = new Float64Array(rankings);
  fill(features, 1, 1.7); // standard deviation 1, nearly
  fill(theta, 2, 0.2);
  fill(weight, 3, 0.5);
  return { features, theta, weight: weight.map((w) => w + 0.5) };
}

/** For peers, which read them: features (f32), θ and weights (f64). */
export function writeGradientData(spec: GradientSpec, folder: string): void {
  for (const [name, values] of Object.entries(gradientData(spec))) {
    const file = openSync(path.join(folder, name), 'w');
    const bytes = new Uint8Array(values.buffer);
    for (let at = 0; at < bytes.length; at += 1 << 28) writeSync(file, bytes.subarray(at, at + (1 << 28)));
    closeSync(file);
  }
}
