import type { Context } from '../context';
import { ASSUMPTIONS, SOURCES } from '../sources';
import { oppositeHalves } from './nonparametric';
import { decide, type Statement } from './statement';

/** Can rewards that are linear in the given features be recovered from the comparisons? */
export function linearReward(context: Context, types: number): Statement {
  const { features } = context;
  if (!features) {
    return decide([
      {
        verdict: 'unknown',
        because:
          'The file gives no features. Features that training makes from the texts are not looked at here.',
      },
    ]);
  }
  const { rank, features: d, own } = features;
  if (rank < d) {
    return decide([
      {
        verdict: 'necessary-fails',
        reasons: ['identify/rank-deficient-features'],
        because: `Compared responses differ in ${rank} of ${d} directions of the features; the weights of the others are never seen.`,
        source: SOURCES.lemma43,
      },
      ...(types > 1 ? oppositeHalves(context) : []),
    ]);
  }
  if (types === 1) {
    return decide([
      {
        verdict: 'sufficient-generic',
        because: `Compared responses differ in all ${d} directions of the features, which determines the weights of a single type.`,
        source: SOURCES.lemma43,
        assumptions: [ASSUMPTIONS.model, ASSUMPTIONS.linear],
      },
    ]);
  }
  return decide([
    ...oppositeHalves(context),
    {
      verdict: 'unknown',
      because:
        `Compared responses differ in all ${d} directions of the features: what is necessary holds. ` +
        (own.spanning > 0
          ? `${own.spanning} of ${own.annotators} annotators see all directions by themselves: ever more such records of one of them would identify that person’s weights. What a limited number identifies is the question of the scopes nonparametric and finite-mixture.`
          : 'No annotator sees all directions alone, so types have to be learned across annotators: see the scopes nonparametric and finite-mixture.'),
      source: SOURCES.lemma43,
      assumptions: [ASSUMPTIONS.linear, ASSUMPTIONS.prompts],
    },
  ]);
}
