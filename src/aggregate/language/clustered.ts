import { promptMeans, promptVariances, type SampledRatios } from './sampled-ratios';

export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** `coefficient` × the mean log-ratio that some type gives to these responses. */
export interface Term {
  readonly coefficient: number;
  readonly samples: SampledRatios;
}

/** Of a combination of sampled means: its value by prompt, and how much of it is noise of the responses drawn. */
export interface ByPrompt {
  /** d_x = Σ_s a_s · mean over the responses of s to x. */
  readonly value: Float64Array;
  /** v_x = Σ_s a_s² · variance over responses / n_s; NaN where a policy answered only once. */
  readonly noise: Float64Array;
}

/** @param type whose log-ratios are averaged */
export function byPrompt(terms: readonly Term[], type: number): ByPrompt {
  const { prompts } = terms[0].samples;
  const value = new Float64Array(prompts);
  const noise = new Float64Array(prompts);
  for (const { coefficient, samples } of terms) {
    if (coefficient === 0) continue;
    const mean = promptMeans(samples)[type];
    const variance = promptVariances(samples)[type];
    for (let x = 0; x < prompts; x++) {
      value[x] += coefficient * mean[x];
      noise[x] += (coefficient ** 2 * variance[x]) / samples.responses;
    }
  }
  return { value, noise };
}

/**
 * Mean over prompts with the standard error of two-stage sampling: m prompts drawn without replacement from M, then
 * responses drawn from policies (Cochran, Sampling Techniques, 1977, section 10.4):
 *
 *     SE² = (1 − m/M) · Var_x(d_x) / m + (m/M) · Σ_x v_x / m²
 *
 * Where all M prompts are used only the noise of the responses is left; where M is much larger, it is the error
 * clustered by prompt. With one response to a prompt its noise is unknown, and the second term takes Var_x(d_x)/m
 * for it, which is too large rather than too small.
 *
 * @param population M, the distinct prompts that the expectation is over
 */
export function estimate({ value, noise }: ByPrompt, population: number): Estimate {
  const m = value.length;
  const mean = value.reduce((sum, d) => sum + d, 0) / m;
  const spread = m < 2 ? NaN : value.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (m - 1);
  const fraction = Math.min(1, m / population);
  const between = fraction === 1 ? 0 : ((1 - fraction) * spread) / m;
  const total = noise.reduce((sum, v) => sum + v, 0) / m ** 2;
  const within = Number.isNaN(total) ? spread / m : total;
  return { value: mean, standardError: Math.sqrt(between + fraction * within) };
}
