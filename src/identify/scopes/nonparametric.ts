import type { Context } from '../context';
import { isSinglePairs } from '../findings/single-pairs';
import { ASSUMPTIONS, SOURCES } from '../sources';
import { count, list } from '../words';
import { decide, oneType, type Argument, type Statement } from './statement';

/** Can any distribution of types be recovered? Single pairs: never. Choices among three or more with rich features: yes. */
export function nonparametric(context: Context, types: number): Statement {
  if (types === 1) return oneType();
  const { features } = context;
  const fails = oppositeHalves(context);
  if (fails.length > 0) return decide(fails);
  if (!features) {
    return unknown(
      'The theorem for choices among three or more is about rewards that are linear in features, and the file gives none.',
    );
  }
  return threeOrMore(context, types);
}

/** Lemma 4.1, where every person gave one pair. */
export function oppositeHalves(context: Context): Argument[] {
  if (!isSinglePairs(context)) return [];
  const strangers = context.profile.strangers > 0;
  return [
    {
      verdict: 'necessary-fails',
      reasons: ['identify/single-pairs', ...(strangers ? ['identify/no-annotators'] : [])],
      because:
        (strangers
          ? 'Nothing says which records come from the same person, so that each person gave one pair'
          : 'Each annotator gave one pair') +
        ': half at b and half at −b gives ½ on every pair, whatever b is, so the distribution of types cannot be recovered even from infinitely many annotators.',
      source: SOURCES.lemma41,
    },
  ];
}

/** Theorem 4.2, with what the data can show of its conditions. */
function threeOrMore({ features }: Context, types: number): Statement {
  const { features: d, rank, ofThree } = features!;
  if (ofThree.records === 0) {
    return unknown(
      'No choice set offers three or more responses, and no theorem covers several pairs per annotator in this scope.',
    );
  }
  if (ofThree.rank < d) {
    return unknown(
      `The choice sets of three or more differ in ${ofThree.rank} of ${d} directions of the features; the theorem needs all.`,
      rank < d ? ['identify/rank-deficient-features'] : [],
    );
  }
  if (ofThree.twoValued.length > 0) {
    return unknown(
      `The theorem needs features that vary over a whole region, and these take two values only: ${list(ofThree.twoValued)}.`,
    );
  }
  const numbers = types - 1 + types * d;
  if (ofThree.frequencies < numbers) {
    return unknown(
      `The theorem needs many different choice sets: these ${ofThree.sets} have ${ofThree.frequencies} independent frequencies of answers, fewer than the numbers that such types are made of (K − 1 + K·${d}).`,
    );
  }
  return decide([
    {
      verdict: 'sufficient-generic',
      because: `${count(ofThree.records, 'choice')} among three or more responses differ in all ${d} directions of the features; even the favourite of three is enough.`,
      source: SOURCES.theorem42,
      assumptions: [
        ASSUMPTIONS.model,
        ASSUMPTIONS.linear,
        ASSUMPTIONS.moments,
        ASSUMPTIONS.support,
        ASSUMPTIONS.prompts,
        ASSUMPTIONS.oneType,
      ],
    },
  ]);
}

function unknown(because: string, reasons: readonly string[] = []): Statement {
  return decide([{ verdict: 'unknown', reasons, because, source: SOURCES.theorem42 }]);
}
