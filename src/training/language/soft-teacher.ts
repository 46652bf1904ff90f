import type { Executor } from '../../compute/graph/executor';
import type { HostTensors, TensorSpec } from '../../compute/graph/program';
import type { PackedBatch } from '../../policy/transformer/packed-batch';
import { batchFeeds } from './batch-inputs';
import type { TrainablePolicy } from './policy';
import { eachBatch } from './score';
import {
  lessonInputs,
  softInputs,
  softProbabilities,
  softScoring,
  softStep,
  tokenScoring,
  type Lesson,
} from './soft-targets';
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

/** Distributions that are kept from pass to pass: 512 MiB. */
const MOST_KEPT = 2 ** 29;

/**
 * Works out, once, which type may be answering before every token; see `weightsBeforeTokens`. Where the vocabulary and
 * the responses are small the mixture's distributions are kept too, so that a pass costs what it costs to train on
 * samples; otherwise the teachers are worked out beside the policy in every pass.
 *
 * @param mostKept bytes of distributions that may be kept
 */
export async function openTeacher(input: TeacherInput, mostKept = MOST_KEPT): Promise<Teacher> {
  const { executor, policy, texts, teachers } = input;
  const mixing = await weightsOfResponses(input);
  const kept =
    bytesOf(texts, policy.vocabulary) <= mostKept ? await distributionsOf(input, mixing) : undefined;
  const lesson: Lesson = kept ? 'kept' : teachers;
  const cache = programCache(executor);
  const lessonFeed = (batch: PackedBatch, responses: readonly number[]): HostTensors =>
    feedOf(kept ?? mixing, lessonInputs(lesson, policy, batch), batch, responses);
  return {
    step: async (parameters, batch, responses, weight) => {
      const executable = await cache.get('step', batch, () => softStep(policy, batch, lesson));
      const data = new Float32Array(batch.scored);
      eachScored(batch, (n, slot) => (data[n] = weight(responses[slot])));
      return executable.run({
        ...parameters,
        ...batchFeeds(batch),
        ...lessonFeed(batch, responses),
        weight: { ...softInputs(1, batch).weight, data },
      });
    },
    divergences: async (parameters, responses) => {
      const out = new Float64Array(texts.response.length).fill(NaN);
      for (const y of responses) out[y] = 0;
      await eachBatch(
        input,
        responses,
        (shape) => cache.get('scoring', shape, () => softScoring(policy, shape, lesson)),
        parameters,
        ({ divergences }, ids, batch) => {
          eachScored(batch, (n, slot) => (out[ids[slot]] += divergences.data[n]));
        },
        (ids, batch) => lessonFeed(batch, ids),
      );
      return out;
    },
    dispose: () => cache.dispose(),
  };
}

function bytesOf({ used, response }: Texts, vocabulary: number): number {
  return (
    used.reduce((tokens, y) => tokens + response[y].length, 0) * vocabulary * Float32Array.BYTES_PER_ELEMENT
  );
}

/** By response in use: probability of every next token before each token under the mixture, [tokens, vocabulary]. */
async function distributionsOf(
  input: TeacherInput,
  mixing: readonly Float64Array[],
): Promise<Float32Array[]> {
  const { executor, policy, texts, teachers } = input;
  const { vocabulary } = policy;
  const cache = programCache(executor);
  const used = new Set(texts.used);
  const out = texts.response.map(({ length }, y) => new Float32Array(used.has(y) ? length * vocabulary : 0));
  try {
    await eachBatch(
      input,
      undefined,
      (shape) => cache.get('distributions', shape, () => softProbabilities(policy, shape, teachers)),
      {},
      ({ probabilities: { data } }, ids, batch) => {
        eachScored(batch, (n, slot, t) => {
          out[ids[slot]].set(data.subarray(n * vocabulary, (n + 1) * vocabulary), t * vocabulary);
        });
      },
      (ids, batch) => feedOf(mixing, lessonInputs(teachers, policy, batch), batch, ids),
    );
    return out;
  } finally {
    await cache.dispose();
  }
}

/** What is known before each token of the responses, as the one input that a program takes for the batch. */
function feedOf(
  byResponse: readonly (Float32Array | Float64Array)[],
  inputs: Readonly<Record<string, TensorSpec>>,
  batch: PackedBatch,
  responses: readonly number[],
): HostTensors {
  const [[name, spec]] = Object.entries(inputs);
  const width = spec.shape[1];
  const data = new Float32Array(batch.scored * width);
  eachScored(batch, (n, slot, t) => {
    data.set(byResponse[responses[slot]].subarray(t * width, (t + 1) * width), n * width);
  });
  return { [name]: { ...spec, data } };
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
