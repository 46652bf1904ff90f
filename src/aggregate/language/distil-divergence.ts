import type { Estimate } from './clustered';
import type { TokenResponse } from './score-samples';

/**
 * KL(mixture ‖ policy) in nats a response, from responses of the mixture: the mean of log Σ_k w_k π_k(y) − log π(y), its
 * error clustered by prompt where there are several.
 *
 * @param own log π, by response
 * @param byType log π_k, by type and response
 */
export function divergenceFromSamples(
  own: Float64Array,
  byType: readonly Float64Array[],
  weights: readonly number[],
  responses: readonly TokenResponse[],
): Estimate {
  const each = Array.from(own, (score, y) => {
    const scores = byType.map((type) => type[y]);
    const largest = Math.max(...scores);
    const sum = scores.reduce((total, s, k) => total + weights[k] * Math.exp(s - largest), 0);
    return largest + Math.log(sum) - score;
  });
  const byPrompt = new Map<number, number[]>();
  each.forEach((d, y) =>
    byPrompt.set(responses[y].prompt, [...(byPrompt.get(responses[y].prompt) ?? []), d]),
  );
  const clusters = byPrompt.size > 1 ? [...byPrompt.values()].map(mean) : each;
  const value = mean(clusters);
  const spread = clusters.reduce((sum, m) => sum + (m - value) ** 2, 0) / (clusters.length - 1);
  return { value, standardError: Math.sqrt(spread / clusters.length) };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
