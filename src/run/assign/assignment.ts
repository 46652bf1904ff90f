/** What `emdpo assign` finds. */
export interface Assignment {
  readonly types: readonly { readonly name: string; readonly share: number }[];
  readonly certainty: number;
  readonly records: RecordCount;
  readonly responses: ResponseCount;
  /** What the person should know about the above, in sentences. */
  readonly notes: readonly string[];
  readonly annotators: readonly AssignedAnnotator[];
}

interface RecordCount {
  readonly read: number;
  /** Those that say something about the type. */
  readonly used: number;
  /** Records of the file that could not be read, by reason. */
  readonly unused: Readonly<Record<string, number>>;
}

interface ResponseCount {
  /** Different responses of the records. */
  readonly distinct: number;
  /** Those that the run's dataset does not hold. */
  readonly unseen: number;
  /** Those that nothing is known of, so that they were left out of the choice sets. */
  readonly unusable: number;
}

export interface AssignedAnnotator {
  readonly annotator: string;
  /** Records that say something. */
  readonly records: number;
  /** γ by type, largest share first; the shares themselves where no record says anything. */
  readonly posterior: readonly number[];
  /** Of the posterior, in nats. */
  readonly entropy: number;
  /** 1-based. */
  readonly type: number;
  /** Posterior of that type. */
  readonly probability: number;
  /** Expected number of further records until one type is certain; null where it is more than 200 or not known. */
  readonly furtherRecords: number | null;
  /** The question whose answer is expected to tell most; null where there is none. */
  readonly nextQuestion: NextQuestion | null;
}

export interface NextQuestion {
  /** Absent where items are compared whatever the prompt. */
  readonly prompt?: string;
  /** Texts of the responses, or names of the items. */
  readonly options: readonly string[];
  /** Places to be ranked, best first. */
  readonly places: number;
  /** Expected fall of the entropy, in nats. */
  readonly gain: number;
}
