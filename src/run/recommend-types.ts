import type { TypesRecommendation } from '../protocol/result';
import type { ScopeVerdict } from '../protocol/validation';

export interface RecommendationInput {
  /** Numbers of types that were scored, ascending. */
  readonly tried: readonly number[];
  /** Highest held-out likelihood. */
  readonly best: number;
  /** The fewest that fall short of the best by no more than one standard error. */
  readonly smallest: number;
  readonly policy: 'tabular' | 'loglinear';
  readonly verdicts: readonly ScopeVerdict[];
}

/**
 * The number of types to use: what the held-out likelihood speaks for, unless theory says that such data cannot tell so
 * many types apart, however much of it there is. A better likelihood is then no evidence: other mixtures explain the
 * same data as well.
 */
export function recommendation(input: RecommendationInput): TypesRecommendation {
  const { tried, best, smallest, policy } = input;
  const failing = (types: number) => failure(input, types);
  const told = tried.filter((types) => types <= smallest && failing(types) === undefined);
  const types = told.at(-1) ?? tried[0];
  const several = tried.filter((each) => each > 1);
  const canTell = several.length === 0 || several.some((each) => failing(each) === undefined);
  const reasons: string[] = [];
  if (!canTell) {
    reasons.push(
      `These data cannot tell types apart for a ${policy} policy: ${failing(several[0])?.reason ?? ''}. No number of types above 1 can be recommended, whatever its likelihood.`,
    );
  } else if (types < smallest) {
    reasons.push(
      `Annotators held out speak for ${smallest} types, but these data cannot tell ${smallest} apart: ${failing(smallest)?.reason ?? ''}.`,
    );
  } else if (types === best) {
    reasons.push(`${count(types)} best for annotators held out, by more than one standard error over fewer.`);
  } else {
    reasons.push(
      `${count(best)} best for annotators held out, but ${types} ${types === 1 ? 'falls' : 'fall'} short by no more than one standard error.`,
    );
  }
  if (canTell && best > 1 && best === tried.at(-1)) {
    reasons.push('It is the largest number that was tried: more may describe annotators better still.');
  }
  return { types, best, canTell, reasons };
}

function count(types: number): string {
  return types === 1 ? '1 type is' : `${types} types are`;
}

/**
 * Why theory rules out so many types for this family of policies: rewards of items are finite mixtures, rewards linear in
 * features stand for any distribution of preferences (docs/identifiability.md).
 */
function failure({ policy, verdicts }: RecommendationInput, types: number): { reason: string } | undefined {
  if (types === 1) return undefined;
  const scopes = policy === 'tabular' ? ['finite-mixture'] : ['nonparametric', 'finite-mixture'];
  const failed = verdicts.find(
    (each) => each.types === types && scopes.includes(each.scope) && each.verdict === 'necessary-fails',
  );
  return failed && { reason: failed.because.join(' ').replace(/\.$/, '') };
}
