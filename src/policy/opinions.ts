import type { RankingTable } from '../dataset/table';
import type { DividingPrompt, ResponseOpinion } from '../protocol/result';
import type { LogPolicy, ResponseList } from './response-policy';

/** How many responses and prompts a result lists. */
const MOST_LISTED = 8;
const MOST_RESPONSES = 12;

/**
 * The responses whose probability gains and loses most against the reference under one policy.
 *
 * @param reward by response id
 */
export function opinions(
  table: RankingTable,
  list: ResponseList,
  policy: LogPolicy,
  reward: Float64Array,
): { liked: ResponseOpinion[]; disliked: ResponseOpinion[] } {
  const gain = Array.from(policy, (logP, i) => Math.exp(logP) - Math.exp(list.logReference[i]));
  const order = gain.map((_, i) => i).sort((a, b) => gain[b] - gain[a] || a - b);
  const describe = (i: number): ResponseOpinion => {
    const y = list.response[i];
    return {
      prompt: table.prompts.text(table.responsePrompt[y]),
      response: table.responses.text(y),
      probability: Math.exp(policy[i]),
      reference: Math.exp(list.logReference[i]),
      reward: reward[y] - meanReward(list, reward, table.responsePrompt[y]),
    };
  };
  return {
    liked: order
      .filter((i) => gain[i] > 0)
      .slice(0, MOST_LISTED)
      .map(describe),
    disliked: order
      .filter((i) => gain[i] < 0)
      .slice(-MOST_LISTED)
      .reverse()
      .map(describe),
  };
}

function meanReward(list: ResponseList, reward: Float64Array, x: number): number {
  let sum = 0;
  for (let i = list.start[x]; i < list.start[x + 1]; i++) sum += reward[list.response[i]];
  return sum / (list.start[x + 1] - list.start[x]);
}

/**
 * Prompts by the share-weighted Jensen–Shannon divergence of the types' policies (Lin 1991), largest first.
 *
 * @param policies by type
 */
export function dividingPrompts(
  table: RankingTable,
  list: ResponseList,
  policies: readonly LogPolicy[],
  shares: ArrayLike<number>,
): DividingPrompt[] {
  const divergence = new Float64Array(list.prompts);
  for (let x = 0; x < list.prompts; x++) {
    for (let i = list.start[x]; i < list.start[x + 1]; i++) {
      let mean = 0;
      policies.forEach((policy, k) => (mean += shares[k] * Math.exp(policy[i])));
      policies.forEach((policy, k) => {
        const p = Math.exp(policy[i]);
        if (p > 0) divergence[x] += shares[k] * p * (policy[i] - Math.log(mean));
      });
    }
  }
  const order = Array.from(divergence.keys()).sort((a, b) => divergence[b] - divergence[a] || a - b);
  return order
    .filter((x) => divergence[x] > 0)
    .slice(0, MOST_LISTED)
    .map((x) => ({
      prompt: table.prompts.text(x),
      divergence: divergence[x],
      responses: mostDisputed(list, policies, x).map((i) => ({
        text: table.responses.text(list.response[i]),
        probability: policies.map((policy) => Math.exp(policy[i])),
      })),
    }));
}

/** Positions of the prompt's responses in their own order; of very many, those the types disagree on most. */
function mostDisputed(list: ResponseList, policies: readonly LogPolicy[], x: number): number[] {
  const positions = Array.from({ length: list.start[x + 1] - list.start[x] }, (_, i) => list.start[x] + i);
  const spread = (i: number): number => {
    const p = policies.map((policy) => Math.exp(policy[i]));
    return Math.max(...p) - Math.min(...p);
  };
  return positions
    .sort((a, b) => spread(b) - spread(a) || a - b)
    .slice(0, MOST_RESPONSES)
    .sort((a, b) => a - b);
}
