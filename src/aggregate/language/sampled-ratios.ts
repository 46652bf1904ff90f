/**
 * Log-ratios ρ_i(x, y) = log π_i(y|x) − log π_ref(y|x), in nats, of responses y that one policy gave: type i's reward
 * for that policy's answers, divided by β.
 */
export interface SampledRatios {
  /** m prompts, the same for every policy that is compared. */
  readonly prompts: number;
  /** n independent responses to each. */
  readonly responses: number;
  /** By type i: m × n, row-major. */
  readonly ratio: readonly Float64Array[];
}

/** Every second response to each prompt: `which` 0 the first, third, …, 1 the others. */
export function halfOfResponses(samples: SampledRatios, which: 0 | 1): SampledRatios {
  const { prompts, responses } = samples;
  const kept = Math.floor((responses + 1 - which) / 2);
  const ratio = samples.ratio.map((all) =>
    Float64Array.from(
      { length: prompts * kept },
      (_, i) => all[Math.floor(i / kept) * responses + 2 * (i % kept) + which],
    ),
  );
  return { prompts, responses: kept, ratio };
}

/** The first half of the prompts, or the rest, with all their responses. */
export function halfOfPrompts(samples: SampledRatios, which: 0 | 1): SampledRatios {
  const { prompts, responses } = samples;
  const middle = Math.ceil(prompts / 2);
  const [from, to] = which === 0 ? [0, middle] : [middle, prompts];
  const ratio = samples.ratio.map((all) => all.slice(from * responses, to * responses));
  return { prompts: to - from, responses, ratio };
}

/** Mean over the responses of each prompt, by type: m long. */
export function promptMeans(samples: SampledRatios): Float64Array[] {
  const { prompts, responses } = samples;
  return samples.ratio.map((all) =>
    Float64Array.from({ length: prompts }, (_, x) => {
      let sum = 0;
      for (let r = 0; r < responses; r++) sum += all[x * responses + r];
      return sum / responses;
    }),
  );
}

/** Variance over the responses of each prompt, by type: m long; NaN where there is only one response. */
export function promptVariances(samples: SampledRatios): Float64Array[] {
  const { prompts, responses } = samples;
  const means = promptMeans(samples);
  return samples.ratio.map((all, i) =>
    Float64Array.from({ length: prompts }, (_, x) => {
      let sum = 0;
      for (let r = 0; r < responses; r++) sum += (all[x * responses + r] - means[i][x]) ** 2;
      return responses < 2 ? NaN : sum / (responses - 1);
    }),
  );
}
