import type { LogPolicy, ResponseList } from '../policy/response-policy';

/**
 * ρ(x, y) = log π(y|x) − log π_ref(y|x), by position of the list: the policy's implicit reward divided by β.
 * 0 where the reference gives no probability, for then no policy of this family gives any.
 */
export function logRatio(list: ResponseList, logPolicy: LogPolicy): Float64Array {
  return list.logReference.map((reference, i) => (reference === -Infinity ? 0 : logPolicy[i] - reference));
}

/** Prompts with at least one response: those that expectations run over, each with the same weight. */
export function answeredPrompts(list: ResponseList): number {
  let answered = 0;
  for (let x = 0; x < list.prompts; x++) if (list.start[x + 1] > list.start[x]) answered++;
  return answered;
}

/** E_x E_{y~π(·|x)} [ f(x, y) ], exact: prompts are uniform, `values` holds f by position of the list. */
export function expectation(list: ResponseList, logPolicy: LogPolicy, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(logPolicy[i]) * values[i];
  return sum / answeredPrompts(list);
}
