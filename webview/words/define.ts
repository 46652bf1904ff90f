/** What a number means, in plain words and as a formula. */
export interface Word {
  readonly term: string;
  readonly meaning: string;
  readonly formula?: string;
}

/** Keeps the names of the words as types. */
export const define = <K extends string>(words: Readonly<Record<K, Word>>) => words;
