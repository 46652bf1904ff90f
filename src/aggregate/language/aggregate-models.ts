import type { Executor } from '../../compute/graph/executor';
import type { Generated } from '../../policy/transformer/generate/generate';
import type { AggregateChoice, OptimizerChoice, SamplingChoice } from '../../protocol/experiment';
import { aggregateLanguage, type LanguageAggregate } from './aggregate-language';
import { distil, type Distilled } from './distil';
import { drawPrompts } from './draw-prompts';
import type { LanguagePolicies } from './language-policies';
import { languageSampler } from './language-sampler';
import type { PolicySource } from './policy-source';

export interface AggregateModelsInput {
  readonly executor: Executor;
  readonly policies: LanguagePolicies;
  /** Tokens of every distinct prompt that expectations run over. */
  readonly prompts: readonly Int32Array[];
  readonly sampling: SamplingChoice;
  /** Longest response, its end included. */
  readonly responseTokens: number;
  /** Of the types, largest share first. */
  readonly names: readonly string[];
  /** c by type; missing entries are 1. */
  readonly protection: readonly number[];
  readonly solver: AggregateChoice['solver'];
  readonly seed: number;
  /** Trains one policy on the mixture in this way, where it is wanted. */
  readonly distil?: {
    readonly optimizer: OptimizerChoice;
    /** Of the mixture to each prompt. */
    readonly responses: number;
  };
  readonly signal?: AbortSignal;
  readonly onPhase?: (title: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** Every response that was drawn for the regrets, and the indices of the prompts that they answer, in their order. */
  readonly onResponses?: (
    source: PolicySource,
    responses: readonly Generated[],
    prompts: readonly number[],
  ) => void;
}

export interface AggregatedModels extends LanguageAggregate {
  readonly distilled?: Distilled;
}

/** Everything after training: samples, regrets, fair weights, the distilled policy and the table of candidates. */
export async function aggregateModels(input: AggregateModelsInput): Promise<AggregatedModels> {
  const { executor, policies, prompts, sampling, seed, signal, onPhase, onProgress, onResponses } = input;
  const { temperature, topP } = sampling;
  const written = { temperature, topP, maxTokens: input.responseTokens };
  const chosen = drawPrompts([...prompts.keys()], sampling.prompts, seed);
  const sampler = languageSampler({
    executor,
    policies,
    prompts: chosen.map((x) => prompts[x]),
    population: prompts.length,
    seed,
    sampling: written,
    signal,
    onProgress,
    onResponses:
      onResponses &&
      ((source, responses) => {
        onResponses(source, responses, chosen);
      }),
  });
  let distilled: Distilled | undefined;
  const learn = async (how: NonNullable<AggregateModelsInput['distil']>, weights: readonly number[]) => {
    let title = '';
    distilled = await distil({
      ...how,
      executor,
      policies,
      weights,
      prompts,
      sampling: written,
      seed,
      signal,
      onProgress: (now, done, total) => {
        if (now !== title) onPhase?.((title = now));
        onProgress?.(done, total);
      },
    });
    sampler.learn(distilled.parameters);
  };
  try {
    const found = await aggregateLanguage({
      sampler,
      responses: sampling.responses,
      names: input.names,
      protection: input.protection,
      solver: input.solver,
      seed,
      plain: policies.plain !== undefined,
      distil: input.distil && ((weights) => learn(input.distil!, weights)),
      onPhase,
    });
    return { ...found, distilled };
  } finally {
    await sampler.dispose();
  }
}
