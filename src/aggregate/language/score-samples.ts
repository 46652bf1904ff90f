import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import type { TrainablePolicy } from '../../training/language/policy';
import { responseLogProbabilities } from '../../training/language/score';
import type { Texts } from '../../training/language/texts';
import { programs } from '../../training/language/workbench';

export interface Scorer {
  readonly executor: Executor;
  readonly trainable: TrainablePolicy;
  /** Called between batches; throws to stop. */
  readonly breathe: () => Promise<void>;
}

/** A response as the tokens that were written, and which prompt it answers. */
export interface TokenResponse {
  readonly prompt: number;
  readonly tokens: Int32Array;
}

/**
 * log π(y|x) of sampled responses under several policies, in nats; equal responses to a prompt are worked through once.
 *
 * @param prompts tokens of each
 * @param parameters of each policy
 * @returns by policy, then by response
 */
export async function scoreSamples(
  { executor, trainable, breathe }: Scorer,
  prompts: readonly Int32Array[],
  responses: readonly TokenResponse[],
  parameters: readonly HostTensors[],
): Promise<Float64Array[]> {
  const texts = sampledTexts(prompts, responses);
  // β is that of rankings, of which there are none here
  const ready = programs(executor, trainable, 1);
  try {
    const bench = { texts, policy: trainable, programs: ready, breathe };
    const scores: Float64Array[] = [];
    for (const each of parameters) {
      const found = await responseLogProbabilities(bench, each);
      scores.push(Float64Array.from(texts.sameAs, (y) => found[y]));
    }
    return scores;
  } finally {
    await ready.dispose();
  }
}

/** Sampled responses in the form in which training keeps a dataset's. */
export function sampledTexts(prompts: readonly Int32Array[], responses: readonly TokenResponse[]): Texts {
  const first = new Map<string, number>();
  const sameAs = Int32Array.from(responses, ({ prompt, tokens }, y) => {
    const key = `${prompt}:${tokens.join()}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, y);
    return before ?? y;
  });
  return {
    prompt: prompts,
    response: responses.map(({ tokens }) => tokens),
    promptOf: Int32Array.from(responses, ({ prompt }) => prompt),
    sameAs,
    used: sameAs.filter((same, y) => same === y),
    promptsCut: 0,
    responsesCut: 0,
  };
}
