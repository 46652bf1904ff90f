import type { Context } from '../context';
import { ASSUMPTIONS, SOURCES } from '../sources';
import type { Statement } from './statement';

/** Can a reward that is linear in the given features be recovered from the comparisons? */
export function linearReward({ features }: Context): Statement {
  if (!features) {
    return {
      verdict: 'unknown',
      reasons: [],
      because: ['The file gives no features, so there is no linear reward to speak of.'],
      sources: [],
      assumptions: [],
    };
  }
  const { rank, features: d } = features;
  if (rank < d) {
    return {
      verdict: 'necessary-fails',
      reasons: ['identify/rank-deficient-features'],
      because: [
        `Compared responses differ in ${rank} of ${d} directions of the features; the weights of the others are never seen.`,
      ],
      sources: [SOURCES.lemma43],
      assumptions: [],
    };
  }
  return {
    verdict: 'unknown',
    reasons: [],
    because: [
      `Compared responses differ in all ${d} directions of the features: what is necessary holds. It suffices for an annotator whose own records span them all.`,
    ],
    sources: [SOURCES.lemma43],
    assumptions: [ASSUMPTIONS.linear, ASSUMPTIONS.prompts],
  };
}
