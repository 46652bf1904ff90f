/** How serious a finding is. Only an `error` makes `emdpo validate` exit 1 (`--strict`: warnings too). */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** What a finding or verdict speaks about; each scope has its own assumptions (docs/identifiability.md). */
export type Scope = 'form' | 'data' | 'nonparametric' | 'finite-mixture' | 'linear-reward' | 'fit';

/** What may be said about identifiability. Never a bare yes or no. */
export type Verdict = 'necessary-fails' | 'sufficient-generic' | 'unknown';

/** A place in the dataset file: 1-based lines, 1-based columns in UTF-16 units, end exclusive. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** Of a dataset that is a folder: the file, relative to it, in which the lines are counted from 1. */
  readonly file?: string;
}

export interface RelatedPlace {
  readonly message: string;
  readonly position: Position;
}

export interface Finding {
  /** `family/name`; the page that explains it is `docs/findings/<family>/<name>.md`. */
  readonly code: string;
  readonly severity: Severity;
  readonly scope: Scope;
  /** Present on `identify/…` findings. */
  readonly verdict?: Verdict;
  /** The number of types the verdict speaks about, where it depends on one. */
  readonly types?: number;
  /** A sentence for the person: what, where, what to do. */
  readonly message: string;
  /** Where it is. Empty when it concerns the dataset as a whole. */
  readonly positions: readonly Position[];
  /** How many places there are in all, where `positions` lists only the first of them. */
  readonly occurrences?: number;
  readonly related?: readonly RelatedPlace[];
  /** The paper and statement behind it. */
  readonly source?: string;
  /** What to do about it. */
  readonly fix?: string;
}
