import { connectAlternatives } from '../../../src/compute/components';
import type { RewardModel } from '../../../src/policy/reward-model';
import { tabular } from '../../../src/policy/tabular';
import { random } from '../../../src/random';
import type { Problem } from '../../../src/training/problem';

export interface Items {
  readonly problem: Problem;
  readonly model: RewardModel;
}

const RECORDS = 5;
const OFFERED = 4;
const ITEMS = 100;
const TRUE_TYPES = 4;

/** Full rankings of 4 among 100 items by annotators of four types. */
export function simulatedItems(annotators: number): Items {
  const source = random(7);
  const rewards = Array.from({ length: TRUE_TYPES }, () =>
    Float64Array.from({ length: ITEMS }, () => 1.5 * source.normal()),
  );
  const count = annotators * RECORDS;
  const option = new Int32Array(count * OFFERED);
  const keys = new Float64Array(OFFERED);
  for (let h = 0, o = 0; h < annotators; h++) {
    const reward = rewards[source.below(TRUE_TYPES)];
    for (let r = 0; r < RECORDS; r++, o += OFFERED) {
      for (let i = 0; i < OFFERED; i++) {
        let item = source.below(ITEMS);
        while (option.subarray(o, o + i).includes(item)) item = source.below(ITEMS);
        const key = reward[item] + source.gumbel();
        let at = i;
        for (; at > 0 && keys[at - 1] < key; at--) {
          keys[at] = keys[at - 1];
          option[o + at] = option[o + at - 1];
        }
        keys[at] = key;
        option[o + at] = item;
      }
    }
  }
  const rankings = {
    count,
    alternatives: ITEMS,
    start: new Uint32Array(count + 1).map((_, r) => OFFERED * r),
    option,
    level: new Uint16Array(option.length).map((_, o) => o % OFFERED),
    tied: new Uint8Array(count),
    largest: OFFERED,
  };
  const components = connectAlternatives(rankings);
  const problem: Problem = {
    rankings,
    rankingLine: new Uint32Array(count),
    components,
    annotators,
    records: count,
    profiles: annotators,
    profileCount: new Float64Array(annotators).fill(1),
    profileStart: new Uint32Array(annotators + 1).map((_, p) => RECORDS * p),
    profileRanking: new Int32Array(count).map((_, r) => r),
    profileWeight: new Float64Array(count).fill(1),
    profileOf: new Int32Array(annotators).map((_, h) => h),
    anonymousRecord: new Int32Array(0),
    treatment: {
      unranked: 'offered',
      ties: 'average',
      droppedTies: 0,
      droppedSingle: 0,
      anonymous: 0,
      emptied: 0,
    },
  };
  return { problem, model: tabular(components) };
}
