import type { SampledRatios } from '../../src/aggregate/language/sampled-ratios';
import type { LogPolicy, ResponseList } from '../../src/policy/response-policy';
import type { Random } from '../../src/random';

/** n responses of a tabular policy to each of the prompts, with every type's log-ratio: as a language model would be sampled. */
export function drawRatios(
  list: ResponseList,
  logPolicies: readonly LogPolicy[],
  policy: LogPolicy,
  prompts: ArrayLike<number>,
  responses: number,
  random: Random,
): SampledRatios {
  const ratio = logPolicies.map(() => new Float64Array(prompts.length * responses));
  for (let m = 0; m < prompts.length; m++) {
    const from = list.start[prompts[m]];
    const weights = policy.slice(from, list.start[prompts[m] + 1]).map(Math.exp);
    for (let r = 0; r < responses; r++) {
      const at = from + random.choice(weights);
      logPolicies.forEach((own, i) => {
        ratio[i][m * responses + r] = own[at] - list.logReference[at];
      });
    }
  }
  return { prompts: prompts.length, responses, ratio };
}

/** m of n prompts without replacement. */
export function choosePrompts(n: number, m: number, random: Random): Int32Array {
  return random.shuffle(Int32Array.from({ length: n }, (_, x) => x)).slice(0, m);
}
