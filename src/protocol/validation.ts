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

/** Fisher information of the dataset's own design at one point (docs/identifiability.md). A local statement. */
export interface DesignInformation {
  /** Parameters drawn at random, or the worst case: equal shares, one pair of types at b and −b. */
  readonly at: 'generic' | 'symmetric';
  readonly types: number;
  readonly policy: 'tabular' | 'loglinear';
  readonly rank: number;
  readonly parameters: number;
  /** Per annotator; 0 where the information is singular. */
  readonly smallestEigenvalue: number;
  /** The same for all annotators of the dataset together. */
  readonly smallestEigenvalueOfAll: number;
  /** Largest over smallest eigenvalue; null where singular. */
  readonly condition: number | null;
  /** Ascending, per annotator. */
  readonly eigenvalues: readonly number[];
  /** Expected from this many annotators; null where singular. */
  readonly standardErrors: { readonly shares: readonly number[]; readonly medianReward: number } | null;
  /** What the data leaves open, a sentence a direction; of the weakest direction where nothing is singular. */
  readonly directions: readonly string[];
  /** Annotator outcomes summed over, and whether that is all there are. */
  readonly outcomes: number;
  readonly exact: boolean;
}

/** What `emdpo validate --json` prints and a run keeps as `validation.json`. */
export interface ValidationReport {
  readonly dataset: DatasetSummary;
  readonly findings: readonly Finding[];
  readonly verdicts: readonly ScopeVerdict[];
  readonly design: readonly DesignInformation[];
}
