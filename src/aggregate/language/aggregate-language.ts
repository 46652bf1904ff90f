import type { AggregateChoice } from '../../protocol/experiment';
import type { Alarm, Candidate, RegretSummary } from '../../protocol/result';
import { minMax } from '../../regret/min-max';
import { multiplicativeWeights } from '../../regret/multiplicative-weights';
import { protectionWeights } from '../../regret/protection';
import { languageAlarms } from './alarms';
import { languageCandidates } from './candidates';
import { bootstrapIntervals } from './intervals';
import { sampledLogLinear } from './log-linear';
import { monteCarloRegret } from './monte-carlo-regret';
import type { PolicySource } from './policy-source';
import type { SampledRatios } from './sampled-ratios';

/** Draws responses of policies to the same prompts and scores them under every type. */
export interface RatioSampler {
  /** Prompts that responses are drawn to, in random order. */
  readonly prompts: number;
  /** Distinct prompts that they were drawn from. */
  readonly population: number;
  sample(source: PolicySource, responses: number): Promise<Sampled>;
}

export interface Sampled extends SampledRatios {
  /** Responses that were cut off at the longest length allowed. */
  readonly cut: number;
}

export interface LanguageAggregateInput {
  readonly sampler: RatioSampler;
  /** Responses of each policy to each prompt; 2 or more. */
  readonly responses: number;
  /** Of the types, largest share first. */
  readonly names: readonly string[];
  /** c by type; missing entries are 1. */
  readonly protection: readonly number[];
  readonly solver: AggregateChoice['solver'];
  readonly seed: number;
  /** The sampler knows plain DPO's policy. */
  readonly plain: boolean;
  /** Trains one policy on the mixture with these weights. Afterwards the sampler knows it. */
  readonly distil?: (weights: readonly number[]) => Promise<void>;
  /** Called before each part of the work with what it is, for the person. */
  readonly onPhase?: (title: string) => void;
}

export interface LanguageAggregate {
  readonly summary: Omit<RegretSummary, 'sensitivity'>;
  readonly candidates: readonly Candidate[];
  /** c_k λ_k of the log-linear policy, by type. */
  readonly exponents: readonly number[];
  readonly alarms: readonly Alarm[];
}

/**
 * Min-max regret aggregation of policies that can only be sampled: regret matrix with standard errors, weights with
 * intervals, the adversary, and the regret of every candidate for the one policy that everybody gets.
 *
 * Responses are cut off at the longest length that the sampler allows; a response that was cut counts as what was
 * written, for the policies are compared as they are used.
 */
export async function aggregateLanguage(input: LanguageAggregateInput): Promise<LanguageAggregate> {
  const { sampler, responses, names, solver, onPhase } = input;
  const { prompts, population } = sampler;
  const protection = protectionWeights(input.protection, names.length);
  if (!Number.isInteger(responses) || responses < 2) {
    throw new RangeError(
      `Regrets need at least 2 responses of each policy to each prompt, not ${responses}: their errors cannot be told otherwise.`,
    );
  }
  const types: Sampled[] = [];
  for (const [type, name] of names.entries()) {
    onPhase?.(`Responses of ${name}`);
    types.push(await sampler.sample({ kind: 'type', type }, responses));
  }
  const regret = monteCarloRegret(types, protection, population);
  const game = solver === 'exact' ? minMax(regret.matrix) : multiplicativeWeights(regret.matrix);

  onPhase?.('Responses of the reference policy');
  const reference = await sampler.sample({ kind: 'reference' }, responses);
  const logLinear = sampledLogLinear(types, reference, protection);
  const exponents = logLinear.lambda.map((lambda, k) => protection[k] * lambda);

  onPhase?.('Responses of the log-linear policy');
  const byToken = await sampler.sample({ kind: 'loglinear', exponents }, responses);
  const plain = input.plain ? await plainSamples(input, types) : undefined;
  await input.distil?.(game.weights);
  if (input.distil) onPhase?.('Responses of the distilled policy');
  // as many responses as the mixture's regrets rest on, so that the two are equally well known
  const answering = game.weights.filter((w) => w > 0).length;
  const distilled = input.distil
    ? await sampler.sample({ kind: 'distilled' }, answering * responses)
    : undefined;

  onPhase?.('Intervals');
  const samples = { types, plain, logLinear: byToken, distilled };
  const candidates = languageCandidates({
    ...samples,
    names,
    protection,
    population,
    weights: game.weights,
    lambda: logLinear.lambda,
    gap: logLinear.gap,
    seed: input.seed,
  });
  const { weights, value } = bootstrapIntervals(types, protection, [], { seed: input.seed });
  const cut = types.reduce((sum, some) => sum + some.cut, 0) / (types.length * prompts * responses);

  return {
    summary: {
      matrix: regret.matrix,
      standardError: regret.standardError,
      protection,
      weights: game.weights,
      value: game.value,
      adversary: game.adversary,
      gap: game.gap,
      solver,
      sampling: { prompts, population, responses, cut },
      intervals: { weights, value },
    },
    candidates,
    exponents,
    alarms: languageAlarms({
      types,
      population,
      names,
      regret,
      candidates,
      logLinear,
      cut,
      prompts,
      responses,
    }),
  };
}

/** With one type plain DPO is that type's policy: other samples of it would show a regret that is nothing but noise. */
async function plainSamples(
  { sampler, responses, onPhase }: LanguageAggregateInput,
  types: readonly Sampled[],
): Promise<Sampled> {
  if (types.length === 1) return types[0];
  onPhase?.('Responses of plain DPO');
  return sampler.sample({ kind: 'plain-dpo' }, responses);
}
