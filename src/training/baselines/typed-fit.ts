import type { RewardModel } from '../../policy/reward-model';
import { mixtureFromPosterior } from '../em';
import type { Problem } from '../problem';

/** Types that a method found, with a posterior of its own kind: soft, or 1 for the one type it assigns. */
export interface TypedFit {
  /** Of the types, as the method sees them. */
  readonly shares: Float64Array;
  /** By type: reward of each alternative. */
  readonly utility: readonly Float64Array[];
  /** Profiles × types, row-major; a row of zeros where nothing is known. */
  readonly gamma: Float64Array;
}

export interface TypedFitOptions {
  readonly types: number;
  /** λ of the prior. */
  readonly prior: number;
  readonly seed: number;
  readonly breathe: () => Promise<void>;
}

/** A group may be perfectly unanimous: without a prior its rewards would run away. */
export const LEAST_PRIOR = 0.01;

/** One fit for each column of γ; shares are those of the profiles that γ says something of. */
export async function fitGroups(
  problem: Problem,
  model: RewardModel,
  gamma: Float64Array,
  from: readonly Float64Array[],
  { prior, breathe }: Pick<TypedFitOptions, 'prior' | 'breathe'>,
): Promise<TypedFit & { readonly theta: readonly Float64Array[] }> {
  const { shares, theta, utility } = await mixtureFromPosterior(problem, model, gamma, prior, from, breathe);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return { shares: shares.map((share) => share / total), theta, utility, gamma };
}

export function zeros(model: RewardModel, types: number): Float64Array[] {
  return Array.from({ length: types }, () => new Float64Array(model.parameters));
}
