import type { AggregateChoice } from '../../protocol/experiment';
import { minMax } from '../../regret/min-max';
import { multiplicativeWeights } from '../../regret/multiplicative-weights';
import { LEAST_PROMPTS } from '../worst-regret';
import { byPrompt, estimate, type Term } from './clustered';
import { bootstrapIntervals, type Interval } from './intervals';
import { monteCarloRegret } from './monte-carlo-regret';
import { halfOfResponses, type SampledRatios } from './sampled-ratios';

/** Responses of one policy with their log-ratios by every judge, whole and in two halves. */
export interface Halved {
  readonly whole: SampledRatios;
  readonly halves: readonly [SampledRatios, SampledRatios];
}

export interface ComparedRegret {
  /** By judge, protection weights applied. */
  readonly regret: readonly number[];
  /** Monte Carlo, of each. */
  readonly standardError: readonly number[];
  readonly worst: number;
  /** 95 % interval by bootstrap over prompts; absent where there are too few prompts to draw again. */
  readonly worstInterval?: Interval;
  /** Of `worst` minus the first policy's, on the same draws; absent for the first. */
  readonly worstAgainstFirst?: Interval;
}

/** The same responses as two independent samples. @throws RangeError with fewer than two responses to a prompt */
export function halved(whole: SampledRatios): Halved {
  if (whole.responses < 2) throw new RangeError('Halves need two responses to each prompt.');
  return { whole, halves: [halfOfResponses(whole, 0), halfOfResponses(whole, 1)] };
}

/**
 * The min-max weights of types on each half of their responses.
 *
 * @param types responses of each type's policy, log-ratios by the same types
 */
export function halfWeights(
  types: readonly Halved[],
  protection: readonly number[],
  population: number,
  solver: AggregateChoice['solver'],
): readonly [readonly number[], readonly number[]] {
  const on = (half: 0 | 1) => {
    const samples = types.map(({ halves }) => halves[half]);
    const { matrix } = monteCarloRegret(samples, protection, population);
    return (solver === 'exact' ? minMax(matrix) : multiplicativeWeights(matrix)).weights;
  };
  return [on(0), on(1)];
}

/**
 * A mixture as a policy that is judged: weights found on one half of the responses are applied to the other half, and
 * the two are averaged, so that no weight is judged by the responses that chose it.
 *
 * @param weights found on the first and on the second half
 * @param judged responses of each type's policy, log-ratios by the judges
 */
export function crosswise(
  weights: readonly [readonly number[], readonly number[]],
  judged: readonly Halved[],
): Term[] {
  return judged.flatMap(({ halves }, k) => [
    { coefficient: weights[0][k] / 2, samples: halves[1] },
    { coefficient: weights[1][k] / 2, samples: halves[0] },
  ]);
}

/**
 * Regret c_i (L_ii − E_π[log π_i − log π_ref]) of every judge's type under single policies π, all on the same prompts.
 *
 * @param judges responses of each judge's own policy, log-ratios by all of them
 * @param protection c by judge, every entry filled in
 * @param population distinct prompts that the expectation is over
 */
export function comparedRegrets(
  judges: readonly Halved[],
  policies: readonly (readonly Term[])[],
  protection: readonly number[],
  population: number,
  seed: number,
): ComparedRegret[] {
  const own = judges.map(({ whole }) => whole);
  const intervals =
    own[0].prompts < LEAST_PROMPTS ? undefined : bootstrapIntervals(own, protection, policies, { seed });
  return policies.map((policy, p) => {
    const estimates = judges.map(({ halves }, i) => {
      const c = protection[i];
      const terms = joined([
        ...halves.map((samples) => ({ coefficient: c / 2, samples })),
        ...policy.map(({ coefficient, samples }) => ({ coefficient: -c * coefficient, samples })),
      ]);
      return estimate(byPrompt(terms, i), population);
    });
    const regret = estimates.map(({ value }) => value);
    return {
      regret,
      standardError: estimates.map(({ standardError }) => standardError),
      worst: Math.max(...regret),
      ...(intervals && { worstInterval: intervals.worst[p] }),
      ...(intervals && p > 0 && { worstAgainstFirst: intervals.difference[p] }),
    };
  });
}

/** Samples that come up several times are one term: their noise does not add up independently. */
function joined(terms: readonly Term[]): Term[] {
  const sums = new Map<SampledRatios, number>();
  for (const { coefficient, samples } of terms) {
    sums.set(samples, (sums.get(samples) ?? 0) + coefficient);
  }
  return Array.from(sums, ([samples, coefficient]) => ({ coefficient, samples }));
}
