import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import type { PackedBatch } from '../../policy/transformer/packed-batch';
import { batchFeeds } from '../../training/language/batch-inputs';
import type { TrainablePolicy } from '../../training/language/policy';
import { responseLogProbabilities } from '../../training/language/score';
import { openTeacher } from '../../training/language/soft-teacher';
import type { Texts } from '../../training/language/texts';
import { programs } from '../../training/language/workbench';

/**
 * What a distilled policy is taught before every token of the mixture's responses: the distribution of the mixture's next
 * token, or only the token that came. The first has the same mean and none of the noise of drawing that token.
 */
export type TargetKind = 'distributions' | 'samples';

export interface Targets {
  /** Gradients of the loss of a batch, Σ_responses weight · loss, as outputs named by `gradientOf`. */
  step(
    parameters: HostTensors,
    batch: PackedBatch,
    responses: readonly number[],
    weight: (response: number) => number,
  ): Promise<HostTensors>;
  /** Loss by response, in nats: KL(mixture ‖ policy) along it, or −log π. NaN where it was not asked for. */
  losses(parameters: HostTensors, responses: ReadonlySet<number>): Promise<Float64Array>;
  dispose(): Promise<void>;
}

export interface TargetsInput {
  readonly executor: Executor;
  readonly policy: TrainablePolicy;
  readonly texts: Texts;
  readonly types: readonly HostTensors[];
  /** w of the mixture, by type. */
  readonly weights: readonly number[];
  readonly breathe: () => Promise<void>;
}

/** Weights of types that a device is given beside the policy in training: 2 GiB. */
const MOST_BYTES = 2 ** 31;

/** Distributions, unless the types are so large that the device could not hold them beside the policy in training. */
export function targetKind(types: readonly HostTensors[], weights: readonly number[]): TargetKind {
  const used = types.filter((_, k) => weights[k] > 0).flatMap((type) => Object.values(type));
  const bytes = used.reduce((sum, { data }) => sum + data.byteLength, 0);
  return bytes > MOST_BYTES ? 'samples' : 'distributions';
}

export function openTargets(kind: TargetKind, input: TargetsInput): Promise<Targets> {
  return kind === 'distributions' ? distributions(input) : Promise.resolve(samples(input));
}

async function distributions({ types, weights, ...input }: TargetsInput): Promise<Targets> {
  const teacher = await openTeacher({
    ...input,
    teachers: types.filter((_, k) => weights[k] > 0),
    weights: weights.filter((w) => w > 0),
  });
  return {
    step: (parameters, batch, responses, weight) => teacher.step(parameters, batch, responses, weight),
    losses: (parameters, responses) => teacher.divergences(parameters, responses),
    dispose: () => teacher.dispose(),
  };
}

function samples({ executor, policy, texts, breathe }: TargetsInput): Targets {
  // β is that of rankings, of which there are none here
  const ready = programs(executor, policy, 1);
  return {
    step: async (parameters, batch, responses, weight) => {
      const data = new Float32Array(batch.slots);
      responses.forEach((y, slot) => (data[slot] = weight(y)));
      const executable = await ready.prediction(batch);
      return executable.run({
        ...parameters,
        ...batchFeeds(batch),
        weight: { shape: [batch.slots], dtype: 'float32', data },
      });
    },
    losses: async (parameters, responses) => {
      const scores = await responseLogProbabilities(
        { texts, policy, programs: ready, breathe },
        parameters,
        responses,
      );
      return scores.map((score) => -score);
    },
    dispose: () => ready.dispose(),
  };
}
