import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import { SOURCES } from '../sources';
import { firstPlace, list } from '../words';

/** Directions in feature space along which no two compared responses differ. */
export function rankDeficientFeatures({ table, features }: Context): Finding[] {
  if (!features || features.rank === features.features) return [];
  return [
    {
      code: 'identify/rank-deficient-features',
      severity: 'warning',
      scope: 'linear-reward',
      verdict: 'necessary-fails',
      message:
        `The compared responses differ in ${features.rank} of ${features.features} directions of the features. The others are ` +
        `never seen, so their weights cannot be learned: they involve ${list(features.invisible)}.`,
      positions: firstPlace(table, () => true),
      source: SOURCES.lemma43,
      fix: 'Drop features that are constant within every choice set or are combinations of others, or collect responses that differ in them.',
    },
  ];
}
