/** Lower and upper end. */
export type Interval = readonly [number, number];

/** How far the result would move with other annotators, and whether stated certainties come true. */
export interface Stability {
  /** Absent where no replicates were asked for. */
  readonly bootstrap?: BootstrapSummary;
  /** Absent where it was not asked for, or no annotator has two different rankings. */
  readonly calibration?: Calibration;
}

/** The run repeated on annotators drawn with replacement. Types stand in the order of `RunResult.types`. */
export interface BootstrapSummary {
  readonly replicates: number;
  /** Of every interval below, such as 0.9. */
  readonly level: number;
  /** How types of a replicate were matched with the fit’s: the best assignment, or the nearest first (above 20 types). */
  readonly matching: 'optimal' | 'nearest-first';
  /** Of each type’s share. */
  readonly shares: readonly Interval[];
  /** By type, in the order of `TypeSummary.coefficients`; absent where parameters have no names. */
  readonly coefficients?: readonly (readonly CoefficientInterval[])[];
  /** Of each entry of the regret matrix. */
  readonly regret: readonly (readonly Interval[])[];
  /** Of each type’s weight in the fair mixture, and of the min-max value. */
  readonly weights: readonly Interval[];
  readonly value: Interval;
  /** Of each candidate’s worst regret, in the order of `RunResult.candidates`. */
  readonly candidates: readonly CandidateInterval[];
  readonly switching: Switching;
  /** Share of replicates in which each type keeps fewer than half of its annotators: it is not the same type there. */
  readonly lost: readonly number[];
}

export interface CoefficientInterval {
  readonly name: string;
  readonly interval: Interval;
}

export interface CandidateInterval {
  readonly name: string;
  readonly worst: Interval;
}

/** Annotators whose most probable type is not the fit’s in some replicates. */
export interface Switching {
  /** Mean over annotators of the share of replicates in which they are of another type. */
  readonly mean: number;
  /** How many are of another type in at least `often` of the replicates. */
  readonly count: number;
  readonly often: number;
  /** Those, most often first; at most 200. */
  readonly annotators: readonly SwitchingAnnotator[];
}

export interface SwitchingAnnotator {
  readonly annotator: string;
  /** Type in the fit, and the type they most often switch to; 0-based. */
  readonly type: number;
  readonly to: number;
  /** Share of replicates in which they are of another type than in the fit. */
  readonly share: number;
}

/**
 * Half of an annotator’s rankings place the annotator among types that were fitted to others; the other half is
 * predicted: which response comes first, and with what probability.
 */
export interface Calibration {
  /** Rankings that were predicted, and annotators who gave them. */
  readonly predictions: number;
  readonly annotators: number;
  /** Annotators whose rankings cannot be split: they gave one, or only equal ones. */
  readonly unsplit: number;
  /** Rankings without a single best response, which were not predicted. */
  readonly tied: number;
  /** Mean stated probability of the response predicted to come first, and how often it did. */
  readonly stated: number;
  readonly observed: number;
  /** Mean over predictions of |stated − observed| of their bin. */
  readonly expectedError: number;
  /** What `expectedError` would be by chance if every stated probability were right. */
  readonly errorByChance: number;
  /** By stated probability, ascending; empty bins are left out. */
  readonly bins: readonly CalibrationBin[];
}

export interface CalibrationBin {
  /** Stated probabilities from `from` up to `to`. */
  readonly from: number;
  readonly to: number;
  readonly predictions: number;
  readonly stated: number;
  readonly observed: number;
}
