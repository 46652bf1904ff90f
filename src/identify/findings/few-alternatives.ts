import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import type { SharedRanking } from '../shared-ranking';
import { SOURCES } from '../sources';
import { firstPlace } from '../words';

/**
 * Whether some mixtures of K Plackett-Luce models cannot be told from others: with one ranking each of the same m
 * alternatives where m ≤ 2K − 1, or of the top l where l + 1 ≤ 2K − 1.
 */
export function tooFewAlternatives({ deepest }: SharedRanking, types: number): boolean {
  return types >= 2 && deepest + 1 <= 2 * types - 1;
}

export function fewAlternatives({ table, ranking, types }: Context): Finding[] {
  const least = ranking && types.find((k) => tooFewAlternatives(ranking, k));
  if (!ranking || least === undefined) return [];
  const { alternatives: m, deepest } = ranking;
  const whole = deepest === m - 1;
  const and = types.some((k) => k > least) ? ' and more' : '';
  return [
    {
      code: 'identify/few-alternatives',
      severity: 'warning',
      scope: 'finite-mixture',
      verdict: 'necessary-fails',
      types: least,
      message:
        `Each annotator gave one ranking${whole ? '' : ` of at most the top ${deepest}`} of the same ${m} alternatives. ` +
        `That is too few for ${least} types${and}: ${whole ? `${m} alternatives` : `top ${deepest} and the rest`} are at most ` +
        `2·${least} − 1, so different sets of types can produce exactly the same rankings. A likelihood or BIC that prefers ` +
        `${least} types does not change that.`,
      positions: firstPlace(table, () => true),
      source: whole ? SOURCES.zhao2016 : SOURCES.zhao2019,
      fix: `Rank at least ${2 * least} alternatives, ask each annotator more than once, or use at most ${Math.floor((deepest + 1) / 2)} types.`,
    },
  ];
}
