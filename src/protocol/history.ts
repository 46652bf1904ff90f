/**
 * What a fit went through, iteration by iteration: `iterations.json`. Types are those of result.json and in its order,
 * at every iteration.
 */
export interface IterationHistory {
  /** EM iterates; with language models an iteration is a round of training. */
  readonly step: 'iteration' | 'round';
  /** Number of types. */
  readonly types: number;
  /** 0-based, as the events count: the start that was kept. */
  readonly start: number;
  /** The iteration whose assignments the result has; 0 where those of the start were kept. */
  readonly kept: number;
  /** Rows of posterior.csv, in whose order annotators are here. */
  readonly annotators: number;
  /** Ascending. */
  readonly entries: readonly IterationEntry[];
}

export interface IterationEntry {
  readonly iteration: number;
  /** Marginal log-likelihood, without the prior, in nats. */
  readonly logLikelihood: number;
  readonly shares: readonly number[];
  /** Annotators whose most probable type is another one than in the entry before; null in the first. */
  readonly moved: number | null;
  /** Most probable type of each annotator, 0-based: a byte each, in base64. */
  readonly assignments: string;
  /** Of the types’ policies as they were then; absent where they were not sampled. */
  readonly regret?: IterationRegret;
}

/** As in result.json. */
export interface IterationRegret {
  readonly matrix: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly value: number;
}
