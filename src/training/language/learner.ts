import type { HostTensor, HostTensors } from '../../compute/graph/program';
import { adamwState, type AdamWState } from './adamw';
import type { Column } from './checkpoint';
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

const PARTS = ['parameters', 'first', 'second'] as const;

function partsOf({ parameters, optimiser }: Learner): Record<(typeof PARTS)[number], HostTensors> {
  return { parameters, first: optimiser.first, second: optimiser.second };
}

/** A learner as columns of a checkpoint; the number of steps goes into its meta. */
export function learnerColumns(prefix: string, learner: Learner): Record<string, Column> {
  const parts = partsOf(learner);
  return Object.fromEntries(
    PARTS.flatMap((part) =>
      Object.entries(parts[part]).map(([name, { data }]) => [`${prefix}/${part}/${name}`, data]),
    ),
  );
}

/** The learner that these columns hold. */
export function learnerFrom(
  policy: TrainablePolicy,
  prefix: string,
  columns: Readonly<Record<string, Column>>,
  steps: number,
): Learner {
  const part = (kind: (typeof PARTS)[number]): HostTensors =>
    Object.fromEntries(
      Object.entries(policy.parameters).map(([name, spec]): [string, HostTensor] => {
        const data = columns[`${prefix}/${kind}/${name}`];
        if (!(data instanceof Float32Array))
          throw new Error(`The checkpoint lacks “${name}” of “${prefix}”.`);
        return [name, { shape: spec.shape, dtype: 'float32', data }];
      }),
    );
  return {
    parameters: part('parameters'),
    optimiser: { steps, first: part('first'), second: part('second') },
  };
}
