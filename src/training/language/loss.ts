import type { HostTensors, Program, Tensors, TensorSpec } from '../../compute/graph/program';
import * as tf from '../../compute/graph/tf';
import { batchInputs, batchTensors, type BatchShape } from './batch-inputs';
import type { TrainablePolicy } from './policy';

/** Sizes of the rankings that a step takes. */
export interface RankingShape {
  /** R */
  readonly rankings: number;
  /** T: orders that the ties of one ranking allow, at most. */
  readonly orders: number;
  /** M: options of one choice set, at most. */
  readonly options: number;
}

/** Added to what is not there; exp of it is 0. */
export const ABSENT = -1e9;

/** Inputs of the rankings, by name. */
export function rankingInputs({ rankings: R, orders: T, options: M }: RankingShape, slots: number) {
  return {
    /** log π_ref of each slot. */
    reference: { shape: [slots], dtype: 'float32' },
    /** Slot of each place of each order; any slot where there is none. */
    order: { shape: [R * T * M], dtype: 'int32' },
    /** 0, or ABSENT where an order has no such place. */
    offered: { shape: [R * T, M], dtype: 'float32' },
    /** 1 at the stages that count. */
    stage: { shape: [R * T, M], dtype: 'float32' },
    /** −log of the number of orders plus the ranking's constant, or ABSENT. */
    ways: { shape: [R, T], dtype: 'float32' },
    /** γ × record weight / normaliser of each ranking; 0 where there is none. */
    weight: { shape: [R], dtype: 'float32' },
    /** λ / normaliser of each slot; 0 where there is none. */
    prior: { shape: [slots], dtype: 'float32' },
  } as const satisfies Record<string, TensorSpec>;
}

/**
 * Plackett–Luce log-likelihood of every ranking (DPO, Rafailov et al. 2023, appendix A.3), averaged over the orders its
 * ties allow:
 *
 *     ℓ = log mean_orders exp Σ_{stages j} [ r(y_τ(j)) − log Σ_{i≥j} exp r(y_τ(i)) ]
 *
 * @param rewards [slots]
 * @returns [R], in nats
 */
export function rankingLogLikelihoods(
  rewards: tf.Tensor1D,
  tensors: Tensors,
  { rankings: R, orders: T, options: M }: RankingShape,
): tf.Tensor1D {
  const order = tensors.order as tf.Tensor1D;
  const r = tf.add<tf.Tensor2D>(tf.reshape(tf.gather(rewards, order), [R * T, M]), tensors.offered);
  // at stage j the places before j are gone
  const gone = tf.tensor3d(
    Float32Array.from({ length: M * M }, (_, at) => (at % M < Math.floor(at / M) ? ABSENT : 0)),
    [1, M, M],
  );
  const left = tf.logSumExp(tf.add(tf.reshape(r, [R * T, 1, M]), gone), 2);
  const byOrder = tf.reshape(tf.sum(tf.mul(tensors.stage, tf.sub(r, left)), 1), [R, T]);
  const weighed = tf.add<tf.Tensor2D>(byOrder, tensors.ways);
  return T === 1 ? tf.reshape(weighed, [R]) : tf.logSumExp(weighed, 1);
}

/**
 * One step of Plackett–Luce DPO with weights:
 *
 *     loss = −Σ_rankings weight · ℓ + ½ Σ_slots prior · r²,   r = β (log π − log π_ref)
 *
 * Outputs: `loss` [], `logProbabilities` [slots], `likelihoods` [R] and `gradient:NAME` of every parameter.
 */
export function dpoStep(
  policy: TrainablePolicy,
  shape: BatchShape,
  ranking: RankingShape,
  beta: number,
): Program {
  return gradientProgram(
    `Plackett–Luce DPO step of ${policy.name}`,
    policy,
    shape,
    rankingInputs(ranking, shape.slots),
    (tensors) => {
      const logProbabilities = policy.logProbabilities(tensors, batchTensors(tensors), shape.slots);
      const rewards = tf.mul<tf.Tensor1D>(tf.sub(logProbabilities, tensors.reference), beta);
      const likelihoods = rankingLogLikelihoods(rewards, tensors, ranking);
      const penalty = tf.mul(tf.sum(tf.mul(tf.square(rewards), tensors.prior)), 0.5);
      const loss = tf.sub(penalty, tf.sum(tf.mul(likelihoods, tensors.weight)));
      return { loss, logProbabilities, likelihoods };
    },
  );
}

/** One step of next-token prediction: loss = −Σ_slots weight · log π. Outputs as those of `dpoStep`, without `likelihoods`. */
export function predictionStep(policy: TrainablePolicy, shape: BatchShape): Program {
  return gradientProgram(
    `prediction step of ${policy.name}`,
    policy,
    shape,
    { weight: { shape: [shape.slots], dtype: 'float32' } },
    (tensors) => {
      const logProbabilities = policy.logProbabilities(tensors, batchTensors(tensors), shape.slots);
      return { loss: tf.neg(tf.sum(tf.mul(logProbabilities, tensors.weight))), logProbabilities };
    },
  );
}

/** log π of every slot: output `logProbabilities` [slots]. */
export function scoring(policy: TrainablePolicy, shape: BatchShape): Program {
  return {
    name: `log-probabilities of ${policy.name}`,
    inputs: { ...policy.parameters, ...batchInputs(shape) },
    constants: policy.constants,
    compute: (tensors) => ({
      logProbabilities: policy.logProbabilities(tensors, batchTensors(tensors), shape.slots),
    }),
  };
}

/** Sums of hidden states by slot: output `sums` [slots, hidden]. */
export function embedding(policy: TrainablePolicy, shape: BatchShape): Program {
  return {
    name: `embeddings of ${policy.name}`,
    inputs: { ...policy.parameters, ...batchInputs(shape) },
    constants: policy.constants,
    compute: (tensors) => ({ sums: policy.hiddenSums(tensors, batchTensors(tensors), shape.slots) }),
  };
}

/**
 * A loss, whatever it gives beside it, and its gradient by every parameter of a policy, as outputs.
 *
 * @param inputs beside the parameters and the batch
 * @param lossOf of all inputs and constants
 * @param constants beside the policy's own
 */
export function gradientProgram(
  name: string,
  policy: TrainablePolicy,
  shape: BatchShape,
  inputs: Readonly<Record<string, TensorSpec>>,
  lossOf: (tensors: Tensors) => { loss: tf.Tensor } & Tensors,
  constants: HostTensors = {},
): Program {
  const names = Object.keys(policy.parameters);
  return {
    name,
    inputs: { ...policy.parameters, ...batchInputs(shape), ...inputs },
    constants: { ...policy.constants, ...constants },
    compute: (tensors) => {
      const beside: Record<string, tf.Tensor> = {};
      const loss = (...values: tf.Tensor[]): tf.Scalar => {
        const at = { ...tensors, ...Object.fromEntries(names.map((n, i) => [n, values[i]])) };
        const outputs = lossOf(at);
        // what is not the loss would be freed when the forward pass ends
        for (const [n, tensor] of Object.entries(outputs)) if (n !== 'loss') beside[n] = tf.keep(tensor);
        return tf.reshape<tf.Rank.R0>(outputs.loss, []);
      };
      const { value, grads } = tf.valueAndGrads(loss)(names.map((n) => tensors[n]));
      const outputs = Object.fromEntries(Object.entries(beside).map(([n, tensor]) => [n, tf.clone(tensor)]));
      tf.dispose(beside);
      return {
        loss: value,
        ...outputs,
        ...Object.fromEntries(names.map((n, i) => [gradientOf(n), grads[i]])),
      };
    },
  };
}

/** Name of the output that holds a parameter's gradient. */
export function gradientOf(parameter: string): string {
  return `gradient:${parameter}`;
}
