import type { Random } from '../random';
import type { Problem } from './problem';

/** Some annotators to fit to, the others to test on. */
export interface Fold {
  readonly training: Problem;
  /** Places in `profileOf` of the annotators held out. */
  readonly heldOut: Int32Array;
}

/**
 * Splits the annotators at random into parts of equal size, up to one; each part is held out once. Everything an
 * annotator said is on one side, so that what is tested is how well the types describe new people.
 */
export function annotatorFolds(problem: Problem, folds: number, source: Random): Fold[] {
  const people = Int32Array.from(problem.profileOf.keys()).filter((i) => problem.profileOf[i] >= 0);
  source.shuffle(people);
  return Array.from({ length: folds }, (_, fold) => {
    const heldOut = people.filter((_person, i) => i % folds === fold);
    return { heldOut, training: withoutAnnotators(problem, heldOut) };
  });
}

/** @param left places in `profileOf` of the annotators to leave out */
export function withoutAnnotators(problem: Problem, left: Int32Array): Problem {
  const profileCount = problem.profileCount.slice();
  const profileOf = problem.profileOf.slice();
  for (const person of left) {
    profileCount[profileOf[person]]--;
    profileOf[person] = -1;
  }
  return { ...problem, annotators: problem.annotators - left.length, profileCount, profileOf };
}
