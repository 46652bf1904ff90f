/** Offered but not ranked: below all ranked, stays in the denominators. Or absent: never shown. */
export type UnrankedTreatment = 'offered' | 'absent';

/** Average the likelihood over the orders a tie allows, or leave records with ties out. */
export type TieTreatment = 'average' | 'drop';

export interface DatasetChoice {
  readonly path: string;
  /** Name of a form; recognised from the content when absent. */
  readonly form?: string;
  /** Column names for forms that have columns: role → column. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly unranked: UnrankedTreatment;
  readonly ties: TieTreatment;
}

export interface TabularPolicy {
  readonly kind: 'tabular';
  /** One reward per item of the item column, or per single response. `auto`: items where the data has them. */
  readonly over: 'auto' | 'items' | 'responses';
}

export interface LogLinearPolicy {
  readonly kind: 'loglinear';
  /** Features given in the file, or hashed word n-grams of the response text. `auto`: given where there are any. */
  readonly features: 'auto' | 'given' | 'ngrams';
  /** Number of hash buckets for n-grams. */
  readonly dimensions: number;
}

export type PolicyChoice = TabularPolicy | LogLinearPolicy;

export interface EmChoice {
  /** How many starting points are tried; the best penalised likelihood is kept. */
  readonly starts: number;
  /** Stop when the penalised log-likelihood gains less than this per annotator in one iteration, in nats. */
  readonly tolerance: number;
  readonly iterations: number;
  /** λ of the prior λ/2‖θ_k‖² on centred rewards; 0 is maximum likelihood. */
  readonly prior: number;
}

export interface AggregateChoice {
  /** Protection weights c_k by type, largest share first; missing entries are 1. */
  readonly protection: readonly number[];
  /** Which single policy the run recommends. */
  readonly single: 'mixture' | 'loglinear';
  /** How the min-max weights are found: the exact linear programme or the authors' multiplicative weights. */
  readonly solver: 'exact' | 'multiplicative-weights';
}

/** An experiment with every default filled in; `*.emdpo.json` gives any part of it. */
export interface Experiment {
  readonly name: string;
  readonly dataset: DatasetChoice;
  readonly policy: PolicyChoice;
  readonly types: number;
  /** β of DPO: rewards are β log(π/π_ref). */
  readonly beta: number;
  readonly em: EmChoice;
  readonly aggregate: AggregateChoice;
  readonly seed: number;
}
