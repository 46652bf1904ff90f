import type { Candidate } from '../../protocol/result';
import { estimate, type Estimate, type Term } from './clustered';
import { heldOutMixture } from './held-out-mixture';
import { bootstrapIntervals } from './intervals';
import { regretByPrompt } from './monte-carlo-regret';
import type { SampledRatios } from './sampled-ratios';

export interface LanguageCandidatesInput {
  readonly types: readonly SampledRatios[];
  readonly plain?: SampledRatios;
  /** Of the log-linear policy combined token by token. */
  readonly logLinear: SampledRatios;
  readonly distilled?: SampledRatios;
  readonly names: readonly string[];
  /** c by type, every entry filled in. */
  readonly protection: readonly number[];
  readonly population: number;
  /** w of the mixture. */
  readonly weights: readonly number[];
  /** λ of the log-linear policy, and how far its objective can be from the least possible. */
  readonly lambda: readonly number[];
  readonly gap: number;
  readonly seed: number;
}

/** A candidate whose mean log-ratios are a combination of sampled ones. */
interface Entry extends Pick<Candidate, 'name' | 'kind' | 'weights' | 'gap'> {
  readonly terms: readonly Term[];
}

/**
 * Every single policy on offer with its regret for every type, standard errors, and intervals of the worst regret and
 * of its difference from plain DPO's. The mixture's regrets are held out: weights are never judged on the samples that
 * chose them.
 */
export function languageCandidates(input: LanguageCandidatesInput): Candidate[] {
  const { types, plain, names, protection, population, weights } = input;
  const of = (samples: SampledRatios): Term[] => [{ coefficient: 1, samples }];
  const entries: Entry[] = [
    ...types.map((samples, k): Entry => ({ name: names[k], kind: 'type', terms: of(samples) })),
    ...(plain ? [{ name: 'plain DPO', kind: 'plain-dpo' as const, terms: of(plain) }] : []),
    {
      name: 'mixture',
      kind: 'mixture',
      terms: types.map((samples, k) => ({ coefficient: weights[k], samples })),
      weights,
    },
    {
      name: 'log-linear',
      kind: 'loglinear',
      terms: of(input.logLinear),
      weights: input.lambda,
      gap: input.gap,
    },
    ...(input.distilled
      ? [{ name: 'distilled', kind: 'distilled' as const, terms: of(input.distilled) }]
      : []),
  ];
  const first = plain ? entries.findIndex(({ kind }) => kind === 'plain-dpo') : 0;
  // differences are taken from the first policy
  const order = [first, ...entries.keys()];
  const { worst, difference } = bootstrapIntervals(
    types,
    protection,
    order.map((at) => entries[at].terms),
    { seed: input.seed },
  );
  return entries.map(({ terms, ...entry }, at) => {
    const found: Estimate[] =
      entry.kind === 'mixture'
        ? heldOutMixture(types, protection, population)
        : protection.map((c, i) => estimate(regretByPrompt(types, i, c, terms), population));
    return {
      ...entry,
      regret: found.map(({ value }) => value),
      worst: Math.max(...found.map(({ value }) => value)),
      standardError: found.map(({ standardError }) => standardError),
      worstInterval: worst[at + 1],
      ...(plain && { worstAgainstPlain: difference[at + 1] }),
    };
  });
}
