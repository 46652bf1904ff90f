import type { Verdict } from '../../protocol/finding';

/** What one scope says about one number of types, before it is joined with its findings. */
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

/** With one type there is nothing to tell apart. */
export function oneType(): Statement {
  return {
    verdict: 'sufficient-generic',
    reasons: [],
    because: [
      'One type is what every annotator has; there is nothing to tell apart. Whether its rewards can be fitted is said in the scope fit.',
    ],
    sources: [],
    assumptions: [],
  };
}
