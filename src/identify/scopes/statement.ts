import type { Verdict } from '../../protocol/finding';

/** What one scope says about one number of types. */
export interface Statement {
  readonly verdict: Verdict;
  /** Codes of the findings behind it. */
  readonly reasons: readonly string[];
  /** One sentence each. */
  readonly because: readonly string[];
  readonly sources: readonly string[];
  /** What the theorems assume and data cannot show. */
  readonly assumptions: readonly string[];
}

/** One step towards a statement. */
export interface Argument {
  readonly verdict: Verdict;
  /** Codes of the findings behind it; none where a theorem speaks in favour or nothing is known. */
  readonly reasons?: readonly string[];
  readonly because: string;
  readonly source?: string;
  readonly assumptions?: readonly string[];
}

/**
 * Weighs arguments: if one shows that a necessary condition fails, that decides; otherwise the first theorem that
 * applies; otherwise nothing is known. Only what decided is kept.
 */
export function decide(all: readonly Argument[]): Statement {
  const of = (verdict: Verdict) => all.filter((argument) => argument.verdict === verdict);
  const [fails, holds] = [of('necessary-fails'), of('sufficient-generic').slice(0, 1)];
  const kept = fails.length > 0 ? fails : holds.length > 0 ? holds : of('unknown');
  return {
    verdict: kept.at(0)?.verdict ?? 'unknown',
    reasons: distinct(kept.flatMap(({ reasons }) => reasons ?? [])),
    because: distinct(kept.map(({ because }) => because)),
    sources: distinct(kept.flatMap(({ source }) => source ?? [])),
    assumptions: distinct(kept.flatMap(({ assumptions }) => assumptions ?? [])),
  };
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];

/** With one type there is nothing to tell apart. */
export function oneType(): Statement {
  return decide([
    {
      verdict: 'sufficient-generic',
      because: 'With one type there is nothing to tell apart.',
    },
  ]);
}
