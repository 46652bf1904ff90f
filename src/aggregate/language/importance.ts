import type { LogPolicy, ResponseList } from '../../policy/response-policy';
import type { SampledRatios } from './sampled-ratios';

/** Sampled responses with weights that make them stand for all responses that there could be. */
export interface WeightedSamples {
  /** Its `logReference` is the weight of each sample under π_ref, its `response` merely counts. */
  readonly list: ResponseList;
  /** π_k on the same samples, by type. */
  readonly logPolicies: readonly LogPolicy[];
  /** By type: 1 / Σ weights², the number of equally weighted samples worth as much; mean over prompts. */
  readonly effective: readonly number[];
}

/**
 * The samples of all policies together, weighted as if the reference had drawn them: the balance heuristic of multiple
 * importance sampling (Veach and Guibas 1995),
 *
 *     π_ref(y) / Σ_s (n_s/N) π_s(y) = 1 / Σ_s (n_s/N) exp ρ_s(y),
 *
 * scaled to sum to 1 by prompt. Every policy between the types then has a weight on every sample, at most
 * N/min n_s × what it would have had among its own. With this, what is written for responses that can be enumerated
 * works on samples; the scaling leaves a bias of order 1/N.
 *
 * @param types n_k responses of each type's policy, log-ratios by every type
 * @param reference responses of the reference itself, whose log-ratio by itself is 0
 */
export function weightedSamples(types: readonly SampledRatios[], reference: SampledRatios): WeightedSamples {
  const sources = [...types, reference];
  const { prompts } = reference;
  const perPrompt = sources.reduce((sum, { responses }) => sum + responses, 0);
  const size = prompts * perPrompt;
  const ratio = types.map(() => new Float64Array(size));
  const logReference = new Float64Array(size);
  const logShare = sources.map(({ responses }) => Math.log(responses / perPrompt));
  for (let x = 0, at = 0; x < prompts; x++) {
    for (const { responses, ratio: by } of sources) {
      for (let r = 0; r < responses; r++, at++) {
        types.forEach((_, k) => (ratio[k][at] = by[k][x * responses + r]));
        logReference[at] = -logSumExp(
          logShare.map((share, s) => share + (s < types.length ? ratio[s][at] : 0)),
        );
      }
    }
  }
  const start = Uint32Array.from({ length: prompts + 1 }, (_, x) => x * perPrompt);
  normalise(logReference, perPrompt);
  const list = { prompts, start, response: Int32Array.from(logReference.keys()), logReference };
  const logPolicies = ratio.map((own) => {
    const policy = logReference.map((reference, i) => reference + own[i]);
    normalise(policy, perPrompt);
    return policy;
  });
  return { list, logPolicies, effective: logPolicies.map((policy) => effectiveSamples(policy, perPrompt)) };
}

/** Mean over prompts of 1 / Σ π². */
export function effectiveSamples(policy: LogPolicy, perPrompt: number): number {
  const prompts = policy.length / perPrompt;
  let sum = 0;
  for (let x = 0; x < prompts; x++) {
    let squares = 0;
    for (let i = x * perPrompt; i < (x + 1) * perPrompt; i++) squares += Math.exp(2 * policy[i]);
    sum += 1 / squares;
  }
  return sum / prompts;
}

/** Subtracts log Σ exp from each block of `width` values, in place. */
function normalise(values: Float64Array, width: number): void {
  for (let from = 0; from < values.length; from += width) {
    const block = values.subarray(from, from + width);
    const total = logSumExp(block);
    for (let i = 0; i < width; i++) block[i] -= total;
  }
}

function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - largest);
  return largest + Math.log(sum);
}
