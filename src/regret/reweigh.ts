import type { Matrix } from './matrix';
import { minMax, type MinMax } from './min-max';

export interface Reweighed extends MinMax {
  /** R with the wanted protection weights, which `weights` are optimal for. */
  readonly matrix: Matrix;
}

/**
 * Min-max weights with other protection weights than those the regrets hold. Policies, and with them the regrets
 * before weighting, do not depend on protection: R_ij = c_i (L_ii − L_ij) is only scaled by row, and solved again.
 *
 * @param matrix R with `protection` applied, in nats
 * @param protection c by type that `matrix` holds
 * @param wanted c by type, each at least 0
 * @throws RangeError when the lengths differ, a weight is not a number ≥ 0, or a type that counted 0 should count
 */
export function reweigh(matrix: Matrix, protection: readonly number[], wanted: readonly number[]): Reweighed {
  if (wanted.length !== matrix.length || protection.length !== matrix.length)
    throw new RangeError(
      `There are ${matrix.length} types, but ${protection.length} and ${wanted.length} weights.`,
    );
  const scaled = matrix.map((row, i) => {
    const [had, wants] = [protection[i], wanted[i]];
    if (!(Number.isFinite(wants) && wants >= 0))
      throw new RangeError(`The protection of type ${i + 1} is ${wants}: give a number that is 0 or larger.`);
    if (had === wants) return row;
    if (had === 0)
      throw new RangeError(
        `Type ${i + 1} had protection 0, so that its regrets are not known: train with a weight above 0.`,
      );
    return row.map((value) => (value / had) * wants);
  });
  return { ...minMax(scaled), matrix: scaled };
}
