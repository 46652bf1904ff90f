import type { HostTensors, Program, Tensors, TensorSpec } from '../../compute/graph/program';
import * as tf from '../../compute/graph/tf';
import { batchInputs, batchTensors, type BatchShape } from './batch-inputs';
import { gradientProgram } from './loss';
import type { TrainablePolicy } from './policy';
import { chosenLogProbability, mixtureDivergence } from './soft-divergence';

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
 * One step towards the next-token distributions of a mixture of policies:
 *
 *     loss = Σ_tokens weight · KL( Σ_k mixing_k π_k(·|before) ‖ π(·|before) )
 *
 * The teachers π_k are worked out beside the policy, on the device, so that their distributions are never kept or sent.
 * Outputs: `loss` [], `divergences` [scored] and `gradient:NAME` of every parameter.
 *
 * @param teachers parameters of each
 */
export function softStep(
  policy: TrainablePolicy,
  shape: BatchShape,
  teachers: readonly HostTensors[],
): Program {
  return gradientProgram(
    `distillation step of ${policy.name}`,
    policy,
    shape,
    softInputs(teachers.length, shape),
    (tensors) => {
      const divergences = divergencesOf(policy, tensors, teachers);
      return { loss: tf.sum(tf.mul(divergences, tensors.weight)), divergences };
    },
    teacherConstants(teachers),
  );
}

/** The divergence at every scored token, without gradients: output `divergences` [scored], in nats. */
export function softScoring(
  policy: TrainablePolicy,
  shape: BatchShape,
  teachers: readonly HostTensors[],
): Program {
  const { mixing } = softInputs(teachers.length, shape);
  return {
    name: `divergences of ${policy.name}`,
    inputs: { ...policy.parameters, ...batchInputs(shape), mixing },
    constants: { ...policy.constants, ...teacherConstants(teachers) },
    compute: (tensors) => ({ divergences: divergencesOf(policy, tensors, teachers) }),
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

function divergencesOf(
  policy: TrainablePolicy,
  tensors: Tensors,
  teachers: readonly HostTensors[],
): tf.Tensor1D {
  const batch = batchTensors(tensors);
  const of = (at: Tensors) => ({ states: policy.predictorStates(at, batch), head: policy.head(at) });
  const taught = teachers.map((own, k) => {
    const named = Object.keys(own).map((name) => [name, tensors[teacherName(k, name)]] as const);
    return of({ ...tensors, ...Object.fromEntries(named) });
  });
  return mixtureDivergence(of(tensors), taught, tensors.mixing as tf.Tensor2D, policy.frozenHead);
}

function teacherConstants(teachers: readonly HostTensors[]): HostTensors {
  return Object.fromEntries(
    teachers.flatMap((own, k) =>
      Object.entries(own).map(([name, tensor]) => [teacherName(k, name), tensor] as const),
    ),
  );
}

function teacherName(teacher: number, parameter: string): string {
  return `teacher.${teacher}.${parameter}`;
}
