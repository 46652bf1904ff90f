/**
 * Prompts with their responses packed into rows of one length, so that one forward pass scores every response of a
 * record and works through its prompt once. A row holds one block or several: prompt tokens, then each response. A
 * response token attends to the prompt of its block and to its own response; positions of every response go on from
 * its prompt. Arrays are row-major; `rows` × `length` unless stated.
 */
export interface PackedBatch {
  readonly rows: number;
  readonly length: number;
  /** Token ids; 0 in padding. */
  readonly tokens: Int32Array;
  /** Position of each token as its sequence alone would have it. */
  readonly position: Int32Array;
  /** 1-based block within the row; 0 is padding. */
  readonly block: Int32Array;
  /** 0 for prompt tokens, 1… for the responses of the block. */
  readonly segment: Int32Array;

  /** Number of responses in the batch. */
  readonly slots: number;
  /** By scored token, `scored` long, padded with slot −1: */
  readonly scored: number;
  /** Flat index (row · length + column) of the token whose output predicts it. */
  readonly predictor: Int32Array;
  /** The token that came. */
  readonly target: Int32Array;
  /** Response it belongs to, 0-based; −1 is padding. */
  readonly slot: Int32Array;
}
