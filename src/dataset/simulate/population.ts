/** A population of annotators, as `schema/population.schema.json` describes its file. Read it with `readPopulation`. */
export interface Population {
  readonly name?: string;
  /** What responses are scored on: name → what it means. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly types: readonly PopulationType[];
  readonly annotators: AnnotatorPlan;
  readonly formats: readonly RecordFormat[];
  readonly noise?: Noise;
  readonly prompts: readonly PopulationPrompt[];
  /** Write the attribute values of each response into the records as named `features`. */
  readonly writeFeatures?: boolean;
}

export interface PopulationType {
  readonly name: string;
  /** Probability that an annotator is of this type; the shares sum to 1. */
  readonly share: number;
  /** Utility of one unit of each attribute, 0 when absent. */
  readonly weights: Readonly<Record<string, number>>;
  /** By topic: weights that replace the general ones on prompts of that topic. */
  readonly topics?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface AnnotatorPlan {
  readonly count: number;
  /** Fewest and most records per annotator; every number between is equally likely. */
  readonly records: readonly [number, number];
  /** Annotator i is called `<names[i mod length]>-<number>`; `annotator-<number>` when absent. */
  readonly names?: readonly string[];
}

/** How one judgement is asked for. `of` is the size of the choice set: all responses of the prompt when absent. */
export type RecordFormat =
  | { readonly format: 'pair'; readonly share: number }
  /** Only the favourite of the choice set is named. */
  | { readonly format: 'best-of'; readonly of: number; readonly share: number }
  /** The best `top` of the choice set are ranked, the others were offered but not ranked. */
  | { readonly format: 'top'; readonly top: number; readonly of: number; readonly share: number }
  | { readonly format: 'ranking'; readonly of?: number; readonly share: number };

export interface Noise {
  /** Inverse temperature: multiplies the attribute part of the utility. 1 when absent. */
  readonly scale?: number;
  /** Standard deviation of the taste for single responses that the attributes do not explain, by type. */
  readonly taste?: number;
  /** Share of annotators who rank at random. */
  readonly careless?: number;
  /** Share of judgements that hold a tie: those whose neighbours are nearest in utility. */
  readonly ties?: number;
}

export interface PopulationPrompt {
  readonly prompt: string;
  readonly topic?: string;
  readonly responses: readonly PopulationResponse[];
}

export interface PopulationResponse {
  readonly text: string;
  /** 0 when absent. */
  readonly attributes: Readonly<Record<string, number>>;
}
