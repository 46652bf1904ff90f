import type { Finding, Scope, Verdict } from './finding';

/** Counts of a dataset as it was read. */
export interface DatasetSummary {
  readonly form: string;
  readonly records: number;
  readonly annotators: number;
  readonly prompts: number;
  readonly responses: number;
  /** Distinct values of the item column, 0 when there is none. */
  readonly items: number;
  /** Records of the file that were not used, by reason; nothing is dropped without being counted. */
  readonly unused: Readonly<Record<string, number>>;
  /** What the reader assumed about the file, in sentences. */
  readonly assumptions: readonly string[];
}

export interface ScopeVerdict {
  readonly types: number;
  readonly scope: Scope;
  readonly verdict: Verdict;
  /** Codes of the findings that led to it. */
  readonly reasons: readonly string[];
  /** The same reasons in one sentence each. */
  readonly because: readonly string[];
  readonly sources: readonly string[];
  /** What the theorem assumes and data cannot show. */
  readonly assumptions: readonly string[];
}

/** Fisher information of the dataset's own design at one point (docs/identifiability.md). */
export interface DesignInformation {
  readonly at: 'generic' | 'symmetric';
  readonly types: number;
  readonly rank: number;
  readonly parameters: number;
  /** Per annotator. */
  readonly smallestEigenvalue: number;
  readonly condition: number;
}

/** What `emdpo validate --json` prints and a run keeps as `validation.json`. */
export interface ValidationReport {
  readonly dataset: DatasetSummary;
  readonly findings: readonly Finding[];
  readonly verdicts: readonly ScopeVerdict[];
  readonly design: readonly DesignInformation[];
}
