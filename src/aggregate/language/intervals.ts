import { random } from '../../random';
import { minMax } from '../../regret/min-max';
import { promptMeans, type SampledRatios } from './sampled-ratios';

/** Lower and upper end. */
export type Interval = readonly [number, number];

export interface RegretIntervals {
  /** Of each type's weight in the fair mixture. */
  readonly weights: readonly Interval[];
  /** Of the min-max value. */
  readonly value: Interval;
  /** By policy, in the order given: of its worst regret. */
  readonly worst: readonly Interval[];
  /** By policy: of its worst regret minus the first policy's. */
  readonly difference: readonly Interval[];
}

/** A policy whose worst regret is wanted: Σ_s coefficient_s × mean over samples_s. */
export type SampledPolicy = readonly { readonly coefficient: number; readonly samples: SampledRatios }[];

/**
 * Percentile intervals by bootstrap over prompts: prompts are drawn again with replacement, each with all its
 * responses, and the linear programme is solved again each time. They speak of prompts like those sampled; where all
 * the prompts there are were sampled they are wider than need be.
 *
 * @param protection c by type, every entry filled in
 * @param policies compared by their worst regret
 * @param level such as 0.95
 */
export function bootstrapIntervals(
  types: readonly SampledRatios[],
  protection: readonly number[],
  policies: readonly SampledPolicy[],
  { draws = 1000, level = 0.95, seed }: { draws?: number; level?: number; seed: number },
): RegretIntervals {
  const { prompts } = types[0];
  const own = types.map(promptMeans);
  const others = policies.map((policy) =>
    policy.map(({ coefficient, samples }) => ({ coefficient, means: promptMeans(samples) })),
  );
  const source = random(seed, 0x626f6f74);
  const times = new Float64Array(prompts);
  const average = (values: Float64Array) => {
    let sum = 0;
    for (let x = 0; x < prompts; x++) sum += times[x] * values[x];
    return sum / prompts;
  };
  const weights = types.map(() => new Float64Array(draws));
  const value = new Float64Array(draws);
  const worst = policies.map(() => new Float64Array(draws));
  for (let b = 0; b < draws; b++) {
    times.fill(0);
    for (let x = 0; x < prompts; x++) times[source.below(prompts)]++;
    const reward = own.map((_, i) => own.map((means) => average(means[i])));
    const matrix = reward.map((row, i) => row.map((r, j) => (i === j ? 0 : protection[i] * (row[i] - r))));
    const game = minMax(matrix);
    game.weights.forEach((w, k) => (weights[k][b] = w));
    value[b] = game.value;
    others.forEach((policy, p) => {
      worst[p][b] = Math.max(
        ...protection.map((c, i) => {
          const under = policy.reduce(
            (sum, { coefficient, means }) => sum + coefficient * average(means[i]),
            0,
          );
          return c * (reward[i][i] - under);
        }),
      );
    });
  }
  return {
    weights: weights.map((w) => percentiles(w, level)),
    value: percentiles(value, level),
    worst: worst.map((w) => percentiles(w, level)),
    difference: worst.map((w) =>
      percentiles(
        w.map((v, b) => v - worst[0][b]),
        level,
      ),
    ),
  };
}

function percentiles(values: Float64Array, level: number): Interval {
  const sorted = values.slice().sort();
  const at = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(q * (sorted.length - 1))))];
  return [at((1 - level) / 2), at((1 + level) / 2)];
}
