import type { Finding, Position, Scope, Verdict } from './finding';

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
  readonly standardErrors: {
    readonly shares: readonly number[];
    readonly medianReward: number | null;
  } | null;
  /** What the data leaves open, a sentence a direction; of the weakest direction where nothing is singular. */
  readonly directions: readonly string[];
  /** The same taken apart, in the same order; absent in reports of earlier versions. */
  readonly open?: readonly OpenDirection[];
  /**
   * `full`: the whole spectrum. `factored`: its ends, from a factor of a large matrix. `lanczos`: the ends of one that is
   * too large to form; the smallest eigenvalue is then an upper bound.
   */
  readonly method: 'full' | 'factored' | 'lanczos';
  /** Annotator outcomes summed over, and whether that is all there are. */
  readonly outcomes: number;
  readonly exact: boolean;
}

/** Directions of one pattern that the design leaves without information, or the one it knows least. */
export interface OpenDirection {
  /**
   * `parts`: nothing compares some alternatives with others. `types`: what one type gains another may lose. `shares`: how
   * a joint share splits. `features`: a combination of features that never differs. `other`: none of these.
   */
  readonly pattern: 'parts' | 'types' | 'shares' | 'features' | 'other';
  readonly message: string;
  /** Independent directions of this pattern that were found. */
  readonly directions: number;
  /** Types it is about, 1-based. */
  readonly types: readonly number[];
  /** Parts of its squared length: shares, and the rewards of each type. */
  readonly mass: { readonly shares: number; readonly rewards: readonly number[] };
  /** What it is about, the largest part first; `count` of them, the first few named. */
  readonly about: {
    readonly kind: 'prompts' | 'responses' | 'items' | 'features';
    readonly count: number;
    readonly names: readonly string[];
  };
  /** Who judged that. */
  readonly annotators: readonly AnnotatorKind[];
  /** First records about it. */
  readonly positions: readonly Position[];
}

/** Annotators who gave the same kind of records: a single one, or several, the most telling kind among them. */
export interface AnnotatorKind {
  readonly kind: 'one-pair' | 'one-favourite' | 'one-ranking' | 'pairs' | 'favourites' | 'rankings';
  readonly count: number;
  /** Of the least known direction: the part of what is known about it that comes from them. */
  readonly part?: number;
}

/** One way to collect more, and what it would do to the least certain share of a type. */
export interface Advice {
  readonly action: AdviceAction;
  /** What to collect, as a sentence. */
  readonly message: string;
  /** Choices that people would have to make: a pair or a favourite is one, a ranking of three is two. */
  readonly judgements: number;
  /** Expected standard error of the least certain share after it; null while a direction has no information. */
  readonly shareError: number | null;
  /** Directions without any information that it leaves. */
  readonly singular: number;
  /** Smallest eigenvalue for all annotators together, after it. */
  readonly smallestEigenvalueOfAll: number;
  /** Whether it reaches the target. */
  readonly reaches: boolean;
  /** Drop of the logarithm of the squared share error per 1,000 judgements; null where one of both is unbounded. */
  readonly gain: number | null;
  /** Whom to ask, all of them; absent where everybody is asked, or nobody there is. */
  readonly annotators?: readonly string[];
  /** Which prompts to ask about, all of them; absent where it is about no prompt in particular. */
  readonly prompts?: readonly string[];
  /** Which pairs to have compared, at most 1,000; absent where it is about no pair in particular. */
  readonly pairs?: readonly (readonly [string, string])[];
}

/** What a plan of what to collect aims at. */
export interface AdviceTarget {
  readonly measure: 'share' | 'eigenvalue';
  readonly value: number;
}

export type AdviceAction =
  | 'more-annotators'
  | 'more-records'
  | 'records-of-few'
  | 'records-of-annotators'
  | 'best-of-three'
  | 'rankings-of-three'
  | 'rankings-where-weak'
  | 'deeper-rankings'
  | 'bridges';

/** What to collect so that every share of a type is known well enough, best first. */
export interface AdvicePlan {
  readonly types: number;
  /** Point at which information is taken. */
  readonly at: 'generic' | 'symmetric';
  /** Every share known to ± the target, or the smallest eigenvalue for all annotators together at least the target. */
  readonly measure: AdviceTarget['measure'];
  readonly target: number;
  /** The expected standard error now; null while a direction has no information. */
  readonly shareError: number | null;
  readonly singular: number;
  /** The smallest eigenvalue for all annotators together now. */
  readonly smallestEigenvalueOfAll: number;
  readonly reached: boolean;
  readonly options: readonly Advice[];
}

/** What `emdpo validate --json` prints and a run keeps as `validation.json`. */
export interface ValidationReport {
  readonly dataset: DatasetSummary;
  readonly findings: readonly Finding[];
  readonly verdicts: readonly ScopeVerdict[];
  readonly design: readonly DesignInformation[];
  /** Present when it was asked for. */
  readonly advice?: AdvicePlan;
  /** Verdicts of scope `finite-mixture` for further numbers of types; present when they were asked for. */
  readonly mixtures?: readonly ScopeVerdict[];
}
