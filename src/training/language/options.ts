import type { OptimizerChoice } from '../../protocol/experiment';

export interface LanguageEmOptions {
  /** K */
  readonly types: number;
  /** Rounds of EM at most: passes of every M-step, then an E-step. With 0 the assignments of the start are kept. */
  readonly rounds: number;
  /** Score the records of an annotator with policies trained on the other half of them. */
  readonly crossFit: boolean;
  /** `epochs` are passes over the records in each M-step. */
  readonly optimizer: OptimizerChoice;
  /**
   * λ of the prior λ/2 Σ r² on the rewards of the responses, for the objective over all records: it keeps a policy from
   * learning single votes by heart, and near the reference.
   */
  readonly prior: number;
  /** Starting points of the log-linear EM that a start comes from. */
  readonly starts: number;
  /**
   * EM ends when the assignments of a round differ from the last one's by less than this: mean over annotators of
   * Σ_k |Δγ| / 2.
   */
  readonly settled?: number;
  /** Annotators belong to every type by their posterior, or wholly to the type that explains their records best. */
  readonly assignment?: 'soft' | 'hard';
  /** Passes of the final trainings; unless given, as many as EM took to its best round. */
  readonly passes?: number;
  /** One policy for everybody is trained too; so unless told otherwise. */
  readonly plain?: boolean;
  /** A type is not trained on records whose annotator belongs to it with less probability than this. */
  readonly threshold?: number;
  /** The authors' plain mean over a batch: a small type then trains with small steps. */
  readonly plainMean?: boolean;
}

export const LANGUAGE_EM = { settled: 0.01, threshold: 0.02 } as const;
