import type { Candidate } from './result';

/** Runs of one dataset side by side. Values stand in the order of `runs`. */
export interface RunComparison {
  readonly runs: readonly ComparedRunName[];
  /** Index of the run that the others are aligned with. */
  readonly baseline: number;
  readonly settings: readonly Setting[];
  readonly metrics: readonly Metric[];
  /** Why some of the numbers must not be held against each other, in sentences. */
  readonly cautions: readonly string[];
  /** null for the baseline itself. */
  readonly alignments: readonly (Alignment | null)[];
  readonly regrets: readonly RunRegrets[];
}

export interface ComparedRunName {
  /** Name of its folder, which no other run of the project has. */
  readonly label: string;
  readonly directory: string;
  /** What people call it. */
  readonly name: string;
  readonly created: string;
  /** Names of its types, largest share first. */
  readonly types: readonly string[];
  readonly pinned: boolean;
}

/** A setting and its value in each run; undefined where the run has no such setting. */
export interface Setting {
  readonly key: string;
  readonly values: readonly unknown[];
}

/** One measure of each run. */
export interface Metric {
  readonly name: string;
  readonly values: readonly Estimate[];
}

export interface Estimate {
  /** null where the run does not have it. */
  readonly value: number | null;
  /** Where the run has one: of `level`, 0.95 when that is absent. */
  readonly interval?: readonly [number, number];
  readonly level?: number;
}

/** How the types of a run correspond to those of the baseline. */
export interface Alignment {
  /** Types of the baseline, in order. */
  readonly types: readonly AlignedType[];
  /** Types of this run that correspond to none, 1-based. */
  readonly extra: readonly { readonly type: number; readonly share: number }[];
  /** Annotators in both runs. */
  readonly annotators: number;
  /** Annotators in both by their most probable type. Rows: types of the baseline; columns: types of this run. */
  readonly flow: readonly (readonly number[])[];
  /** Of their most probable types. */
  readonly adjustedRand: number;
  /** Annotators whose most probable type is another one, those who moved furthest first. */
  readonly moved: readonly Move[];
  /** How many moved, where `moved` was cut. */
  readonly movedTotal: number;
}

export interface AlignedType {
  /** 1-based, in the baseline. */
  readonly baseline: number;
  /** 1-based, in this run; null where it has fewer types. */
  readonly type: number | null;
  readonly baselineShare: number;
  readonly share: number | null;
  /** Of the two shares, where the runs have a bootstrap. */
  readonly baselineShareInterval?: readonly [number, number];
  readonly shareInterval?: readonly [number, number];
  /** Σ γ γ′ over common annotators as a share of the baseline's Σ γ: 1 where all of them stay for certain. */
  readonly kept: number;
}

export interface Move {
  readonly annotator: string;
  /** Types, 1-based, each in its own run. */
  readonly from: number;
  readonly to: number;
  /** Half of Σ |γ − γ′| over aligned types: 1 where nothing is left of the first assignment. */
  readonly distance: number;
}

export interface RunRegrets {
  readonly candidates: readonly ComparedCandidate[];
}

export interface ComparedCandidate {
  readonly name: string;
  readonly kind: Candidate['kind'];
  /** Type of the baseline, 1-based, that a policy of a single type corresponds to; null where it corresponds to none. */
  readonly ofType?: number | null;
  /** By type of the baseline; null where this run has no such type. */
  readonly regret: readonly (number | null)[];
  readonly worst: Estimate;
}

/** What a run can be compared with. */
export interface RunChoices {
  /** Whether the run itself is what others are compared with. */
  readonly ownPinned: boolean;
  /** Newest first. */
  readonly others: readonly RunChoice[];
}

/** Another run that a person may want to compare with. */
export interface RunChoice {
  readonly directory: string;
  readonly label: string;
  readonly name: string;
  readonly created: string;
  /** Types found, or asked for where it has no result. */
  readonly types: number | null;
  readonly logLikelihood: number | null;
  /** File name of its dataset. */
  readonly dataset: string;
  readonly pinned: boolean;
  /** Why it cannot be compared; absent where it can. */
  readonly refused?: 'unfinished' | 'dataset' | 'damaged';
}
