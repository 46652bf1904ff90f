import type { HostTensors } from '../../compute/graph/program';
import { copyParameters } from './policy';

/** Average of a policy's parameters over its latest steps. */
export interface MovingAverage {
  readonly parameters: HostTensors;
  /** Takes in the parameters after another step. */
  add(parameters: HostTensors): void;
}

/**
 * Exponential moving average of parameters, θ̄ ← d θ̄ + (1 − d) θ with d = min(`decay`, 1 − 1/(steps + 1)): the plain mean of
 * the start and the first steps, then of about the last 1/(1 − decay). While the learning rate is large the average lies
 * nearer to the minimum than any single step does (Polyak and Juditsky 1992, SIAM J. Control Optim. 30, 838–855).
 */
export function movingAverage(start: HostTensors, decay: number): MovingAverage {
  const average = copyParameters(start);
  let steps = 0;
  return {
    parameters: average,
    add(parameters) {
      steps++;
      const kept = Math.min(decay, 1 - 1 / (steps + 1));
      for (const [name, { data }] of Object.entries(average)) {
        const latest = parameters[name].data;
        for (let i = 0; i < data.length; i++) data[i] = kept * data[i] + (1 - kept) * latest[i];
      }
    },
  };
}
