import type { HostTensors } from '../../compute/graph/program';
import { adamwState, type AdamWState } from './adamw';
import { copyParameters, type TrainablePolicy } from './policy';

/** A policy in training: its parameters and its optimiser's state, both changed in place. */
export interface Learner {
  readonly parameters: HostTensors;
  readonly optimiser: AdamWState;
}

/** A learner at the reference policy. @param seed of a LoRA adapter's A */
export function newLearner(policy: TrainablePolicy, seed: number): Learner {
  return learnerAt(policy.initial(seed));
}

/** A learner at given parameters, its optimiser fresh. */
export function learnerAt(parameters: HostTensors): Learner {
  const own = copyParameters(parameters);
  return { parameters: own, optimiser: adamwState(own) };
}
