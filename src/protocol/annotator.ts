/** What one annotator said, and what each type would have said: read from the dataset when somebody asks. */
export interface AnnotatorRecords {
  readonly annotator: string;
  /** Records of the annotator; `records` are the first of them. */
  readonly total: number;
  readonly records: readonly AnnotatorRecord[];
  /** Why the types’ own rankings are missing, in a sentence. */
  readonly withoutTypes?: string;
}

export interface AnnotatorRecord {
  /** 1-based, in the dataset’s file. */
  readonly line: number;
  readonly prompt: string;
  /** In the likelihood; 1 as a rule. */
  readonly weight: number;
  /** The choice set, best first. */
  readonly options: readonly AnnotatorOption[];
  /** By type; absent where the run keeps none (`withoutTypes`) or did not use a response of the record. */
  readonly types?: readonly TypeOnRecord[];
}

export interface AnnotatorOption {
  readonly text: string;
  /** 1 is best; tied options share one; null: offered and not ranked. */
  readonly place: number | null;
}

export interface TypeOnRecord {
  /** Place that the type gives each option, by its reward; equal rewards share one. */
  readonly places: readonly number[];
  /** Log-probability of the annotator’s ranking under the type, in nats; null where the run left the record out. */
  readonly logLikelihood: number | null;
}
