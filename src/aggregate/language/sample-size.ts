import { estimate } from './clustered';
import { regretByPrompt } from './monte-carlo-regret';
import type { SampledRatios } from './sampled-ratios';

export interface SamplePlan {
  /** Responses of each policy to each prompt. */
  readonly responses: number;
  /** The largest standard error of a regret that is expected with them, in nats. */
  readonly standardError: number;
  /** More responses cannot reach the target: the prompts sampled differ too much from one another. */
  readonly promptsLimit: boolean;
}

/**
 * How many responses to each prompt bring the standard error of every regret down to a target, judged from a pilot.
 * The part of the error that comes from the choice of prompts does not shrink with more responses.
 *
 * @param pilot a few responses (2 or more) of each type's policy
 * @param target standard error in nats
 * @param most not more responses than this
 */
export function planResponses(
  pilot: readonly SampledRatios[],
  protection: readonly number[],
  population: number,
  { target, most }: { target: number; most: number },
): SamplePlan {
  const { prompts, responses: n } = pilot[0];
  // SE²(n') = fixed + noise/n' by entry: the spread between prompts holds the noise of the responses too
  const parts = protection.flatMap((c, i) =>
    pilot.flatMap((samples, j) => {
      if (i === j) return [];
      const entry = regretByPrompt(pilot, i, c, [{ coefficient: 1, samples }]);
      const noise = entry.noise.reduce((sum, v) => sum + v, 0) / prompts ** 2;
      const total = estimate(entry, population).standardError ** 2;
      return [{ fixed: Math.max(0, total - noise), noise: noise * n }];
    }),
  );
  const errorWith = (count: number) =>
    Math.sqrt(Math.max(0, ...parts.map(({ fixed, noise }) => fixed + noise / count)));
  let responses = n;
  while (responses < most && errorWith(responses) > target) responses++;
  const promptsLimit = parts.some(({ fixed }) => fixed >= target ** 2);
  // beyond what the prompts allow more responses are wasted: stop where they add a tenth to the error that stays
  if (promptsLimit) {
    const floor = 1.1 * errorWith(Infinity);
    for (let fewer = n; fewer < responses; fewer++) {
      if (errorWith(fewer) <= floor) responses = fewer;
    }
  }
  return { responses, standardError: errorWith(responses), promptsLimit };
}
