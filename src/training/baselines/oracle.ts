import type { RewardModel } from '../../policy/reward-model';
import type { Problem } from '../problem';
import { fitGroups, zeros, type TypedFit, type TypedFitOptions } from './typed-fit';

/**
 * One fit for each type that the dataset itself names: what a method that knew the types would do with the same
 * records. Annotators without a named type are left out.
 *
 * @param known type of each of the table's annotators, −1 where none is named
 */
export function oracleTypes(
  problem: Problem,
  model: RewardModel,
  known: Int32Array,
  options: TypedFitOptions,
): Promise<TypedFit> {
  const { types } = options;
  return fitGroups(problem, model, knownGamma(problem, known, types), zeros(model, types), options);
}

/** Profiles × types; a row of zeros where no annotator's type is named. */
export function knownGamma(problem: Problem, known: Int32Array, types: number): Float64Array {
  const gamma = new Float64Array(problem.profiles * types);
  known.forEach((type, h) => {
    const profile = problem.profileOf[h];
    // annotators with the same rankings can be of different types: the profile is then of each in part
    if (type >= 0 && profile >= 0) gamma[profile * types + type] += 1 / problem.profileCount[profile];
  });
  return gamma;
}
