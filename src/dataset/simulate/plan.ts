import type { Random } from '../../random';
import type { RecordFormat } from './population';

/** What the simulator needs to know; a population file and parametric options both become one. */
export interface Plan {
  readonly types: readonly { readonly name: string; readonly share: number; readonly weights?: Weights }[];
  readonly annotators: number;
  annotatorName(index: number): string;
  /** Fewest and most records per annotator. */
  readonly records: readonly [number, number];
  readonly formats: readonly RecordFormat[];
  /** Share of annotators who rank at random. */
  readonly careless: number;
  /** Share of judgements that hold a tie. */
  readonly ties: number;
  /** The prompts that annotators share, or how to make a new one for each record. */
  readonly prompts: readonly KnownPrompt[] | NewPrompt;
}

/** A prompt with what is true of its responses. */
export interface KnownPrompt {
  readonly prompt: string;
  readonly responses: readonly string[];
  /** r_k(x, y): types × responses. */
  readonly rewards: readonly (readonly number[])[];
  /** Written into the records when present; parallel to `responses`. */
  readonly features?: readonly (readonly number[])[] | readonly Readonly<Record<string, number>>[];
}

/** Makes the prompt of the record with this number, counted from 0. */
export type NewPrompt = (source: Random, index: number) => KnownPrompt;

/** Utility of one unit of each attribute or feature. */
export type Weights = Readonly<Record<string, number>> | readonly number[];

/** Size of the choice set that a format shows; all responses of the prompt where it names none. */
export function optionsShown(format: RecordFormat, responses: number): number {
  return format.format === 'pair' ? 2 : (format.of ?? responses);
}

/** How many responses a prompt must have to be judged in this format. */
export function optionsNeeded(format: RecordFormat): number {
  return optionsShown(format, 2);
}

/** How many places are ranked of so many responses shown. */
export function placesRanked(format: RecordFormat, shown: number): number {
  if (format.format === 'best-of') return 1;
  return format.format === 'top' ? format.top : shown;
}
