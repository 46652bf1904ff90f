import { protectionWeights } from '../../regret/protection';
import type { Judges } from '../../aggregate/worst-regret';
import { rewardByResponse } from '../../policy/make-model';
import { policyFromReward, type LogPolicy, type ResponseList } from '../../policy/response-policy';
import type { Yardstick } from '../../protocol/result';
import type { MethodFit } from '../../training/baselines/methods';
import type { BaselinesInput } from './input';
import type { Known } from './known-types';

export interface NamedJudges {
  readonly yardstick: Yardstick;
  readonly names: readonly string[];
  readonly judges: Judges;
}

/** The best yardstick there is first: true rewards, then types fitted to named annotators, then those found. */
export function judgesOf(
  list: ResponseList,
  fits: readonly MethodFit[],
  { experiment, alternatives }: BaselinesInput,
  known: Known | undefined,
): NamedJudges[] {
  const { beta, aggregate } = experiment;
  const judgesBy = (logPolicies: readonly LogPolicy[]): Judges => ({
    logPolicies,
    protection: protectionWeights(aggregate.protection.slice(0, logPolicies.length), logPolicies.length),
  });
  const byRewards = (rewards: readonly Float64Array[]) =>
    judgesBy(rewards.map((reward) => policyFromReward(list, reward, beta)));
  if (!known) {
    const { utility } = fits[0];
    return [
      {
        yardstick: 'fitted',
        names: utility.map((_, k) => `Type ${k + 1}`),
        judges: byRewards(utility.map((each) => rewardByResponse(alternatives, each))),
      },
    ];
  }
  const { names } = known.types;
  const oracle = fits.find(({ method }) => method === 'oracle')!;
  const fitted: NamedJudges = {
    yardstick: 'known',
    names,
    judges: byRewards(oracle.utility.map((each) => rewardByResponse(alternatives, each))),
  };
  if (!known.rewards) return [fitted];
  return [{ yardstick: 'true', names, judges: byRewards(known.rewards) }, fitted];
}
