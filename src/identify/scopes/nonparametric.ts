import type { Context } from '../context';
import { isSinglePairs } from '../findings/single-pairs';
import { ASSUMPTIONS, SOURCES } from '../sources';
import { oneType, type Statement } from './statement';

/** Can any distribution of types be recovered? Single pairs: never. Choices among three or more with rich features: yes. */
export function nonparametric(context: Context, types: number): Statement {
  if (types === 1) return oneType();
  if (isSinglePairs(context)) {
    return {
      verdict: 'necessary-fails',
      reasons: [
        'identify/single-pairs',
        ...(context.profile.strangers > 0 ? ['identify/no-annotators'] : []),
      ],
      because: [
        'Each annotator gave one pair: half at b and half at −b gives ½ on every pair, so the distribution of types cannot be recovered even from infinitely many annotators.',
      ],
      sources: [SOURCES.lemma41],
      assumptions: [],
    };
  }
  const { features } = context;
  if (!features) {
    return unknown(
      'The theorem for choices among three or more is about rewards that are linear in features, and the file gives none.',
    );
  }
  if (features.threes === 0) {
    return unknown(
      'No choice set offers three or more responses, and no theorem covers several pairs per annotator in this scope.',
    );
  }
  if (features.rankOfThree < features.features) {
    return unknown(
      `The choice sets of three or more vary in ${features.rankOfThree} of ${features.features} directions of the features; the theorem needs all.`,
      features.rank < features.features ? ['identify/rank-deficient-features'] : [],
    );
  }
  return {
    verdict: 'sufficient-generic',
    reasons: [],
    because: [
      `${features.threes} choices among three or more responses vary in all ${features.features} directions of the features; even the favourite of three is enough.`,
    ],
    sources: [SOURCES.theorem42],
    assumptions: [ASSUMPTIONS.linear, ASSUMPTIONS.moments, ASSUMPTIONS.support, ASSUMPTIONS.prompts],
  };
}

function unknown(because: string, reasons: readonly string[] = []): Statement {
  return { verdict: 'unknown', reasons, because: [because], sources: [SOURCES.theorem42], assumptions: [] };
}
