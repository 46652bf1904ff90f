import type { Logits } from './sampling';

/** A policy that texts are continued with: it gives the logits of the next token of several texts at once. */
export interface NextToken {
  readonly vocabulary: number;
  /** Longest text in tokens, prompt included. */
  readonly positions: number;
  /** Memory that each token of each text under way takes. */
  readonly bytesPerToken: number;
  /** @param prompts at least one, each of at least one token */
  begin(prompts: readonly Int32Array[]): Promise<Continuation>;
}

/** Texts under way. What was worked out for their tokens is kept. */
export interface Continuation {
  /** Of row `row`'s next token: `vocabulary` long, valid until the next call of `append` or `keep`. */
  logits(row: number): Logits;
  /** @param tokens one for each row */
  append(tokens: Int32Array): Promise<void>;
  /** Drops all rows but these; the row at place i becomes row i. @param rows in rising order */
  keep(rows: readonly number[]): void;
  /** Begins further texts: they become the last rows. @param prompts at least one, each of at least one token */
  join(prompts: readonly Int32Array[]): Promise<void>;
}
