/**
 * One record of the canonical form: a JSON object on a line of its own. `features`, `items` and `reference` run
 * parallel to `responses`.
 */
export interface CanonicalRecord {
  readonly annotator?: string;
  readonly prompt: string;
  /** The choice set, no text twice. */
  readonly responses: readonly string[];
  /** Indices into `responses`, best first; ties are nested: `[2, [0, 1]]`. What is left out was offered, not ranked. */
  readonly ranking: readonly (number | readonly number[])[];
  readonly id?: string;
  /** Known type of the annotator: for evaluation only, never for training. */
  readonly type?: string;
  /** Weight of the record in the likelihood: positive, 1 when absent. */
  readonly weight?: number;
  /** φ(x, y) of each response: numbers in a fixed order, or named. Finite. */
  readonly features?: readonly (readonly number[])[] | readonly Readonly<Record<string, number>>[];
  /** What each response is an instance of, shared across prompts: the model that wrote it, a party. */
  readonly items?: readonly string[];
  /** Reference probability of each response, up to a constant of the prompt. Positive. */
  readonly reference?: readonly number[];
}

/** The line that the canonical reader reads back as this record, without a line break at its end. */
export function canonicalLine(record: CanonicalRecord): string {
  const { id, annotator, type, prompt, responses, ranking, weight, items, features, reference } = record;
  // named one by one: the order of the fields is part of what makes a file easy to read
  return JSON.stringify({
    id,
    annotator,
    type,
    prompt,
    responses,
    ranking,
    weight,
    items,
    features,
    reference,
  });
}
