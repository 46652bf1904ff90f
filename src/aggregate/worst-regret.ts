import type { LogPolicy, ResponseList } from '../policy/response-policy';
import { random } from '../random';
import { logRatio } from './expectation';

/** What types a policy is judged by, and how much each counts. */
export interface Judges {
  /** π_k of each type. */
  readonly logPolicies: readonly LogPolicy[];
  /** c by type, every entry filled in. */
  readonly protection: readonly number[];
}

export interface WorstRegret {
  /** By type of the judges, protection weights applied. */
  readonly regret: readonly number[];
  readonly worst: number;
  /** 95 % interval by bootstrap over prompts; absent where there are too few prompts to draw again. */
  readonly worstInterval?: readonly [number, number];
  /** The same of `worst` minus the first policy's, on the same draws; absent for the first. */
  readonly worstAgainstFirst?: readonly [number, number];
}

/** With fewer prompts an interval would say nothing. */
export const LEAST_PROMPTS = 5;
const DRAWS = 2000;
const STREAM = 0x9a3e;

/**
 * The regret c_i (L_ii − E_π[log π_i/π_ref]) of every type under every policy, all by the same judges, exact for the
 * prompts listed; and how much its worst could differ for other prompts like these: prompts are drawn again with
 * replacement, the same draws for every policy.
 */
export function worstRegrets(
  list: ResponseList,
  judges: Judges,
  policies: readonly LogPolicy[],
  seed: number,
): WorstRegret[] {
  const byPrompt = policies.map((policy) => promptRegrets(list, judges, policy));
  const prompts = byPrompt[0][0].length;
  const regrets = byPrompt.map((types) => types.map((values) => mean(values)));
  const worst = regrets.map((each) => Math.max(...each));
  if (prompts < LEAST_PROMPTS) return regrets.map((regret, p) => ({ regret, worst: worst[p] }));
  const source = random(seed, STREAM);
  const draws = policies.map(() => new Float64Array(DRAWS));
  const times = new Float64Array(prompts);
  for (let b = 0; b < DRAWS; b++) {
    times.fill(0);
    for (let x = 0; x < prompts; x++) times[source.below(prompts)]++;
    byPrompt.forEach((types, p) => {
      draws[p][b] = Math.max(...types.map((values) => weightedMean(values, times)));
    });
  }
  return regrets.map((regret, p) => ({
    regret,
    worst: worst[p],
    worstInterval: percentiles(draws[p]),
    ...(p > 0 && { worstAgainstFirst: percentiles(draws[p].map((value, b) => value - draws[0][b])) }),
  }));
}

/** Types × prompts that have responses. */
function promptRegrets(
  list: ResponseList,
  { logPolicies, protection }: Judges,
  policy: LogPolicy,
): Float64Array[] {
  const answered = Array.from({ length: list.prompts }, (_, x) => x).filter(
    (x) => list.start[x + 1] > list.start[x],
  );
  return logPolicies.map((own, k) => {
    const ratio = logRatio(list, own);
    return Float64Array.from(answered, (x) => {
      let lost = 0;
      for (let i = list.start[x]; i < list.start[x + 1]; i++) {
        lost += (Math.exp(own[i]) - Math.exp(policy[i])) * ratio[i];
      }
      return protection[k] * lost;
    });
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function weightedMean(values: Float64Array, times: Float64Array): number {
  let sum = 0;
  for (let x = 0; x < values.length; x++) sum += times[x] * values[x];
  return sum / values.length;
}

function percentiles(values: Float64Array): [number, number] {
  const sorted = values.slice().sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return [at(0.025), at(0.975)];
}
