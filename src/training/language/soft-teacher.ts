import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import type { PackedBatch } from '../../policy/transformer/packed-batch';
import { batchFeeds } from './batch-inputs';
import type { TrainablePolicy } from './policy';
import { eachBatch } from './score';
import { softInputs, softScoring, softStep, tokenScoring } from './soft-targets';
import { weightsBeforeTokens } from './soft-weights';
import type { Texts } from './texts';
import { programCache } from './workbench';

export interface TeacherInput {
  readonly executor: Executor;
  readonly policy: TrainablePolicy;
  readonly texts: Texts;
  /** Parameters of the policies in the mixture. */
  readonly teachers: readonly HostTensors[];
  /** w > 0, by teacher. */
  readonly weights: readonly number[];
  /** Called between batches: lets other work run, and stops by throwing. */
  readonly breathe: () => Promise<void>;
}

/** A mixture of policies as the next-token distributions before every token of some responses. */
export interface Teacher {
  /**
   * Outputs of `softStep` on a batch.
   *
   * @param responses by slot
   * @param weight of each response; every token of it counts as much
   */
  step(
    parameters: HostTensors,
    batch: PackedBatch,
    responses: readonly number[],
    weight: (response: number) => number,
  ): Promise<HostTensors>;
  /** KL(mixture ‖ policy) along each response, Σ_t KL_t in nats, by response; NaN where it was not asked for. */
  divergences(parameters: HostTensors, responses: ReadonlySet<number>): Promise<Float64Array>;
  dispose(): Promise<void>;
}

/** Works out, once, which type may be answering before every token; see `weightsBeforeTokens`. */
export async function openTeacher(input: TeacherInput): Promise<Teacher> {
  const { executor, policy, texts, teachers } = input;
  const cache = programCache(executor);
  const mixing = await weightsOfResponses(input);
  const mixingFeed = (batch: PackedBatch, responses: readonly number[]) => {
    const data = new Float32Array(batch.scored * teachers.length);
    eachScored(batch, (n, slot, t) => {
      const from = t * teachers.length;
      data.set(mixing[responses[slot]].subarray(from, from + teachers.length), n * teachers.length);
    });
    return { ...softInputs(teachers.length, batch).mixing, data };
  };
  return {
    step: async (parameters, batch, responses, weight) => {
      const executable = await cache.get('step', batch, () => softStep(policy, batch, teachers));
      const data = new Float32Array(batch.scored);
      eachScored(batch, (n, slot) => (data[n] = weight(responses[slot])));
      return executable.run({
        ...parameters,
        ...batchFeeds(batch),
        mixing: mixingFeed(batch, responses),
        weight: { ...softInputs(teachers.length, batch).weight, data },
      });
    },
    divergences: async (parameters, responses) => {
      const out = new Float64Array(texts.response.length).fill(NaN);
      for (const y of responses) out[y] = 0;
      await eachBatch(
        input,
        responses,
        (shape) => cache.get('scoring', shape, () => softScoring(policy, shape, teachers)),
        parameters,
        ({ divergences }, ids, batch) => {
          eachScored(batch, (n, slot) => (out[ids[slot]] += divergences.data[n]));
        },
        (ids, batch) => ({ mixing: mixingFeed(batch, ids) }),
      );
      return out;
    },
    dispose: () => cache.dispose(),
  };
}

/** By response in use: weights of the teachers before each token, [tokens, teachers]. */
async function weightsOfResponses(input: TeacherInput): Promise<Float64Array[]> {
  const { executor, policy, texts, teachers, weights } = input;
  const cache = programCache(executor);
  try {
    const byTeacher: Float64Array[][] = [];
    for (const parameters of teachers) {
      const tokens = texts.response.map(({ length }) => new Float64Array(length));
      await eachBatch(
        input,
        undefined,
        (shape) => cache.get('tokens', shape, () => tokenScoring(policy, shape)),
        parameters,
        (outputs, ids, batch) => {
          eachScored(batch, (n, slot, t) => (tokens[ids[slot]][t] = outputs.tokens.data[n]));
        },
      );
      byTeacher.push(tokens);
    }
    return texts.response.map((_, y) =>
      weightsBeforeTokens(
        byTeacher.map((tokens) => tokens[y]),
        weights,
      ),
    );
  } finally {
    await cache.dispose();
  }
}

/** Scored tokens of a batch without its padding: index, slot, and place of the token in its response. */
function eachScored({ slot, slots }: PackedBatch, visit: (n: number, slot: number, t: number) => void): void {
  const seen = new Int32Array(slots);
  slot.forEach((s, n) => {
    if (s >= 0) visit(n, s, seen[s]++);
  });
}
