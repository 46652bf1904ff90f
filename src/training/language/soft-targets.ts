import type { HostTensors, Program, Tensors, TensorSpec } from '../../compute/graph/program';
import * as tf from '../../compute/graph/tf';
import { batchInputs, batchTensors, type BatchShape } from './batch-inputs';
import { gradientProgram } from './loss';
import type { TrainablePolicy } from './policy';
import {
  chosenLogProbability,
  mixtureDivergence,
  mixtureProbabilities,
  type Predictor,
  type Taught,
} from './soft-divergence';

/** Inputs of the programs below, by name. */
export function softInputs(teachers: number, { scored }: BatchShape) {
  return {
    /** Of every teacher before each scored token; they add up to 1, and to 0 in padding. */
    mixing: { shape: [scored, teachers], dtype: 'float32' },
    /** How much each scored token counts; 0 in padding. */
    weight: { shape: [scored], dtype: 'float32' },
  } as const satisfies Record<string, TensorSpec>;
}

/**
 * What a policy is taught before every scored token: the mixture of these teachers, worked out beside the policy on the
 * device; or `kept` distributions, which come with the batch as `probabilities` [scored, vocabulary].
 */
export type Lesson = readonly HostTensors[] | 'kept';

/** Inputs by which a lesson comes with a batch. */
export function lessonInputs(
  lesson: Lesson,
  { vocabulary }: TrainablePolicy,
  shape: BatchShape,
): Record<string, TensorSpec> {
  if (lesson !== 'kept') return { mixing: softInputs(lesson.length, shape).mixing };
  return { probabilities: { shape: [shape.scored, vocabulary], dtype: 'float32' } };
}

/**
 * One step towards the next-token distributions of a mixture of policies:
 *
 *     loss = Σ_tokens weight · KL( Σ_k mixing_k π_k(·|before) ‖ π(·|before) )
 *
 * Outputs: `loss` [], `divergences` [scored] and `gradient:NAME` of every parameter.
 */
export function softStep(policy: TrainablePolicy, shape: BatchShape, lesson: Lesson): Program {
  const { weight } = softInputs(1, shape);
  return gradientProgram(
    `distillation step of ${policy.name}`,
    policy,
    shape,
    { ...lessonInputs(lesson, policy, shape), weight },
    (tensors) => {
      const divergences = divergencesOf(policy, tensors, lesson);
      return { loss: tf.sum(tf.mul(divergences, tensors.weight)), divergences };
    },
    teacherConstants(lesson),
  );
}

/** The divergence at every scored token, without gradients: output `divergences` [scored], in nats. */
export function softScoring(policy: TrainablePolicy, shape: BatchShape, lesson: Lesson): Program {
  return {
    name: `divergences of ${policy.name}`,
    inputs: { ...policy.parameters, ...batchInputs(shape), ...lessonInputs(lesson, policy, shape) },
    constants: { ...policy.constants, ...teacherConstants(lesson) },
    compute: (tensors) => ({ divergences: divergencesOf(policy, tensors, lesson) }),
  };
}

/** The mixture's distribution before every scored token: output `probabilities` [scored, vocabulary]. */
export function softProbabilities(
  policy: TrainablePolicy,
  shape: BatchShape,
  teachers: readonly HostTensors[],
): Program {
  return {
    name: `next-token distributions of a mixture of ${policy.name}`,
    inputs: { ...batchInputs(shape), ...lessonInputs(teachers, policy, shape) },
    constants: { ...policy.constants, ...teacherConstants(teachers) },
    compute: (tensors) => {
      const taught = mixtureOf(policy, tensors, teachers);
      return { probabilities: mixtureProbabilities(taught.teachers, taught.mixing) };
    },
  };
}

/** log π of every scored token: output `tokens` [scored], in nats; entries of padding mean nothing. */
export function tokenScoring(policy: TrainablePolicy, shape: BatchShape): Program {
  return {
    name: `log-probabilities of tokens of ${policy.name}`,
    inputs: { ...policy.parameters, ...batchInputs(shape) },
    constants: policy.constants,
    compute: (tensors) => {
      const batch = batchTensors(tensors);
      const predictor = { states: policy.predictorStates(tensors, batch), head: policy.head(tensors) };
      return { tokens: chosenLogProbability(predictor, batch.target) };
    },
  };
}

function divergencesOf(policy: TrainablePolicy, tensors: Tensors, lesson: Lesson): tf.Tensor1D {
  const student = predictorOf(policy, tensors, tensors);
  const taught: Taught =
    lesson === 'kept'
      ? { probabilities: tensors.probabilities as tf.Tensor2D }
      : mixtureOf(policy, tensors, lesson);
  return mixtureDivergence(student, taught, policy.frozenHead);
}

function mixtureOf(policy: TrainablePolicy, tensors: Tensors, teachers: readonly HostTensors[]) {
  return {
    teachers: teachers.map((own, k) => {
      const named = Object.keys(own).map((name) => [name, tensors[teacherName(k, name)]] as const);
      return predictorOf(policy, tensors, { ...tensors, ...Object.fromEntries(named) });
    }),
    mixing: tensors.mixing as tf.Tensor2D,
  };
}

/** @param at holds the policy's parameters, and its constants */
function predictorOf(policy: TrainablePolicy, batch: Tensors, at: Tensors): Predictor {
  return { states: policy.predictorStates(at, batchTensors(batch)), head: policy.head(at) };
}

function teacherConstants(lesson: Lesson): HostTensors {
  if (lesson === 'kept') return {};
  return Object.fromEntries(
    lesson.flatMap((own, k) =>
      Object.entries(own).map(([name, tensor]) => [teacherName(k, name), tensor] as const),
    ),
  );
}

function teacherName(teacher: number, parameter: string): string {
  return `teacher.${teacher}.${parameter}`;
}
