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
  /** The files of a folder in the order in which they were read; absent where the dataset is one file. */
  readonly files?: readonly DatasetFile[];
}

/** One file of a dataset that is a folder. Lines are counted through the files. */
export interface DatasetFile {
  /** Relative to the folder, with slashes. */
  readonly name: string;
  readonly firstLine: number;
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
   * `full`: the whole spectrum. Of a large matrix its ends and all that is open: `blocks`, exactly, where annotators fall into
   * groups that judged nothing in common; else `factored`, from a factor of the matrix, or `lanczos`, where it is too large to
   * form: the smallest eigenvalue is then an upper bound.
   */
  readonly method: 'full' | 'blocks' | 'factored' | 'lanczos';
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
  /** Whom to ask, all of them, or in a run the first 200; absent where everybody is asked, or nobody there is. */
  readonly annotators?: readonly string[];
  /** Which prompts to ask about, likewise; absent where it is about no prompt in particular. */
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
  /** How the dataset was collected; present when it was asked for. */
  readonly collection?: Collection;
}

/** How a dataset was collected: counts as histograms, and what was compared with what as graphs. Of bounded size. */
export interface Collection {
  /** Records that decide something, by options in their choice sets. */
  readonly choiceSetSizes: readonly CountBar[];
  /** Records by how far they rank. */
  readonly depths: Readonly<Record<RankingDepth, number>>;
  /** People by records that decide something; a record that names no annotator is a person of its own. */
  readonly recordsPerAnnotator: readonly CountBar[];
  /** Prompts by people who judged them. */
  readonly annotatorsPerPrompt: readonly CountBar[];
  /** Prompts by records. */
  readonly recordsPerPrompt: readonly CountBar[];
  readonly graphs: readonly ComparisonGraph[];
}

/** How many have a value from `from` to `to`, both included. Values that nobody has have no bar. */
export interface CountBar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How far a record ranks its choice set. `uninformative`: it decides nothing; `tied`: its first place is a tie. */
export type RankingDepth = 'pair' | 'best-of' | 'top' | 'full' | 'tied' | 'uninformative';

/**
 * What joins the data. `compared`: responses or items, joined where a record puts one above the other. `judged`: prompts,
 * joined where the same annotator judged both. Of a large dataset the best-connected part is shown.
 */
export interface ComparisonGraph {
  readonly kind: 'compared' | 'judged';
  readonly things: 'responses' | 'items' | 'prompts';
  /** In the whole graph. */
  readonly nodes: number;
  /** Parts of the whole graph that nothing joins, and how many there have to be: one, or one a prompt. */
  readonly parts: number;
  readonly needed: number;
  /** Of what is compared: parts within which everything has lost, directly or not, to everything else. */
  readonly strongParts?: number;
  readonly shown: readonly GraphNode[];
  readonly links: readonly GraphLink[];
  /** Links are counted on every n-th record or annotator: 1 is all of them. */
  readonly every: number;
}

export interface GraphNode {
  readonly label: string;
  /** Of a response: its prompt. */
  readonly prompt?: string;
  /** Things it stands for: more than 1 where the rest of a part is drawn as one. */
  readonly things: number;
  /** Number of its part, 0 first: of its prompt's parts for responses. */
  readonly part: number;
  /** The same for parts that wins join in both directions. */
  readonly strongPart?: number;
  /** Records that offer it or are about it. */
  readonly records: number;
  /** Line of the first of them. */
  readonly line: number;
}

export interface GraphLink {
  /** Indices of `shown`. */
  readonly from: number;
  readonly to: number;
  /** Times that one was put above the other, or annotators who judged both. */
  readonly count: number;
  /** Of these, times that `from` was above. */
  readonly wins?: number;
  /** Line of the first record of it. */
  readonly line: number;
}
