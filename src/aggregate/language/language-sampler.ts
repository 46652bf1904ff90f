import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import {
  generate,
  type Generated,
  type GenerationOptions,
  type Wanted,
} from '../../policy/transformer/generate/generate';
import { random } from '../../random';
import type { RatioSampler, Sampled } from './aggregate-language';
import { openWriters, type LanguagePolicies, type Writers } from './language-policies';
import type { PolicySource } from './policy-source';
import { scoreSamples } from './score-samples';

export interface LanguageSamplerInput {
  readonly executor: Executor;
  readonly policies: LanguagePolicies;
  /** Tokens of the prompts drawn, in random order. */
  readonly prompts: readonly Int32Array[];
  /** Distinct prompts that they were drawn from. */
  readonly population: number;
  readonly seed: number;
  /** How responses are written; the longest length counts the end-of-text token. */
  readonly sampling: Pick<GenerationOptions, 'temperature' | 'topP' | 'maxTokens'>;
  readonly signal?: AbortSignal;
  /** Responses of the policy at work that are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Every response that was drawn: n to each prompt, prompt by prompt. */
  readonly onResponses?: (source: PolicySource, responses: readonly Generated[]) => void;
}

export interface LanguageSampler extends RatioSampler {
  /** n responses to each prompt, prompt by prompt, without scores. */
  write(source: PolicySource, responses: number): Promise<Generated[]>;
  /** Gives it the distilled policy. */
  learn(distilled: HostTensors): void;
  dispose(): Promise<void>;
}

/** Draws and scores responses of language models for `aggregateLanguage`. */
export function languageSampler(input: LanguageSamplerInput): LanguageSampler {
  const { executor, prompts, seed, sampling, signal, onProgress } = input;
  let policies = input.policies;
  let writers = openWriters(executor, policies);

  const write = async (source: PolicySource, responses: number): Promise<Generated[]> => {
    const wanted = prompts.flatMap((prompt, x) =>
      Array.from({ length: responses }, (_, r): Wanted => ({ prompt, seed, stream: [...tag(source), x, r] })),
    );
    let done = 0;
    return writeFrom(writers, policies, source, wanted, {
      ...sampling,
      signal,
      onResponse: () => onProgress?.(++done, wanted.length),
    });
  };
  return {
    prompts: prompts.length,
    population: input.population,
    write,
    async sample(source, responses): Promise<Sampled> {
      const written = await write(source, responses);
      input.onResponses?.(source, written);
      const texts = written.map(({ tokens }, i) => ({ prompt: Math.floor(i / responses), tokens }));
      const { trainable, types } = policies;
      const [reference, ...own] = await scoreSamples(
        { executor, trainable, breathe: () => breathe(signal) },
        prompts,
        texts,
        [trainable.initial(0), ...types],
      );
      return {
        prompts: prompts.length,
        responses,
        ratio: own.map((scores) => scores.map((score, y) => score - reference[y])),
        cut: written.filter(({ ended }) => ended === 'length').length,
      };
    },
    learn(distilled) {
      const before = writers;
      policies = { ...policies, distilled };
      writers = openWriters(executor, policies);
      void before.dispose();
    },
    dispose: () => writers.dispose(),
  };
}

/** Responses of any source; a mixture draws a type for each from the response's own stream. */
export async function writeFrom(
  writers: Writers,
  policies: LanguagePolicies,
  source: PolicySource,
  wanted: readonly Wanted[],
  options: GenerationOptions,
): Promise<Generated[]> {
  const { tokenizer } = policies.model;
  if (source.kind !== 'mixture') return generate(writers.writer(source), tokenizer, wanted, options);
  const drawn = wanted.map(({ seed, stream }) => drawType(source.weights, seed, stream));
  const responses = new Array<Generated>(wanted.length);
  for (const type of new Set(drawn)) {
    const members = wanted.flatMap((_, i) => (drawn[i] === type ? [i] : []));
    const written = await generate(
      writers.writer({ kind: 'type', type }),
      tokenizer,
      members.map((i) => wanted[i]),
      {
        ...options,
        onText: (i, text) => options.onText?.(members[i], text),
        onResponse: (i, response) => options.onResponse?.(members[i], response),
      },
    );
    members.forEach((i, at) => (responses[i] = written[at]));
  }
  return responses;
}

/** The type that answers for the mixture in this stream, 0-based. */
export function drawType(weights: readonly number[], seed: number, stream: readonly number[]): number {
  // a stream of its own: the numbers that draw the type must not be those that draw the first token
  return random(seed, ...stream, 0x6d6978).choice(weights);
}

const TAGS = { reference: 0, type: 1, 'plain-dpo': 2, mixture: 3, loglinear: 4, distilled: 5 } as const;

/** Keeps the responses of different policies independent under one seed. */
function tag(source: PolicySource): number[] {
  return source.kind === 'type' ? [TAGS.type, source.type] : [TAGS[source.kind], 0];
}

async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
