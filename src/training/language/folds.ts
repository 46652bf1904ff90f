import { random } from '../../random';
import type { Problem } from '../problem';

/** Halves of every annotator's records, for cross-fitting. */
export interface Folds {
  /** 0 or 1 for each entry of the problem's `profileRanking`. */
  readonly of: Uint8Array;
  /** Annotators with a single distinct ranking, whose records cannot be divided. */
  readonly undivided: number;
}

const FOLD_STREAM = 11;

/**
 * Divides each annotator's records at random into halves that differ by at most one record. A single record goes to
 * either half: it is still scored by a policy that has not seen it, but nothing of its annotator is seen in training
 * while it is scored.
 */
export function makeFolds({ profiles, profileStart, profileCount }: Problem, seed: number): Folds {
  const source = random(seed, FOLD_STREAM);
  const of = new Uint8Array(profileStart[profiles]);
  let undivided = 0;
  for (let p = 0; p < profiles; p++) {
    const entries = Int32Array.from({ length: profileStart[p + 1] - profileStart[p] }, (_, i) => i);
    source.shuffle(entries);
    const first = source.below(2);
    entries.forEach((entry, place) => (of[profileStart[p] + entry] = (place + first) % 2));
    if (entries.length === 1) undivided += profileCount[p];
  }
  return { of, undivided };
}

/** The problem with the weights of all entries outside one half set to 0; profiles and rankings stay what they are. */
export function half(problem: Problem, folds: Folds, fold: number): Problem {
  return { ...problem, profileWeight: problem.profileWeight.map((w, i) => (folds.of[i] === fold ? w : 0)) };
}
