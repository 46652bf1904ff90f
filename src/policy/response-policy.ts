import type { RankingTable } from '../dataset/table';

/**
 * The responses of every prompt side by side, so that expectations over y ~ π(·|x) are exact sums.
 * Responses of prompt x stand at positions `start[x] … start[x + 1] − 1`.
 */
export interface ResponseList {
  readonly prompts: number;
  readonly start: Uint32Array;
  /** Response id of the table at each position. */
  readonly response: Int32Array;
  /** log π_ref(y|x) at each position; sums to 1 by prompt in probability. */
  readonly logReference: Float64Array;
}

/** log π(y|x) at each position of a ResponseList; sums to 1 by prompt in probability. */
export type LogPolicy = Float64Array;

/** Lists the responses of each prompt in order of first appearance; the reference is uniform unless the table gives one. */
export function listResponses(table: RankingTable): ResponseList {
  const prompts = table.prompts.size;
  const responses = table.responses.size;
  const start = new Uint32Array(prompts + 1);
  for (let y = 0; y < responses; y++) start[table.responsePrompt[y] + 1]++;
  for (let x = 0; x < prompts; x++) start[x + 1] += start[x];
  const next = start.slice(0, prompts);
  const response = new Int32Array(responses);
  for (let y = 0; y < responses; y++) response[next[table.responsePrompt[y]]++] = y;
  const logReference = new Float64Array(responses);
  for (let x = 0; x < prompts; x++) {
    for (let i = start[x]; i < start[x + 1]; i++) {
      logReference[i] = Math.log(
        table.reference ? table.reference[response[i]] : 1 / (start[x + 1] - start[x]),
      );
    }
  }
  return { prompts, start, response, logReference };
}

/**
 * π(y|x) ∝ π_ref(y|x) exp(r(x, y)/β), the policy whose implicit reward is r (DPO, Rafailov et al. 2023, eq. 4).
 *
 * @param reward r by response id, in nats of preference (not divided by β)
 * @returns log π by position of the list
 */
export function policyFromReward(list: ResponseList, reward: Float64Array, beta: number): LogPolicy {
  const logPolicy = new Float64Array(list.response.length);
  for (let x = 0; x < list.prompts; x++) {
    const from = list.start[x];
    const to = list.start[x + 1];
    let largest = -Infinity;
    for (let i = from; i < to; i++) {
      logPolicy[i] = list.logReference[i] + reward[list.response[i]] / beta;
      if (logPolicy[i] > largest) largest = logPolicy[i];
    }
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.exp(logPolicy[i] - largest);
    const logZ = largest + Math.log(sum);
    for (let i = from; i < to; i++) logPolicy[i] -= logZ;
  }
  return logPolicy;
}
