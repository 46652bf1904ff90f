import type { UnrankedTreatment } from '../protocol/experiment';
import type { DatasetSummary } from '../protocol/validation';

/** Distinct strings by dense id, in order of first appearance. */
export interface Pool {
  readonly size: number;
  text(id: number): string;
  /** A text as it is kept, where that is in bytes: until the next call. */
  bytes?(id: number): KeptText;
}

/** A text in UTF-8. */
export interface KeptText {
  readonly bytes: Uint8Array;
  /** With the escapes of a JSON string. */
  readonly escaped: boolean;
}

/** Level of an option that was in the choice set but not ranked. */
export const UNRANKED = 0xffff;

/**
 * Every dataset form, read: one row per ranking, columns in typed arrays. Validation, training and the panel
 * know only this.
 *
 * The choice set of record r is `option[start[r]] … option[start[r + 1] − 1]`, best first: options with equal
 * `level` are tied, options at level UNRANKED come last, by id, and were offered but not ranked (or, read with
 * `unranked: absent`, are to be left out of the choice set: `unranked` says which).
 */
export interface RankingTable {
  readonly summary: DatasetSummary;
  readonly unranked: UnrankedTreatment;

  /** By record. */
  readonly records: number;
  /** Annotator of each record; −1 where the record names none. */
  readonly annotator: Int32Array;
  readonly prompt: Int32Array;
  /** records + 1 offsets into `option` and `level`. */
  readonly start: Uint32Array;
  /** Weight of each record in the likelihood, 1 by default. */
  readonly weight: Float64Array;
  /** 1-based line of the record in its file. */
  readonly line: Uint32Array;
  /** Byte offset of the record in its (decompressed) file; exact up to 2^53. */
  readonly offset: Float64Array;

  /** By option of a record: response id, and rank level (0 best). */
  readonly option: Int32Array;
  readonly level: Uint16Array;
  /** Place of each option among those of its record as they were shown, 0 first; absent where the form does not keep it. */
  readonly position?: Uint16Array;

  readonly annotators: Pool;
  readonly prompts: Pool;
  /** Distinct responses: the same text to the same prompt (and of the same item, where there is an item column). */
  readonly responses: Pool;
  /** Prompt of each response. */
  readonly responsePrompt: Int32Array;
  /** Item of each response (the model that wrote it, a party), shared across prompts; absent without an item column. */
  readonly responseItem?: Int32Array;
  readonly items?: Pool;
  /** Reference probability of each response within its prompt, where the file gives one; rows sum to 1 by prompt. */
  readonly reference?: Float64Array;

  /** Features φ(x, y) given in the file: responses × featureNames.length, row-major. */
  readonly features?: Float64Array;
  readonly featureNames?: readonly string[];

  /** Known type of each annotator, −1 where none is given: for evaluation only, never for training. */
  readonly knownType: Int32Array;
  readonly knownTypes: Pool;
}
