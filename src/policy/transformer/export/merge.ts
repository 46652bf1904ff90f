import { loraA, loraB } from '../adapter';
import type { TransformerConfig, Weights } from '../language-model';
import { linearModules } from '../lora';
import type { StoredAdapter } from './peft-adapter';

/**
 * The weights with an adapter worked in: W + scaling · B A. Sums are in f64, results in f32; what the adapter does not
 * change is shared with `weights`.
 */
export function mergeAdapter(
  config: TransformerConfig,
  weights: Weights,
  { tensors, scaling }: StoredAdapter,
): Weights {
  const merged = { ...weights };
  for (const { name, in: from, out } of linearModules(config)) {
    if (!(loraA(name) in tensors)) continue;
    const a = tensors[loraA(name)];
    const b = tensors[loraB(name)];
    const rank = a.shape[0];
    const base = weights[`${name}.weight`];
    const data = Float32Array.from(base.data);
    // GPT-2 keeps its matrices as [in, out]
    const [outStep, inStep] = config.family === 'gpt2' ? [1, out] : [from, 1];
    for (let o = 0; o < out; o++) {
      for (let i = 0; i < from; i++) {
        let sum = 0;
        for (let r = 0; r < rank; r++) sum += b.data[o * rank + r] * a.data[r * from + i];
        data[o * outStep + i * inStep] = base.data[o * outStep + i * inStep] + scaling * sum;
      }
    }
    merged[`${name}.weight`] = { ...base, data };
  }
  return merged;
}
